"""What is done to a ticket: clocks that start and stop, questions, closing and reopening, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from migrator.history.actor import SYSTEM
from migrator.history.models import HistoryEntry
from migrator.support import models
from migrator.support.categories import Category, Channel
from migrator.support.lifecycle import CloseCause, NotNow, TicketState
from migrator.support.models import Ticket, TicketMessage
from migrator.support.numbers import is_ticket_number
from migrator.support.opening import Sender
from migrator.support.operations import (
    clarify,
    close,
    close_in_silence,
    give_verdict,
    identify,
    keep_note,
    mark_clear,
    mark_unclear,
    missing_of,
    name_order,
    reply,
    suspend_guarantee,
    write,
)
from migrator.support.request_rules import (
    CannotClose,
    Missing,
    NoMoreClarifications,
    TooLateToReopen,
    Verdict,
    WordsMissing,
)
from migrator.support.rules import Rank
from tests.conftest import NOW
from tests.factories.people import a_customer, an_account_manager
from tests.factories.stages import an_unpaid_order
from tests.factories.tickets import a_hosting_ticket, a_ticket, an_unknown_ticket

HOUR = timedelta(hours=1)
DUE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def asks(session: Session, ticket: Ticket, item: Missing, at: datetime) -> TicketMessage:
    manager = an_account_manager(session)
    return clarify(session, ticket, item=item, body="Which page is it?", author=manager, channel=Channel.WEB, now=at)


def answers(session: Session, ticket: Ticket, at: datetime) -> TicketMessage:
    manager = an_account_manager(session)
    return reply(session, ticket, body="We have found it.", author=manager, channel=Channel.WEB, now=at)


def writes(session: Session, ticket: Ticket, at: datetime, body: str = "It is still so.") -> TicketMessage:
    sender = Sender(ticket.opened_by) if ticket.opened_by else Sender(address=ticket.contact_address)
    return write(session, ticket, body=body, sender=sender, channel=Channel.WEB, now=at)


def test_a_new_ticket_has_its_number_team_and_date(session: Session) -> None:
    """RULES C-004, C-021."""
    ticket = a_ticket(session, category=Category.TROUBLESHOOTING)
    assert is_ticket_number(ticket.number)
    assert (ticket.state, ticket.team.value, ticket.firmness.value) == (TicketState.OPEN, "technical", "guaranteed")
    assert ticket.promise_at == ticket.respond_by_at == DUE
    assert ticket.amber_at == ticket.next_warning_at == DUE - 24 * HOUR


def test_a_note_does_not_stop_the_clock_and_an_answer_does(session: Session) -> None:
    """RULES C-023."""
    ticket = a_ticket(session)
    keep_note(session, ticket, body="Ask the engineers.", author=an_account_manager(session), now=NOW + HOUR)
    assert (ticket.promise_at, ticket.first_response_at) == (DUE, None)
    answers(session, ticket, NOW + 2 * HOUR)
    assert ticket.state is TicketState.ANSWERED
    assert (ticket.promise_at, ticket.next_warning_at) == (None, None)
    assert (ticket.respond_by_at, ticket.first_response_at) == (DUE, NOW + 2 * HOUR)


def test_a_later_message_opens_a_target_of_the_same_length_and_a_second_one_does_not_move_it(session: Session) -> None:
    """RULES C-023."""
    ticket = a_ticket(session)
    answers(session, ticket, NOW + HOUR)
    writes(session, ticket, NOW + 3 * HOUR)
    assert (ticket.state, ticket.promise_at) == (TicketState.OPEN, DUE + 3 * HOUR)
    writes(session, ticket, NOW + 9 * HOUR)
    assert ticket.promise_at == DUE + 3 * HOUR
    assert ticket.respond_by_at == DUE


def test_a_hosting_answer_is_owed_to_the_microsecond(session: Session) -> None:
    """RULES M-018."""
    asked_at = NOW.replace(second=37, microsecond=123_456)
    ticket = a_hosting_ticket(session, at=asked_at)
    session.flush()
    session.expire(ticket)
    assert ticket.promise_at == asked_at + timedelta(minutes=15)
    assert ticket.amber_at == asked_at + timedelta(minutes=12)


def test_no_field_of_a_ticket_holds_when_it_is_solved() -> None:
    """RULES M-019."""
    names = {column.key for column in inspect(models.Ticket).columns}
    assert not {name for name in names if "resol" in name or "solve" in name or "due" in name or "fix" in name}
    assert {name for name in names if name.endswith(("_at", "_on"))} == {
        "opened_at", "asked_at", "first_response_at", "respond_by_at", "promise_at", "amber_at", "next_warning_at",
        "state_since_at", "closes_at", "closed_at", "reopen_until_at", "guarantee_suspended_at",
    }  # fmt: skip


def test_three_questions_then_the_ticket_closes_by_itself_and_can_be_reopened(session: Session) -> None:
    """RULES C-030, C-031."""
    ticket = a_ticket(session)
    mark_unclear(session, ticket, actor=SYSTEM, now=NOW)
    for number in (1, 2, 3):
        message = asks(session, ticket, Missing.DESCRIPTION, NOW + number * HOUR)
        assert (message.clarification, ticket.clarifications) == (number, number)
        assert ticket.state is TicketState.WAITING_FOR_CUSTOMER
    assert ticket.closes_at == DUE + 3 * HOUR
    with pytest.raises(NoMoreClarifications):
        asks(session, ticket, Missing.DESCRIPTION, NOW + 4 * HOUR)
    close_in_silence(session, ticket, actor=SYSTEM, now=ticket.closes_at)
    assert (ticket.state, ticket.close_cause) == (TicketState.CLOSED, CloseCause.SILENCE)
    end = datetime(2026, 12, 11, 22, 0, tzinfo=UTC)
    assert ticket.reopen_until_at == end
    with pytest.raises(TooLateToReopen):
        writes(session, ticket, end)
    writes(session, ticket, end - timedelta(microseconds=1))
    assert (ticket.state, ticket.closed_at, ticket.close_cause) == (TicketState.OPEN, None, None)
    assert ticket.promise_at is not None


def test_the_questions_begin_anew_only_when_the_item_is_there(session: Session) -> None:
    """RULES C-030: a vague answer does not reset the count."""
    ticket = a_ticket(session)
    mark_unclear(session, ticket, actor=SYSTEM, now=NOW)
    asks(session, ticket, Missing.DESCRIPTION, NOW + HOUR)
    writes(session, ticket, NOW + 2 * HOUR)
    assert (ticket.clarifications, ticket.state) == (1, TicketState.OPEN)
    mark_clear(session, ticket, actor=SYSTEM, now=NOW + 3 * HOUR)
    assert (ticket.clarifications, ticket.clarifying, missing_of(ticket)) == (0, None, ())


def test_a_word_of_the_customer_stops_the_closing(session: Session) -> None:
    """RULES C-031."""
    ticket = a_ticket(session)
    mark_unclear(session, ticket, actor=SYSTEM, now=NOW)
    for number in (1, 2, 3):
        asks(session, ticket, Missing.DESCRIPTION, NOW + number * HOUR)
    writes(session, ticket, NOW + 5 * HOUR)
    assert (ticket.closes_at, ticket.clarifications) == (None, 3)


def test_naming_the_migration_supplies_it_and_owes_an_answer(session: Session) -> None:
    """RULES C-028, C-030."""
    order = an_unpaid_order(session)
    ticket = a_ticket(session, person=order.placed_by, category=Category.REQUEST)
    assert missing_of(ticket) == (Missing.MIGRATION_ID,)
    asks(session, ticket, Missing.MIGRATION_ID, NOW + HOUR)
    name_order(session, ticket, order, actor=order.placed_by.actor, now=NOW + 2 * HOUR)
    assert (missing_of(ticket), ticket.clarifications, ticket.state) == ((), 0, TicketState.OPEN)
    assert ticket.promise_at == DUE + 2 * HOUR


def test_an_unknown_sender_is_identified_while_the_clock_runs(session: Session) -> None:
    """RULES C-026, X-05."""
    ticket = an_unknown_ticket(session)
    assert (ticket.state, ticket.promise_at) == (TicketState.NEEDS_IDENTIFICATION, DUE)
    assert missing_of(ticket) == (Missing.LOGIN_EMAIL, Missing.MIGRATION_ID)
    person = a_customer(session)
    identify(session, ticket, person, actor=SYSTEM, now=NOW + HOUR)
    assert (ticket.state, ticket.promise_at, missing_of(ticket)) == (TicketState.OPEN, DUE, ())
    assert ticket.organisation_id == person.organisation_id


def test_a_premium_is_sorted_first_and_a_forum_question_last(session: Session) -> None:
    """RULES C-014, C-041."""
    assert a_ticket(session, category=Category.FORUM).rank == Rank.FORUM
    assert a_ticket(session).rank == Rank.USUAL


def test_an_investigation_is_closed_with_its_verdict_and_words(session: Session) -> None:
    """RULES M-026 to M-028."""
    ticket, actor = a_hosting_ticket(session), an_account_manager(session).actor
    answers(session, ticket, NOW + HOUR)
    with pytest.raises(CannotClose):
        close(session, ticket, actor=actor, now=NOW + HOUR)
    for verdict in (Verdict.HOSTING, Verdict.NOT_HOSTING):
        with pytest.raises(WordsMissing):
            give_verdict(session, ticket, verdict, words=" ", actor=actor, now=NOW + HOUR)
    give_verdict(session, ticket, Verdict.NOT_HOSTING, words="Update the module.", actor=actor, now=NOW + HOUR)
    close(session, ticket, actor=actor, now=NOW + HOUR)
    assert (ticket.state, ticket.recommendation) == (TicketState.CLOSED, "Update the module.")


def test_an_unanswered_ticket_is_not_closed_and_a_closed_one_is_not_answered(session: Session) -> None:
    """RULES C-021."""
    ticket, actor = a_ticket(session), an_account_manager(session).actor
    with pytest.raises(CannotClose):
        close(session, ticket, actor=actor, now=NOW)
    answers(session, ticket, NOW + HOUR)
    close(session, ticket, actor=actor, now=NOW + HOUR)
    with pytest.raises(NotNow):
        answers(session, ticket, NOW + 2 * HOUR)


def test_a_language_that_stands_in_the_way_leaves_the_clock_alone(session: Session) -> None:
    """RULES M-034."""
    ticket = a_hosting_ticket(session, language="other")
    suspend_guarantee(session, ticket, reason="We cannot read the error.", actor=SYSTEM, now=NOW)
    assert ticket.promise_at == NOW + timedelta(minutes=15)


def test_the_words_of_a_note_are_kept_out_of_the_history(session: Session) -> None:
    ticket = a_ticket(session)
    keep_note(session, ticket, body="SENTINEL", author=an_account_manager(session), now=NOW)
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_key == ticket.number)).all()
    assert entries
    assert not [entry for entry in entries if "SENTINEL" in f"{entry.reason}{entry.facts}"]
