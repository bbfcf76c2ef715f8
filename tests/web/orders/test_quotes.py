"""Quotes through the pages: asked by a customer, answered by staff, accepted or declined."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.journeys.answer_quote import answer_quote
from migrator.orders.lifecycle import QuoteState
from migrator.orders.models import Order
from migrator.orders.quote_models import Quote
from migrator.orders.quote_queries import quote_for_staff
from tests.conftest import NOW
from tests.factories.forms import fields_of, fill_in
from tests.factories.people import a_customer, a_finance_person, an_account_manager, sign_in
from tests.factories.selections import a_requested_quote, an_offer
from tests.web.shop.test_ordering import counted

ASK = "/quotes/new?source=wordpress&target=shopify&pages=25001&who=package&product=PACK-ULTIMATE&insurance=none"
OFFER = {
    "price": "2,490.00",
    "page_ceiling": "30,000",
    "agreed_on": "2026-12-24",
    "agreed_time": "11:00",
    "last_on": "2026-12-08",
    "words": "Forum included.",
}
DECLARED = {
    "source_address": "https://old.example",
    "target_address": "https://new.example",
    "has_backup": "y",
    "own_backup_on": "2026-11-23",
}


@pytest.fixture
def customer(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return a_customer(session)


@pytest.fixture
def manager(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return an_account_manager(session)


@pytest.fixture
def number(app: Flask, customer: Person, manager: Person) -> str:
    with app.app_context(), transaction() as session:
        return a_requested_quote(session, session.get_one(Person, customer.id)).number


@pytest.fixture
def offered(app: Flask, number: str, manager: Person) -> str:
    with app.app_context(), transaction() as session:
        quote = quote_for_staff(session, number, for_update=True)
        answer_quote(session, quote, offer=an_offer(), person=session.get_one(Person, manager.id), now=NOW)
    return number


def quotes_in(app: Flask) -> list[Quote]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(Quote).order_by(Quote.id)))


def test_a_customer_asks_staff_answer_and_the_customer_accepts(
    app: Flask, client: FlaskClient, customer: Person, manager: Person
) -> None:
    sign_in(client, customer)
    assert "Fri 27 Nov 2026, 11:00" in client.get(ASK).text
    asked = fill_in(client, ASK, action=ASK, words="With a forum.\nAnd <b>more</b>.")
    assert asked.status_code == 303
    number = asked.location.rsplit("/", 1)[1]
    assert "We answer by Fri 27 Nov 2026, 11:00" in client.get(asked.location).text

    sign_in(client, manager)
    assert number in client.get("/desk/quotes").text
    desk = f"/desk/quotes/{number}"
    page = client.get(desk).text
    assert "Thu 24 Dec 2026, 11:00" in page
    assert "And &lt;b&gt;more&lt;/b&gt;." in page
    assert fill_in(client, desk, action=desk, **OFFER).status_code == 303
    assert number not in client.get("/desk/quotes").text
    assert number in client.get("/desk/quotes?show=answered").text

    sign_in(client, customer)
    own = f"/quotes/{number}"
    page = client.get(own).text
    for part in ("$2,490.00", "30,000", "Thu 24 Dec 2026, 11:00", "end of Tue 8 Dec 2026", "$174.30"):
        assert part in page
    accepted = fill_in(client, own, action=f"{own}/accept", insurance="1", **DECLARED)
    assert accepted.status_code == 303
    with app.app_context(), reading() as session:
        order = session.scalars(select(Order)).one()
    assert (accepted.location, order.total_minor) == (f"/orders/{order.number}/pay", 266_430)
    assert order.terms.promise_unit == "agreed"
    assert order.number in client.get(own).text


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"price": ""}, 422, "Enter the price"),
        ({"price": "-5"}, 422, "Enter an amount of money"),
        ({"price": "12.345"}, 422, "Enter an amount of money"),
        ({"price": "0"}, 409, "Enter a price above zero"),
        ({"price": "999999999"}, 409, "up to $1,000,000.00"),
        ({"page_ceiling": "lots"}, 422, "whole number"),
        ({"page_ceiling": "25000"}, 409, "25,001 pages"),
        ({"agreed_on": "2026-12-23"}, 409, "The earliest is Thu 24 Dec 2026, 11:00"),
        ({"agreed_time": "10:59"}, 409, "The earliest is Thu 24 Dec 2026, 11:00"),
        ({"agreed_time": "25:00"}, 422, "Enter a time"),
        ({"agreed_on": "2040-01-02"}, 409, "is filled from"),
        ({"agreed_on": "9999-12-31"}, 422, "Enter a date in this century"),
        ({"last_on": "2026-11-23"}, 409, "The last day of the offer"),
        ({"last_on": "9999-12-31"}, 422, "Enter a date in this century"),
        ({"last_on": "0001-01-01"}, 422, "Enter a date in this century"),
        ({"last_on": "2099-12-31"}, 409, "The last day of the offer"),
        ({"words": "x" * 5_001}, 422, "5,000 characters or less"),
        ({"version": "7"}, 409, "Somebody changed this"),
    ],
)
def test_a_bad_offer_is_refused_in_words_keeps_what_was_typed_and_saves_nothing(
    app: Flask, client: FlaskClient, number: str, manager: Person, typed: dict[str, str], status: int, sentence: str
) -> None:
    sign_in(client, manager)
    desk = f"/desk/quotes/{number}"
    answer = fill_in(client, desk, action=desk, **{**OFFER, **typed})
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
    assert "Forum included." in answer.text or "words" in typed
    assert quotes_in(app)[0].state is QuoteState.REQUESTED


def test_a_quote_is_seen_by_its_organisation_and_its_staff_alone(app: Flask, client: FlaskClient, offered: str) -> None:
    with app.app_context(), transaction() as session:
        stranger, finance = a_customer(session), a_finance_person(session)
    sign_in(client, stranger)
    token = {"csrf_token": fields_of(client.get(ASK).text, ASK)["csrf_token"]}
    assert client.get(f"/quotes/{offered}").status_code == 404
    assert client.post(f"/quotes/{offered}/accept", data={**token, **DECLARED, "insurance": "none"}).status_code == 404
    assert client.post(f"/quotes/{offered}/decline", data=token).status_code == 404
    assert offered not in client.get("/quotes").text
    assert client.get(f"/desk/quotes/{offered}").status_code == 404
    sign_in(client, finance)
    assert client.get(f"/desk/quotes/{offered}").status_code == 404
    assert quotes_in(app)[0].state is QuoteState.OFFERED


def test_an_offer_is_declined_with_a_reason(app: Flask, client: FlaskClient, customer: Person, offered: str) -> None:
    sign_in(client, customer)
    own = f"/quotes/{offered}"
    assert fill_in(client, own, action=f"{own}/decline", reason="Too dear").status_code == 303
    assert quotes_in(app)[0].state is QuoteState.DECLINED
    page = client.get(own).text
    assert "Declined" in page
    assert "Accept and order" not in page


def test_an_offer_that_is_over_cannot_be_accepted_even_before_it_is_marked(
    app: Flask, client: FlaskClient, customer: Person, offered: str, clock: FileClock
) -> None:
    sign_in(client, customer)
    own = f"/quotes/{offered}"
    clock.set(datetime.fromisoformat("2026-12-08T23:59:59+02:00"))
    form = fields_of(client.get(own).text, f"{own}/accept")
    clock.set(datetime.fromisoformat("2026-12-09T00:00:00+02:00"))
    answer = client.post(f"{own}/accept", data={**form, **DECLARED, "own_backup_on": "2026-12-05"})
    assert answer.status_code == 409
    assert "This offer stood until end of Tue 8 Dec 2026" in answer.text
    assert "Expired" in client.get(own).text
    assert quotes_in(app)[0].order_id is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"insurance": "7"}, "Choose an insurance"),
        ({"has_backup": ""}, "Make your own backup"),
        ({"source_address": "no spaces please"}, "without spaces"),
        ({"own_backup_on": "2026-12-24"}, "cannot be from the future"),
        ({"own_backup_on": "2026-10-01"}, "more than 7 days old"),
    ],
)
def test_a_bad_acceptance_is_refused_in_words_and_orders_nothing(
    app: Flask, client: FlaskClient, customer: Person, offered: str, typed: dict[str, str], sentence: str
) -> None:
    sign_in(client, customer)
    own = f"/quotes/{offered}"
    answer = fill_in(client, own, action=f"{own}/accept", **{**DECLARED, **typed})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert quotes_in(app)[0].state is QuoteState.OFFERED


def test_the_same_request_sent_twice_is_one(app: Flask, client: FlaskClient, customer: Person) -> None:
    sign_in(client, customer)
    form = fields_of(client.get(ASK).text, ASK)
    assert len({client.post(ASK, data=form).location for _ in range(2)}) == len(quotes_in(app)) == 1


def test_the_desk_s_list_asks_as_many_questions_for_ten_rows_as_for_fifty(
    app: Flask, client: FlaskClient, customer: Person, manager: Person
) -> None:
    def queries_of(number: int) -> int:
        with app.app_context(), transaction() as session:
            for _ in range(number):
                a_requested_quote(session, a_customer(session))
        return counted(app, lambda: client.get("/desk/quotes"))

    sign_in(client, manager)
    client.get("/desk/quotes")
    assert queries_of(10) == queries_of(50)
    page = client.get("/desk/quotes").text
    following = re.search(r'href="(/desk/quotes\?after=[^"]+)"', page)
    assert following
    numbers = re.findall(r'href="/desk/quotes/(QUO-[^"]+)"', page)
    rest = re.findall(r'href="/desk/quotes/(QUO-[^"]+)"', client.get(following.group(1)).text)
    assert (len(numbers), len(rest), len({*numbers, *rest})) == (50, 10, 60)
