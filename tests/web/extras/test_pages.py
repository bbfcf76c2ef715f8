"""What can be bought later, pages and hours, as customers and staff see them; and the money for it, once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.fulfilment.hours.models import TimeEntry
from migrator.journeys.count_pages import count_pages
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.supplement_models import Supplement
from migrator.payments.models import Payment, PaymentAttempt, PaymentException
from tests.conftest import NOW
from tests.factories.forms import actions_of, fields_of
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.stages import an_order_under_way
from tests.factories.till import Till


def fill_in(client: FlaskClient, url: str, *, action: str, **typed: str) -> object:
    page = client.get(url)
    assert page.status_code == 200, page.text
    assert action in actions_of(page.text), actions_of(page.text)
    return client.post(action, data={**fields_of(page.text, action), **typed}, follow_redirects=True)


@pytest.fixture
def placed(till: Till) -> str:
    """An order of the till's customer that is under way."""
    with till.app.app_context(), transaction() as session:
        return an_order_under_way(session, person=till.customer).number


def staff(till: Till) -> FlaskClient:
    with till.app.app_context(), transaction() as session:
        manager = an_account_manager(session)
    client = till.app.test_client()
    sign_in(client, manager)
    return client


def read(app: Flask, number: str) -> Order:
    with app.app_context(), reading() as session:
        return order_for_staff(session, number)


def last_supplement(app: Flask) -> Supplement:
    with app.app_context(), reading() as session:
        return session.scalars(select(Supplement).order_by(Supplement.id.desc()).limit(1)).one()


def checkout_id(answer: object) -> str:
    assert answer.status_code == 303, answer.text  # type: ignore[attr-defined]
    return str(answer.location.rpartition("/")[2])  # type: ignore[attr-defined]


def test_too_many_pages_lead_to_the_decision_and_the_larger_product_is_paid_once(
    till: Till,
    placed: str,
) -> None:
    desk, customer = staff(till), till.client()
    measured = fill_in(desk, f"/desk/orders/{placed}/pages", action=f"/desk/orders/{placed}/pages", pages="1,214")
    assert "The customer has been asked." in measured.text
    tracker = customer.get(f"/orders/{placed}").text
    assert "Measured 1,214 pages, your order covers 1,000." in tracker
    page = customer.get(f"/orders/{placed}/pages").text
    assert "Choose the larger product for $392.00" in page
    assert "Add the pages for $25.00" in page
    till.app.config["WTF_CSRF_ENABLED"] = False
    offer = customer.post(f"/orders/{placed}/pages", data={"way": "PACK-EXTENDED-5000"}).location
    shown = customer.get(offer).text
    assert "Package Extended instead of Basic" in shown
    assert "$350.00 × 12 % = $42.00" in shown
    checkout = checkout_id(customer.post(f"{offer}/pay"))
    assert checkout_id(customer.post(f"{offer}/pay")) == checkout
    till.card(checkout)
    for event in till.events(placed) * 2:
        till.tell(event)
    till.sweep()
    back = till.come_back(placed, checkout, customer)
    assert "Paid: $392.00 for Package Extended instead of Basic" in back.text
    till.sweep()
    order = read(till.app, placed)
    assert (order.terms.sku, order.state, order.total_minor) == ("PACK-EXTENDED", "in_progress", 27_888 + 39_200)
    with till.app.app_context(), reading() as session:
        assert [one.disposition for one in session.scalars(select(Payment))] == ["applied"]
    receipt = customer.get(f"/orders/{placed}/receipt").text
    assert "Package Extended instead of Basic" in receipt
    assert "$392.00, Tue 24 Nov 2026, 11:00 Kyiv, by card" in receipt


def test_another_choice_closes_the_page_of_the_first_and_its_late_money_is_an_exception(
    till: Till,
    placed: str,
) -> None:
    till.app.config["WTF_CSRF_ENABLED"] = False
    customer = till.client()
    hours = customer.post(f"/orders/{placed}/extras/hours", data={"hours": "1.5"}).location
    upgrade = customer.post(f"/orders/{placed}/extras/upgrade", data={"choice": "PACK-EXTENDED-5000"}).location
    first = checkout_id(customer.post(f"{hours}/pay"))
    second = checkout_id(customer.post(f"{upgrade}/pay"))
    assert till.gateway.checkout(first).status == "expired"
    assert "Declined" in customer.post(f"{upgrade}/decline", follow_redirects=True).text
    till.card(second)
    till.sweep()
    assert read(till.app, placed).terms.sku == "PACK-BASIC"
    with till.app.app_context(), reading() as session:
        assert [one.code for one in session.scalars(select(PaymentException))] == ["paid_late"]
        assert {one.state for one in session.scalars(select(PaymentAttempt))} == {"expired", "paid"}
    assert "no more" not in customer.get(hours).text
    third = checkout_id(customer.post(f"{hours}/pay"))
    till.card(third)
    till.come_back(placed, third, customer)
    assert read(till.app, placed).support_minutes_limit == 450


