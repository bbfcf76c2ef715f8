"""The non-profit discount from application to a cheaper order, through the pages of both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.catalogue.rules import LineKind
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order, OrderLine
from migrator.orders.rules import discount_of
from tests.conftest import NOW
from tests.factories.accounts import letters
from tests.factories.forms import actions_of, fields_of, fill_in
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.selections import a_placed_order
from tests.web.shop.test_ordering import CHECK, orders_in, send

ASKED = {"country": "Sverige", "registration_number": "802001-1234", "purpose": "Böcker åt alla"}
PAGE, DESK = "/account/nonprofit", "/desk/nonprofit"
FIRST = f"{DESK}/1"


@pytest.fixture
def customer(app: Flask, client: FlaskClient) -> Person:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
    sign_in(client, person)
    return person


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person = an_account_manager(session, email="manager@migrator.example")
    desk = app.test_client()
    sign_in(desk, person)
    return desk


def test_an_application_is_dated_decided_and_makes_the_next_order_cheaper(
    app: Flask, client: FlaskClient, customer: Person, manager: FlaskClient, clock: FileClock
) -> None:
    with app.app_context(), transaction() as session:
        unpaid = a_placed_order(session, session.get_one(Person, customer.id)).number
    assert fill_in(client, PAGE, action=PAGE, **{**ASKED, "country": ""}).status_code == 422
    assert fill_in(client, PAGE, action=PAGE, **ASKED).status_code == 303
    assert "We aim to answer by end of Tue 1 Dec 2026" in client.get(PAGE).text
    assert PAGE not in actions_of(client.get(PAGE).text)
    check = client.get(CHECK).text
    for part in ("You applied for the non-profit discount on Tue 24 Nov 2026", "Wait", "Buy anyway for $266.43"):
        assert part in check
    assert send(client, pending_known="")[0] == 409
    assert "cannot be refunded later" in client.get(f"/orders/{unpaid}/pay").text

    clock.set(NOW + timedelta(days=2))
    assert all(part in manager.get(DESK).text for part in ("Lindqvist Books", "2 days", "802001-1234"))
    assert fill_in(manager, FIRST, action=f"{FIRST}/decline", reason="").status_code == 422
    stale = fill_in(manager, FIRST, action=f"{FIRST}/approve", version="7")
    assert (stale.status_code, "changed since you opened" in stale.text) == (409, True)
    assert fill_in(manager, FIRST, action=f"{FIRST}/approve").status_code == 303
    assert f"{FIRST}/approve" not in actions_of(manager.get(FIRST).text)
    assert "end of Fri 26 Nov 2027" in client.get(PAGE).text
    kinds = [letter.kind for letter in letters(app, customer.email)]
    assert kinds[-2:] == ["nonprofit_received", "nonprofit_approved"]
    assert "nonprofit_applied" in [letter.kind for letter in letters(app, "manager@migrator.example")]

    shop = client.get(CHECK.replace("/orders/new/check", "/start")).text
    assert all(part in shop for part in ("Non-profit discount 20 %", "−$49.80", "7 % of $199.20 = $13.94", "$213.14"))
    assert send(client)[0] == 303
    bought = orders_in(app)[-1]
    assert (bought.total_minor, discount_of(bought)) == (21_314, 2_000)
    with app.app_context(), reading() as session:
        line = session.scalars(select(OrderLine).where(OrderLine.order_id == bought.id)).first()
        assert line
        assert (line.kind, line.list_minor, line.amount_minor) == (LineKind.MIGRATION, 24_900, 19_920)
    assert "−$49.80" in client.get(f"/orders/{bought.number}/pay").text

    again = f"/orders/{unpaid}/order-again"
    assert "Cancel and order again with the discount" in client.get(f"/orders/{unpaid}/pay").text
    answer = fill_in(client, f"/orders/{unpaid}/pay", action=again)
    assert answer.status_code == 303
    cheaper = orders_in(app)[-1]
    assert answer.location == f"/orders/{cheaper.number}/pay"
    assert (cheaper.total_minor, cheaper.source_address) == (19_920, "https://old.example")
    assert state_of(app, unpaid) is OrderState.CANCELLED


def test_a_second_press_orders_once_and_a_price_that_moved_is_said(
    app: Flask, client: FlaskClient, customer: Person, manager: FlaskClient
) -> None:
    assert send(client, shown_total="$213.14")[0] == 409
    assert orders_in(app) == []
    assert fill_in(client, PAGE, action=PAGE, **ASKED).status_code == 303
    assert fill_in(manager, FIRST, action=f"{FIRST}/decline", reason="Not in the register.").status_code == 303
    page = client.get(PAGE).text
    assert "Not in the register." in page
    assert "Apply again" in page
    assert fill_in(client, PAGE, action=PAGE, **ASKED).status_code == 303
    assert fill_in(client, PAGE, action=f"{PAGE}/withdraw").status_code == 303
    assert "Withdrawn" in manager.get(f"{DESK}?show=decided").text
    number = send(client)[1].split("/")[2]
    assert fill_in(client, PAGE, action=PAGE, **ASKED).status_code == 303
    assert fill_in(manager, f"{DESK}/3", action=f"{DESK}/3/approve").status_code == 303
    pay = client.get(f"/orders/{number}/pay").text
    fields = fields_of(pay, f"/orders/{number}/order-again")
    answers = {client.post(f"/orders/{number}/order-again", data=fields).location for _ in range(2)}
    assert len(answers) == 1
    assert len(orders_in(app)) == 2


def test_applications_are_for_customers_and_decisions_for_staff(
    app: Flask, client: FlaskClient, customer: Person, manager: FlaskClient
) -> None:
    assert client.get(DESK).status_code == 404
    assert manager.get(PAGE).status_code == 404
    assert manager.get(f"{DESK}/99").status_code == 404
    for place in ("x" * 500, "WzEsMl0"):
        assert manager.get(f"{DESK}?after={place}").status_code == 200


def state_of(app: Flask, number: str) -> OrderState:
    with app.app_context(), reading() as session:
        return session.scalars(select(Order.state).where(Order.number == number)).one()
