"""Shared links, calendar addresses and codes: what they open, what they never show, and how they end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.access.models import AccessItem
from migrator.access.operations import ask_for_information
from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.queries import pauses_of
from migrator.journeys.answer_pause import answer_pause
from migrator.journeys.pause_delivery import pause_delivery
from migrator.orders.models import CustomerMessage, Order, OrderLine
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.accounts import letters, submit
from tests.factories.people import a_customer, sign_in

SECRET_QUESTION = "Which member of staff left in May?"
ADDRESS = re.compile(r'readonly value="http://localhost(/[^"]+)"')


@pytest.fixture
def customer(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return a_customer(session)


@pytest.fixture
def number(app: Flask, customer: Person) -> str:
    """An order that is paused for a question in our own words."""
    with app.app_context(), transaction() as session:
        order = stages.an_order_under_way(session, person=session.get_one(Person, customer.id))
        item = ask_for_information(session, order, label=SECRET_QUESTION)
        author, at = order.account_manager, NOW + timedelta(hours=1)
        reason = PauseReason.INFORMATION_MISSING
        pause_delivery(session, order, item, reason=reason, message="Tell us.", author=author, now=at)
        return order.number


def made(client: FlaskClient, number: str, purpose: str) -> str:
    page = f"/orders/{number}/links"
    assert submit(client, f"{page}/{purpose}", form_on=page).status_code == 303
    (address,) = (one for one in ADDRESS.findall(client.get(page).text) if one.startswith(f"/{purpose[:6]}"))
    return str(address)


def private_words(app: Flask, number: str) -> set[str]:
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        people = session.scalars(select(Person)).all()
        lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).all()
        messages = session.scalars(select(CustomerMessage.body)).all()
        items = session.scalars(select(AccessItem)).all()
        # The test's user at the host is called “migration”, which the page says for itself.
        return {
            *(word for person in people for word in (person.email, person.name)),
            *(str(value) for item in items for value in item.open_fields.values() if len(str(value)) > 4),
            *(line.name for line in lines if line.name != order.terms.product_name),
            *(str(line.amount) for line in lines),
            *messages,
            order.organisation.name,
            order.source_address,
            order.target_address,
            str(order.total),
            SECRET_QUESTION,
        } - {"migration"}


def test_a_shared_link_shows_states_and_nothing_else_until_it_is_ended(
    app: Flask, client: FlaskClient, customer: Person, number: str
) -> None:
    sign_in(client, customer)
    address = made(client, number, "share")
    assert made(client, number, "share") == address
    guest = app.test_client()
    answer = guest.get(address)
    text = unescape(answer.text)
    assert "Paused – something is needed from the customer" in text
    assert "If they answer now: ready by Thu 3 Dec 2026, 11:00" in text
    assert [word for word in private_words(app, number) if word and word in text] == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]

    page = f"/orders/{number}/links"
    assert submit(client, f"{page}/share/end", form_on=page).status_code == 303
    for gone in (address, "/shared/nonsense", address.replace("/shared/", "/shared/x"), f"/shared/{'x' * 5_000}"):
        assert guest.get(gone).status_code == 404
    assert made(client, number, "share") != address
    assert "was ended" in client.get(f"/orders/{number}").text


def test_a_calendar_address_follows_a_pause_and_its_end_and_is_asked_again_cheaply(
    app: Flask, client: FlaskClient, clock: FileClock, customer: Person, number: str
) -> None:
    sign_in(client, customer)
    address = made(client, number, "calendar")
    guest = app.test_client()
    clock.set(datetime(2026, 12, 1, 10, 0, tzinfo=UTC))
    paused = only_event(guest, address)
    assert paused["STATUS"] == "TENTATIVE"
    with app.app_context(), transaction() as session:
        order = order_for_staff(session, number, for_update=True)
        (pause,) = pauses_of(session, order.id)
        answer_pause(session, order, pause, actor=order.placed_by.actor, now=datetime(2026, 12, 1, 10, 0, tzinfo=UTC))
    resumed = only_event(guest, address)
    assert (resumed["STATUS"], resumed["UID"]) == ("CONFIRMED", paused["UID"])
    assert resumed["SEQUENCE"] > paused["SEQUENCE"]
    first = guest.get(address)
    clock.set(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    assert guest.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert b"REFRESH-INTERVAL" in first.data
    assert guest.get(address.replace("calendar", "shared")[:-4]).status_code == 404


def only_event(client: FlaskClient, address: str) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(client.get(address).data).walk("VEVENT")
    return event


def test_a_code_from_the_mailbox_shows_the_states_for_a_while(
    app: Flask, client: FlaskClient, clock: FileClock, customer: Person, number: str
) -> None:
    asked = submit(client, "/track", number=number.lower(), email=customer.email.upper())
    strange = app.test_client()
    elsewhere = submit(strange, "/track", number=number, email="stranger@example.com")
    assert (asked.status_code, asked.location) == (elsewhere.status_code, elsewhere.location) == (303, "/track/code")
    assert letters(app, "stranger@example.com") == []
    code = re.search(r"\d{6}", letters(app, customer.email)[-1].subject)
    assert code
    assert submit(strange, "/track/code", code=code.group()).status_code == 422
    assert submit(client, "/track/code", code="12345").status_code == 422
    clock.set(NOW + timedelta(minutes=9))
    assert submit(client, "/track/code", code=f" {code.group()} ").location == "/track/order"
    text = client.get("/track/order").text
    assert "Paused" in text
    assert customer.name not in text
    clock.set(NOW + timedelta(minutes=40))
    assert client.get("/track/order").location == "/track"


def test_a_code_ends_after_ten_minutes_or_five_tries(
    app: Flask, client: FlaskClient, clock: FileClock, customer: Person, number: str
) -> None:
    submit(client, "/track", number=number, email=customer.email)
    code = re.findall(r"\d{6}", letters(app, customer.email)[-1].subject)[0]
    clock.set(NOW + timedelta(minutes=10))
    assert submit(client, "/track/code", code=code).status_code == 422
    tries = [submit(client, "/track/code", code="000000").status_code for _ in range(5)]
    assert tries == [422] * 4 + [429]


def test_only_their_own_people_make_links_and_read_documents(app: Flask, client: FlaskClient, number: str) -> None:
    with app.app_context(), transaction() as session:
        stranger, order = a_customer(session), session.scalars(select(Order)).one()
        manager = order_for_staff(session, order.number).account_manager
    sign_in(client, stranger)
    for path in ("links", "documents", "documents/confirmation.pdf"):
        assert client.get(f"/orders/{number}/{path}").status_code == 404
    sign_in(client, manager)
    assert client.get(f"/orders/{number}/documents").status_code == 200
    made_now = client.get(f"/orders/{number}/documents/confirmation.pdf")
    assert made_now.data.startswith(b"%PDF-")
    assert made_now.headers["Content-Disposition"] == f'attachment; filename="{number}-confirmation.pdf"'
    refused = client.get(f"/orders/{number}/documents/completion.pdf")
    assert (refused.status_code, "when the order is completed" in refused.text) == (409, True)
    assert client.get(f"/orders/{number}/documents/nonsense.pdf").status_code == 404