def test_time_is_shown_before_it_is_saved_and_the_timer_begins_an_entry(till: Till, placed: str) -> None:
    desk, url = staff(till), f"/desk/orders/{placed}/hours"
    assert "Your timer runs." in fill_in(desk, url, action=f"/desk/orders/{placed}/timer/start").text
    till.clock.set(NOW.replace(hour=10, minute=5))
    stopped = fill_in(desk, url, action=f"/desk/orders/{placed}/timer/stop").text
    fields = fields_of(stopped, url)
    assert fields["time"] == "1:05"
    first = desk.post(url, data={**fields, "kind": "support", "note": "Redirects", "save": "post"})
    assert "1.1 h, leaves 4.9 h. Save?" in first.text
    with till.app.app_context(), reading() as session:
        assert session.scalars(select(TimeEntry)).all() == []
    confirmed = {**fields_of(first.text, url), "kind": "support", "save": "post"}
    assert "Saved." in desk.post(url, data=confirmed, follow_redirects=True).text
    again = desk.post(url, data=confirmed)
    assert "1.1 h, leaves 3.8 h. Save?" in again.text
    theirs = till.client().get(f"/orders/{placed}/hours").text
    assert "1.1 of 6.0 hours are used." in theirs
    assert re.search(r"Redirects.*?1\.1.*?4\.9", theirs, flags=re.S)
    beyond = desk.post(url, data={**confirmed, "time": "9:00"})
    assert (beyond.status_code, "4.9 h are left, and this takes 9.0 h." in beyond.text) == (409, True)
    nonsense = desk.post(url, data={**confirmed, "time": "٣", "worked_on": "x"})
    assert nonsense.status_code == 422


def test_strangers_and_nonsense_are_refused(till: Till, placed: str) -> None:
    till.app.config["WTF_CSRF_ENABLED"] = False
    customer = till.client()
    for typed in ("0", "-1", "1.55", "9" * 30, "ten", ""):
        assert customer.post(f"/orders/{placed}/extras/hours", data={"hours": typed}).status_code in {409, 422}
    for path in ("extras/upgrade", "extras/insurance"):
        assert customer.post(f"/orders/{placed}/{path}", data={"choice": "PACK-GOLD"}).status_code == 409
        assert customer.get(f"/orders/{placed}/{path}").status_code == 200
    offer = customer.post(f"/orders/{placed}/extras/hours", data={"hours": "2"}).location
    with till.app.app_context(), transaction() as session:
        stranger: Person = a_customer(session)
        mine = an_order_under_way(session, person=stranger).number
    other = till.client(stranger)
    theirs = offer.replace(placed, mine)
    for path in (offer, theirs, f"/orders/{placed}/extras", f"/orders/{placed}/hours", f"/orders/{placed}/pages"):
        assert other.get(path).status_code == 404
    for path in (f"{offer}/pay", f"{theirs}/pay", f"{theirs}/decline"):
        assert other.post(path).status_code == 404
    assert "More for your order" in customer.get(f"/orders/{placed}/extras").text
    assert last_supplement(till.app).state == "offered"


def test_staff_offer_and_withdraw_and_correct_counts(till: Till, placed: str) -> None:
    desk, url = staff(till), f"/desk/orders/{placed}/offers"
    offered = fill_in(desk, url, action=f"{url}/hours", hours="2", words="For the forum")
    assert "Offered to the customer: 2.0 more support hours, for $90.00." in offered.text
    supplement = last_supplement(till.app)
    withdraw = f"{url}/{supplement.id}/withdraw"
    assert "Withdrawn: 2.0 more" in fill_in(desk, withdraw, action=withdraw, reason="Done for free").text
    with till.app.app_context(), transaction() as session:
        order = order_for_staff(session, placed)
        assert order.account_manager
        count_pages(session, order, pages=900, by=order.account_manager, now=NOW)
    correct = f"/desk/orders/{placed}/pages/correct"
    page = fill_in(desk, correct, action=correct, which="measured", pages="914", reason="A digit was wrong")
    assert "The count has been corrected." in page.text
    assert read(till.app, placed).measured_pages == 914
