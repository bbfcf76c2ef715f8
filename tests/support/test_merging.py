"""Requests that are the same are seen, joined with the earlier clock, and parted as they were (RULES M-021)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item
from migrator.journeys.join_tickets import join_tickets, part_tickets
from migrator.support import operations
from migrator.support.categories import Channel
from migrator.support.lifecycle import TicketState
from migrator.support.merging.rules import UNDO_DAYS, Candidate, CannotMerge, CannotUndo, alike
from migrator.support.models import Ticket, TicketMessage, TicketNote, TicketWatcher
from migrator.support.opening import Sender
from migrator.support.queries import messages_of, notes_of, ticket_with_id, watchers_of
from migrator.support.request_rules import Missing
from tests.conftest import NOW
from tests.factories.people import a_customer, an_account_manager
from tests.factories.tickets import a_hosting_ticket, a_ticket, an_unknown_ticket

KYIV = "Europe/Kyiv"
FRIDAY = datetime.fromisoformat("2026-11-27T17:00+02:00")
MONDAY = datetime.fromisoformat("2026-11-30T09:00+02:00")
BLANK = "The checkout shows error 500 since the update"
HOUR = timedelta(hours=1)


def a_candidate(text: str = BLANK, order: str = "MIG-7F3K-2", number: str = "TIC-AAAA-A") -> Candidate:
    return Candidate(number, order, text, FRIDAY)


@pytest.mark.parametrize(
    ("text", "order", "is_alike"),
    [
        ("Error 500 in the checkout", "MIG-7F3K-2", True),
        ("CHECKOUT: ERROR 500!", "MIG-7F3K-2", True),
        ("Error 500 in the checkout", "MIG-AAAA-A", False),
        ("Error 500 in the checkout", "", False),
        ("The checkout is the wrong colour everywhere on phones", "MIG-7F3K-2", False),
        ("Please help, it does not work", "MIG-7F3K-2", False),
        ("", "MIG-7F3K-2", False),
    ],
)
def test_requests_are_alike_by_migration_and_telling_words(text: str, order: str, is_alike: bool) -> None:
    assert bool(alike(text, order, [a_candidate()], now=MONDAY, zone=KYIV)) == is_alike


def test_the_reason_names_day_migration_and_words() -> None:
    (found,) = alike("Error 500 in checkout", "MIG-7F3K-2", [a_candidate()], now=MONDAY, zone=KYIV)
    assert found.reason == (
        "Asked on Friday: the same migration, MIG-7F3K-2, and the words “500”, “checkout” and “error”."
    )


def state_of(session: Session, *tickets: Ticket) -> list[Any]:
    """This will return all that can be seen of tickets, to be compared before and after."""
    session.flush()
    session.expire_all()
    found: list[Any] = []
    for ticket in tickets:
        row = ticket_with_id(session, ticket.id)
        columns = {
            column.key: getattr(row, column.key) for column in Ticket.__table__.columns if column.key != "version"
        }
        messages = [(message.id, message.body, message.came_from_id) for message in messages_of(session, row.id)]
        notes = [(note.id, note.body) for note in notes_of(session, row.id)]
        found.append((columns, messages, notes, [person.id for person in watchers_of(session, row.id)]))
    return found


def as_it_was(session: Session, ticket: Ticket) -> None:
    """Nothing happened on it since it was opened."""


def answered(session: Session, ticket: Ticket) -> None:
    answer_ticket(session, ticket, body="Here is why.", author=an_account_manager(session), now=NOW + HOUR)


def noted(session: Session, ticket: Ticket) -> None:
    operations.keep_note(session, ticket, body="Only for us.", author=an_account_manager(session), now=NOW + HOUR)


def clarified(session: Session, ticket: Ticket) -> None:
    operations.mark_unclear(session, ticket, actor=an_account_manager(session).actor, now=NOW)
    ask_for_item(
        session,
        ticket,
        item=Missing.DESCRIPTION,
        body="Which page?",
        author=an_account_manager(session),
        now=NOW + HOUR,
    )


PASTS = [as_it_was, answered, noted, clarified]


@pytest.mark.parametrize("of_kept", PASTS)
@pytest.mark.parametrize("of_merged", PASTS)
def test_joining_and_parting_leaves_both_as_they_were(
    session: Session,
    of_kept: Callable[[Session, Ticket], None],
    of_merged: Callable[[Session, Ticket], None],
) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    colleague = a_customer(
        session, email="rui@atelier.example", organisation=session.get_one(Organisation, customer.organisation_id)
    )
    kept, merged = a_ticket(session, person=customer), a_ticket(session, person=colleague, at=NOW - HOUR)
    of_kept(session, kept)
    of_merged(session, merged)
    before = state_of(session, kept, merged)
    join_tickets(session, merged.number, kept.number, author=manager, now=NOW + 2 * HOUR)
    assert state_of(session, kept, merged) != before
    part_tickets(session, merged.number, kept.number, author=manager, now=NOW + 3 * HOUR)
    assert state_of(session, kept, merged) == before


def test_the_earlier_clock_is_kept_and_nothing_is_lost(session: Session) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    early, late = a_ticket(session, person=customer, at=NOW - 5 * HOUR), a_ticket(session, person=customer)
    noted(session, early)
    promised = early.promise_at
    join_tickets(session, early.number, late.number, author=manager, now=NOW + HOUR)
    kept, gone = ticket_with_id(session, late.id), ticket_with_id(session, early.id)
    assert (kept.promise_at, kept.opened_at) == (promised, NOW - 5 * HOUR)
    assert (gone.state, gone.merged_into_id, gone.promise_at) == (TicketState.MERGED, late.id, None)
    assert sorted(message.came_from_id or 0 for message in messages_of(session, late.id)) == [0, early.id]
    assert session.scalar(select(func.count()).select_from(TicketNote).where(TicketNote.ticket_id == late.id)) == 1
    assert not session.scalars(select(TicketMessage).where(TicketMessage.body == "Only for us.")).all()


def test_what_came_since_stays_where_it_is_when_they_are_parted(session: Session) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    kept, merged = a_ticket(session, person=customer), a_ticket(session, person=customer)
    join_tickets(session, merged.number, kept.number, author=manager, now=NOW)
    held = ticket_with_id(session, kept.id, for_update=True)
    operations.write(
        session, held, body="One thing more.", sender=Sender(customer), channel=Channel.WEB, now=NOW + HOUR
    )
    part_tickets(session, merged.number, kept.number, author=manager, now=NOW + 2 * HOUR)
    assert "One thing more." in [message.body for message in messages_of(session, kept.id)]
    assert ticket_with_id(session, merged.id).promise_at is not None


def test_an_answer_to_both_counts_for_what_stays_and_the_other_waits_again(session: Session) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    kept, merged = a_ticket(session, person=customer), a_ticket(session, person=customer)
    join_tickets(session, merged.number, kept.number, author=manager, now=NOW)
    answer_ticket(session, ticket_with_id(session, kept.id), body="Done.", author=manager, now=NOW + HOUR)
    part_tickets(session, merged.number, kept.number, author=manager, now=NOW + 2 * HOUR)
    assert ticket_with_id(session, kept.id).state is TicketState.ANSWERED
    assert ticket_with_id(session, merged.id).state is TicketState.OPEN


def test_what_must_stay_apart_is_refused_and_nothing_changes(session: Session) -> None:
    manager, owner = an_account_manager(session), a_customer(session)
    ticket = a_ticket(session, person=owner)
    stranger = a_customer(session, email="somebody@else.example")
    closed = a_ticket(session, person=owner)
    answered(session, closed)
    operations.close(session, closed, actor=manager.actor, now=NOW + HOUR)
    others = {
        ticket.number: "with itself",
        a_ticket(session, person=stranger).number: "the same customer",
        an_unknown_ticket(session).number: "the same customer",
        a_hosting_ticket(session, person=owner).number: "different policies",
        closed.number: "Only open requests",
    }
    before = state_of(session, ticket)
    for number, words in others.items():
        with pytest.raises(CannotMerge, match=words):
            join_tickets(session, number, ticket.number, author=manager, now=NOW)
    assert state_of(session, ticket) == before


def test_after_thirty_days_they_stay_one_and_a_chain_is_parted_from_its_end(session: Session) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    first, second, third = (a_ticket(session, person=customer) for _ in range(3))
    join_tickets(session, first.number, second.number, author=manager, now=NOW)
    join_tickets(session, second.number, third.number, author=manager, now=NOW)
    with pytest.raises(CannotUndo, match=third.number.replace("-", ".") + "|itself part"):
        part_tickets(session, first.number, second.number, author=manager, now=NOW)
    with pytest.raises(CannotUndo, match="30 days"):
        part_tickets(session, second.number, third.number, author=manager, now=NOW + timedelta(days=UNDO_DAYS))
    part_tickets(session, second.number, third.number, author=manager, now=NOW + timedelta(days=UNDO_DAYS) - HOUR)
    part_tickets(session, first.number, second.number, author=manager, now=NOW + HOUR)
    assert ticket_with_id(session, first.id).state is TicketState.OPEN
    assert session.scalar(select(func.count()).select_from(TicketWatcher)) == 3
