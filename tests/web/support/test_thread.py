"""One request as its customer sees it: the promise, the three questions, closing and reopening."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.history.actor import SYSTEM
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item, find_cause, finish_ticket
from migrator.journeys.look_after_tickets import close_silent_ticket
from migrator.support.categories import Category
from migrator.support.models import Ticket
from migrator.support.operations import mark_unclear
from migrator.support.queries import ticket_for_staff
from migrator.support.request_rules import Missing, Verdict
from tests.conftest import NOW
from tests.factories.people import an_account_manager, sign_in
from tests.factories.stages import an_unpaid_order
from tests.factories.tickets import a_hosting_ticket, a_ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def number(app: Flask, client: FlaskClient) -> str:
    with app.app_context(), transaction() as session:
        ticket = a_ticket(session)
        sign_in(client, ticket.opened_by)
        return ticket.number


def clarified(session: Session, number: str, *, times: int, at: datetime = NOW) -> Ticket:
    ticket = ticket_for_staff(session, number)
    manager = an_account_manager(session, name="Olena Koval")
    mark_unclear(session, ticket, actor=SYSTEM, now=at)
    for _ in range(times):
        ask_for_item(session, ticket, item=Missing.DESCRIPTION, body="Which pages?", author=manager, now=at)
    return ticket


def test_a_late_answer_is_called_late_only_when_it_is(client: FlaskClient, clock: FileClock, number: str) -> None:
    clock.set(NOW + timedelta(days=3))
    assert "This is late" not in client.get(f"/support/{number}").text
    clock.set(NOW + timedelta(days=3, microseconds=1))
    assert "This is late" in client.get(f"/support/{number}").text


def test_an_answer_is_read_and_answered(app: Flask, client: FlaskClient, clock: FileClock, number: str) -> None:
    """RULES C-023."""
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session, name="Olena Koval")
        answer_ticket(session, ticket_for_staff(session, number), body="Here they are.", author=manager, now=NOW)
    page = client.get(f"/support/{number}").text
    assert "Olena Koval" in page
    assert "Here they are." in page
    assert "Answer by" not in page
    clock.set(NOW + HOUR)
    assert client.post(f"/support/{number}/messages", data={"body": ""}).status_code == 422
    assert client.post(f"/support/{number}/messages", data={"body": "Thank you. One is missing."}).status_code == 303
    page = client.get(f"/support/{number}").text
    assert "One is missing." in page
    assert "Answer by Fri 27 Nov 2026, 12:00" in page


def test_both_sides_see_which_question_it_is_and_when_it_closes(app: Flask, client: FlaskClient, number: str) -> None:
    """RULES C-030, C-031."""
    with app.app_context(), transaction() as session:
        clarified(session, number, times=2)
    page = client.get(f"/support/{number}").text
    assert "Clarification 2 of 3: we still need a clear description of what happens." in page
    assert "unless we hear from you" not in page
    with app.app_context(), transaction() as session:
        clarified(session, number, times=1)
    page = client.get(f"/support/{number}").text
    assert "Clarification 3 of 3" in page
    assert "Closes Fri 27 Nov 2026, 11:00 unless we hear from you." in page
    assert "Closes Fri 27 Nov 2026, 11:00" in client.get("/support").text


def test_silence_closes_and_a_word_reopens_for_fourteen_days(
    app: Flask, client: FlaskClient, clock: FileClock, number: str
) -> None:
    """RULES C-031."""
    with app.app_context(), transaction() as session:
        ticket_id = clarified(session, number, times=3).id
        later = NOW + timedelta(days=5)
        assert close_silent_ticket(session, ticket_id, now=NOW + timedelta(days=2)) == 0
        assert close_silent_ticket(session, ticket_id, now=later) == 1
    clock.set(later)
    page = client.get(f"/support/{number}").text
    assert "We asked three times and did not hear from you." in page
    assert "It can be reopened until the end of Fri 11 Dec 2026" in page
    clock.set(datetime.fromisoformat("2026-12-11T22:00:00+00:00"))
    assert "Send a new request" in client.get(f"/support/{number}").text
    late = client.post(f"/support/{number}/messages", data={"body": "Hello?"})
    assert late.status_code == 409
    assert "Send a new one, please." in late.text
    clock.set(datetime.fromisoformat("2026-12-11T21:59:00+00:00"))
    assert client.post(f"/support/{number}/messages", data={"body": "All pages of the shop."}).status_code == 303
    assert "We are on it" in client.get(f"/support/{number}").text


def test_the_migration_can_be_named_where_it_is_asked_for(app: Flask, client: FlaskClient) -> None:
    """RULES C-028, C-030."""
    with app.app_context(), transaction() as session:
        order = an_unpaid_order(session)
        ticket = a_ticket(session, person=order.placed_by, category=Category.REQUEST)
        manager = an_account_manager(session)
        ask_for_item(session, ticket, item=Missing.MIGRATION_ID, body="Which one?", author=manager, now=NOW)
        sign_in(client, order.placed_by)
        number, chosen = ticket.number, order.number
    assert "we still need your migration number" in client.get(f"/support/{number}").text
    assert client.post(f"/support/{number}/order", data={"order": ""}).status_code == 422
    assert client.post(f"/support/{number}/order", data={"order": "MIG-NONE-2"}).status_code == 404
    assert client.post(f"/support/{number}/order", data={"order": chosen}).status_code == 303
    page = client.get(f"/support/{number}").text
    assert chosen in page
    assert "we still need" not in page


def test_a_customer_closes_what_needs_no_answer(client: FlaskClient, number: str) -> None:
    assert client.post(f"/support/{number}/close").status_code == 303
    assert "You told us that you need no answer any more." in client.get(f"/support/{number}").text
    assert client.post(f"/support/{number}/close").status_code == 409


def test_the_hosting_desk_promises_no_fix_time(app: Flask, client: FlaskClient) -> None:
    """RULES M-018, M-019, M-043."""
    with app.app_context(), transaction() as session:
        ticket = a_hosting_ticket(session)
        billing = a_hosting_ticket(session, person=ticket.opened_by, category=Category.BILLING)
        none = a_hosting_ticket(session, person=ticket.opened_by, plan_minutes=None)
        sign_in(client, ticket.opened_by)
        numbers = [ticket.number, billing.number, none.number]
    page, target, undated = (client.get(f"/support/{each}").text for each in numbers)
    assert "Answer by Tue 24 Nov 2026, 11:15" in page
    assert "We promise when we answer, not when a problem is solved." in page
    assert "Our target: answer by Fri 27 Nov 2026, 11:00" in target
    assert "Target, not guaranteed" in target
    assert "Your plan has no response promise." in undated


def test_a_recommendation_is_a_block_of_its_own(app: Flask, client: FlaskClient) -> None:
    """RULES M-028."""

    with app.app_context(), transaction() as session:
        ticket, manager = a_hosting_ticket(session), an_account_manager(session)
        answer_ticket(session, ticket, body="We looked.", author=manager, now=NOW)
        find_cause(session, ticket, Verdict.NOT_HOSTING, words="Update the module.", author=manager, now=NOW)
        finish_ticket(session, ticket, author=manager, now=NOW)
        sign_in(client, ticket.opened_by)
        number = ticket.number
    page = client.get(f"/support/{number}").text
    assert "The hosting is not the cause" in page
    assert "What we recommend: Update the module." in page
