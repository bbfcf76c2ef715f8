"""From the check to the order and the list of orders, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.orders.lifecycle import OrderEvent, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories.forms import actions_of, fields_of, fill_in
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.selections import a_placed_order

ANSWERS = "source=wordpress&target=shopify&pages=800&who=package&product=PACK-BASIC&insurance=1"
CHECK = f"/orders/new/check?{ANSWERS}"
ORDER = f"/orders?{ANSWERS}"
TYPED = {
    "source_address": "https://old.example",
    "target_address": "new.example",
    "has_backup": "y",
    "own_backup_on": "2026-11-23",
}


@pytest.fixture
def customer(app: Flask, client: FlaskClient) -> Person:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
    sign_in(client, person)
    return person


def orders_in(app: Flask) -> list[Order]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(Order).order_by(Order.id)))


def send(client: FlaskClient, **typed: str) -> tuple[int, str]:
    page = client.get(CHECK).text
    action = next(action for action in actions_of(page) if action.startswith("/orders?"))
    answer = fill_in(client, CHECK, action=action, **{**TYPED, **typed})
    return answer.status_code, answer.text if answer.status_code != 303 else answer.location


def test_the_check_names_each_answer_with_a_way_to_change_it(client: FlaskClient, customer: Person) -> None:
    page = client.get(CHECK).text
    for part in ("Change", "WordPress", "Shopify", "800", "Package Basic", "1 restart in 7 working days", "$266.43"):
        assert part in page
    for part in ("What we promise", "What we need from you", "What costs extra", "/policies/migration#package"):
        assert part in page
    assert "7 % of $249.00" in page


def test_a_customer_orders_and_is_led_to_pay(app: Flask, client: FlaskClient, customer: Person) -> None:
    status, location = send(client)
    (order,) = orders_in(app)
    assert (status, location) == (303, f"/orders/{order.number}/pay")
    assert (order.organisation_id, order.total_minor) == (customer.organisation_id, 26_643)
    assert order.target_address == "https://new.example"


def test_the_same_form_sent_twice_makes_one_order(app: Flask, client: FlaskClient, customer: Person) -> None:
    page = client.get(CHECK).text
    action = next(action for action in actions_of(page) if action.startswith("/orders?"))
    form = {**fields_of(page, action), **TYPED}
    locations = {client.post(action, data=form).location for _ in range(2)}
    assert len(locations) == len(orders_in(app)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"source_address": ""}, "Enter the address"),
        ({"source_address": "ht tp://x"}, "without spaces"),
        ({"target_address": "javascript:alert(1)"}, "Enter the address like"),
        ({"target_address": "https://x.example/\u202egpj"}, "cannot be seen"),
        ({"source_address": "https://" + "x" * 400}, "300 characters or less"),
        ({"source_address": "https://me:secret@old.example"}, "Leave the user name and the password out"),
        ({"has_backup": ""}, "Make your own backup of both sites first"),
        ({"own_backup_on": ""}, "Enter the day on which your backup was made"),
        ({"own_backup_on": "yesterday"}, "Enter a date"),
        ({"own_backup_on": "2026-02-30"}, "Enter a date"),
        ({"own_backup_on": "2026-11-25"}, "Your backup cannot be from the future"),
        ({"token": "x"}, "This form is incomplete"),
    ],
)
def test_bad_input_is_named_at_its_field_kept_and_saves_nothing(
    app: Flask, client: FlaskClient, customer: Person, typed: dict[str, str], sentence: str
) -> None:
    status, page = send(client, **typed)
    assert status == 422
    assert sentence in page
    assert "https://old.example" in page or "source_address" in typed
    assert orders_in(app) == []


def test_an_old_backup_is_warned_of_once_and_may_be_used(app: Flask, client: FlaskClient, customer: Person) -> None:
    status, page = send(client, own_backup_on="2026-11-16")
    assert (status, "Your backup is more than 7 days old" in page) == (422, True)
    assert orders_in(app) == []
    assert send(client, own_backup_on="2026-11-16", old_backup_known="y")[0] == 303
    assert send(client, own_backup_on="2026-11-17")[0] == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("pages=800", "pages=1001"), "covers 1,000 pages"),
        (("pages=800", "pages=25001"), "written price"),
        (("PACK-BASIC", "PACK-GOLD"), "We do not sell this product"),
        (("PACK-BASIC", "SELF-1000"), "another way of moving"),
    ],
)
def test_what_cannot_be_bought_is_refused_in_words_and_saves_nothing(
    app: Flask, client: FlaskClient, customer: Person, change: tuple[str, str], sentence: str
) -> None:
    page = client.get(CHECK).text
    form = fields_of(page, next(action for action in actions_of(page) if action.startswith("/orders?")))
    for answer in (client.get(CHECK.replace(*change)), client.post(ORDER.replace(*change), data={**form, **TYPED})):
        assert (answer.status_code, sentence in answer.text) == (409, True)
    assert orders_in(app) == []


def test_open_questions_lead_back_to_the_configurator(client: FlaskClient) -> None:
    answer = client.get("/orders/new/check?source=wordpress&pages=800")
    assert answer.status_code == 302
    assert answer.location == "/start?source=wordpress&pages=800"


def test_a_visitor_sees_the_price_signs_in_and_comes_back_to_the_same_selection(
    app: Flask, client: FlaskClient
) -> None:
    page = client.get(CHECK).text
    assert "$266.43" in page
    assert "Order for" not in page
    link = re.search(r'href="(/sign-in\?next=[^"]+)"', page)
    assert link
    assert "pages%3D800" in link.group(1)
    with app.app_context(), transaction() as session:
        person = a_customer(session)
    sign_in(client, person)
    listed = client.get("/orders").text
    resume = re.search(r'href="(/orders/new/check[^"]+)">Go on with your order', listed)
    assert resume
    assert "Order for $266.43" in client.get(resume.group(1).replace("&amp;", "&")).text
    send(client)
    assert "Go on with your order" not in client.get("/orders").text


def test_a_visitor_and_staff_cannot_order(app: Flask, client: FlaskClient) -> None:
    assert client.post(ORDER, data=TYPED).status_code in {302, 400}
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
    sign_in(client, manager)
    assert "You are signed in as staff" in client.get(CHECK).text
    assert client.post(ORDER, data=TYPED).status_code in {400, 404}
    assert orders_in(app) == []


def test_the_list_says_what_where_it_stands_and_whose_turn(app: Flask, client: FlaskClient, customer: Person) -> None:
    assert "No orders yet" in client.get("/orders").text
    with app.app_context(), transaction() as session:
        person = session.get_one(Person, customer.id)
        a_placed_order(session, person)
        foreign = a_placed_order(session, a_customer(session)).number
    page = client.get("/orders").text
    for part in ("Package Basic, WordPress to Shopify", "Waiting for your payment", "You", "Cancel"):
        assert part in page
    assert foreign not in page


def test_an_unpaid_order_can_be_cancelled_by_its_customer_alone(
    app: Flask, client: FlaskClient, customer: Person
) -> None:
    with app.app_context(), transaction() as session:
        own = a_placed_order(session, session.get_one(Person, customer.id)).number
        foreign = a_placed_order(session, a_customer(session)).number
    token = fields_of(client.get("/orders").text, f"/orders/{own}/cancel")
    assert client.post(f"/orders/{foreign}/cancel", data=token).status_code == 404
    assert client.post(f"/orders/{own}/cancel", data=token).status_code == 303
    assert "Cancelled" in client.get("/orders").text
    assert client.post(f"/orders/{own}/cancel", data=token).status_code == 409
    states = [order.state for order in orders_in(app)]
    assert states == [OrderState.CANCELLED, OrderState.AWAITING_PAYMENT]


def test_a_paid_order_cannot_be_cancelled_in_the_list(app: Flask, client: FlaskClient, customer: Person) -> None:
    with app.app_context(), transaction() as session:
        number = a_placed_order(session, session.get_one(Person, customer.id)).number
    token = fields_of(client.get("/orders").text, f"/orders/{number}/cancel")
    with app.app_context(), transaction() as session:
        advance(session, order_for_staff(session, number), OrderEvent.PAY, now=NOW)
    assert client.post(f"/orders/{number}/cancel", data=token).status_code == 409


def test_lists_ask_as_many_questions_for_ten_rows_as_for_fifty(
    app: Flask, client: FlaskClient, customer: Person
) -> None:
    def queries_of(number: int) -> int:
        with app.app_context(), transaction() as session:
            person = session.get_one(Person, customer.id)
            before = session.scalar(select(func.count()).select_from(Order)) or 0
            for _ in range(number - before):
                a_placed_order(session, person)
        return counted(app, lambda: client.get("/orders"))

    assert queries_of(10) == queries_of(50)
    page = client.get("/orders").text
    numbers = re.findall(r'href="/orders/(MIG-[^"/]+)"', page)
    older = re.search(r'href="(/orders\?after=[^"]+)"', page)
    assert older
    following = re.findall(r'href="/orders/(MIG-[^"/]+)"', client.get(older.group(1)).text)
    assert len({*numbers, *following}) == len(numbers) + len(following) == 40


def test_a_made_up_place_in_the_list_is_harmless(client: FlaskClient, customer: Person) -> None:
    for place in ("MIG-2222-2", "'; DROP TABLE orders", "0", "x" * 3_000):
        assert client.get("/orders", query_string={"after": place}).status_code == 200


def test_dates_in_the_list_follow_the_order(
    app: Flask, client: FlaskClient, customer: Person, clock: FileClock
) -> None:
    with app.app_context(), transaction() as session:
        order = a_placed_order(session, session.get_one(Person, customer.id))
        advance(session, order, OrderEvent.PAY, now=NOW)
        advance(session, order, OrderEvent.SUBMIT_ACCESS, now=NOW)
        order.check_by_at = datetime.fromisoformat("2026-11-25T09:00:00+00:00")
        number = order.number
    assert "Checked by Wed 25 Nov 2026, 11:00" in client.get("/orders").text
    with app.app_context(), transaction() as session:
        order = order_for_staff(session, number)
        advance(session, order, OrderEvent.VERIFY_ACCESS, now=NOW)
        order.verified_at, order.due_at = NOW, datetime.fromisoformat("2026-12-03T09:00:00+00:00")
    assert "Ready by Thu 3 Dec 2026, 11:00" in client.get("/orders").text


def counted(app: Flask, act: Callable[[], object]) -> int:
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        act()
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_next_leads_only_back_to_us(client: FlaskClient) -> None:
    page = client.get(CHECK).text
    for link in re.findall(r'href="(/sign-[^"]+)"', page):
        assert not urlsplit(link).netloc
