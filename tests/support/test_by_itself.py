"""What happens to tickets by itself: silence closes, the desk is warned once, closures move answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from migrator.calendars.closure_operations import draft_closure
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.closures.models import Direction
from migrator.history.actor import SYSTEM
from migrator.jobs.closures import continue_recounts
from migrator.jobs.tickets import look_after_tickets
from migrator.journeys.announce_closure import move_the_dates, see_what_moves
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item
from migrator.journeys.look_after_tickets import close_silent_ticket
from migrator.journeys.open_request import opened
from migrator.notifications.models import OwedMessage
from migrator.support.lifecycle import TicketState
from migrator.support.operations import mark_unclear
from migrator.support.queries import messages_of, ticket_for_staff
from migrator.support.request_rules import Missing
from tests.conftest import NOW
from tests.factories.people import an_account_manager, an_administrator
from tests.factories.tickets import a_hosting_ticket, a_ticket

DUE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def subjects(app: Flask, kind: str) -> list[str]:
    with app.app_context(), reading() as session:
        wanted = select(OwedMessage.subject).where(OwedMessage.kind == kind).order_by(OwedMessage.id)
        return list(session.scalars(wanted))


def test_the_desk_is_warned_once_when_amber_and_once_when_late(app: Flask, clock: FileClock) -> None:
    """RULES M-018: at 12 minutes, and only after 15."""
    with app.app_context(), transaction() as session:
        an_account_manager(session)
        number = a_hosting_ticket(session).number
    expected = {12: 0, 12.5: 1, 13: 1, 15: 1, 15.1: 2, 16: 2}
    with app.app_context():
        for minutes, letters in expected.items():
            clock.set(NOW + timedelta(minutes=minutes))
            look_after_tickets()
            look_after_tickets()
            assert len(subjects(app, "ticket_warning")) == letters, minutes
    assert subjects(app, "ticket_warning") == [f"Due soon: {number}", f"Late: {number}"]


def test_an_answer_in_time_warns_nobody(app: Flask, clock: FileClock) -> None:
    with app.app_context():
        with transaction() as session:
            manager = an_account_manager(session)
            ticket = a_hosting_ticket(session)
            answer_ticket(session, ticket, body="We look at it.", author=manager, now=NOW + timedelta(minutes=5))
        clock.set(NOW + timedelta(hours=2))
        look_after_tickets()
    assert subjects(app, "ticket_warning") == []


def test_silence_closes_at_the_announced_instant_however_late_the_worker_looks(app: Flask, clock: FileClock) -> None:
    """RULES C-031."""
    with app.app_context():
        with transaction() as session:
            ticket, manager = a_ticket(session), an_account_manager(session)
            mark_unclear(session, ticket, actor=SYSTEM, now=NOW)
            for _ in range(3):
                ask_for_item(session, ticket, item=Missing.DESCRIPTION, body="What?", author=manager, now=NOW)
            number, ticket_id = ticket.number, ticket.id
        clock.set(DUE - timedelta(minutes=1))
        look_after_tickets()
        assert subjects(app, "ticket_closed") == []
        clock.set(DUE + timedelta(days=4))
        look_after_tickets()
        with transaction() as session:
            assert close_silent_ticket(session, ticket_id, now=DUE + timedelta(days=5)) == 0
        with reading() as session:
            ticket = ticket_for_staff(session, number)
            assert (ticket.state, ticket.closed_at) == (TicketState.CLOSED, DUE)
            assert ticket.reopen_until_at == datetime(2026, 12, 11, 22, 0, tzinfo=UTC)
    assert subjects(app, "ticket_closed") == [f"Closed – {number}"]


def test_the_third_question_names_the_day_on_which_the_request_closes(app: Flask) -> None:
    """RULES C-031."""
    with app.app_context():
        with transaction() as session:
            ticket, manager = a_ticket(session), an_account_manager(session)
            mark_unclear(session, ticket, actor=SYSTEM, now=NOW)
            for _ in range(3):
                ask_for_item(session, ticket, item=Missing.DESCRIPTION, body="What?", author=manager, now=NOW)
        with reading() as session:
            wanted = select(OwedMessage.text_body).where(OwedMessage.kind == "ticket_clarification")
            *before, last = session.scalars(wanted.order_by(OwedMessage.id))
    assert "Clarification 3 of 3: we still need a clear description of what happens." in last
    assert "Closes Fri 27 Nov 2026, 11:00 unless we hear from you." in last
    assert not [text for text in before if "Closes" in text]


def test_a_receipt_says_by_when_we_answer_and_is_no_answer(app: Flask) -> None:
    """RULES C-015, C-023, C-027."""

    with app.app_context():
        with transaction() as session:
            ticket = a_ticket(session)
            opened(session, ticket, messages_of(session, ticket.id)[0], now=NOW)
            assert ticket.first_response_at is None
        with reading() as session:
            letter = session.scalars(select(OwedMessage).where(OwedMessage.kind == "ticket_received")).one()
    assert "Answer by Fri 27 Nov 2026, 11:00 Kyiv" in letter.text_body
    assert "support@migrator.example" in letter.text_body


def test_an_announced_closure_moves_answers_and_tells_their_customers_once(app: Flask, clock: FileClock) -> None:
    """RULES C-020, D-7."""
    with app.app_context():
        with transaction() as session:
            actor, manager = an_administrator(session).actor, an_account_manager(session)
            open_one, answered, hosting = (make(session) for make in (a_ticket, a_ticket, a_hosting_ticket))
            answer_ticket(session, answered, body="Here.", author=manager, now=NOW)
            numbers = [ticket.number for ticket in (open_one, answered, hosting)]
        with transaction() as session:
            closure = draft_closure(
                session,
                calendar_key="kyiv",
                first_on=date(2026, 11, 26),
                last_on=date(2026, 11, 26),
                name="Power cut",
                reason="The power is cut.",
                actor=actor,
                now=NOW,
            )
            recount = see_what_moves(session, closure, direction=Direction.ANNOUNCE, now=NOW)
            recount_id = recount.id
        continue_recounts(clock)

        def switch() -> None:
            with app.app_context(), transaction() as session:
                move_the_dates(session, recount_id, actor=actor, now=NOW)

        with ThreadPoolExecutor(1) as threads:
            with transaction() as session:
                numbers.append(a_ticket(session).number)
                switching = threads.submit(switch)
                with pytest.raises(TimeoutError):
                    switching.result(timeout=0.5)
            switching.result(timeout=30)
        with reading() as session:
            moved, kept, other, asked_meanwhile = (ticket_for_staff(session, number) for number in numbers)
            assert asked_meanwhile.promise_at == DUE + timedelta(days=3), "it was written with the old calendar"
            assert moved.promise_at == moved.respond_by_at == DUE + timedelta(days=3)
            assert (kept.promise_at, kept.respond_by_at) == (None, DUE + timedelta(days=3))
            assert other.promise_at == NOW + timedelta(minutes=15)
    assert subjects(app, "ticket_moved") == [f"A new date – {number}" for number in (numbers[0], numbers[3])]
