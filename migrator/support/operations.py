"""What is done to a ticket. Flushes, never commits; every deed is written down, notes without their words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar
from migrator.clock.wording import end_text
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.orders.models import Order
from migrator.policy.support import SupportPolicy, support_policy
from migrator.support.categories import TEAMS, Category, Channel, needs_order
from migrator.support.lifecycle import CloseCause, TicketEvent, TicketState, next_state
from migrator.support.models import MessageKind, Side, Ticket, TicketMessage, TicketNote, TicketWatcher
from migrator.support.opening import Sender, is_premium, refresh_dates
from migrator.support.queries import has_orders
from migrator.support.request_rules import (
    CannotClose,
    Contents,
    Missing,
    Verdict,
    missing_items,
    refuse_clarification,
    refuse_late_reopening,
    why_not_close,
    words_given,
)
from migrator.support.rules import closes_at, rank_of, reopen_until

NO_MESSAGE = "Write the message first."


def policy_of(ticket: Ticket) -> SupportPolicy:
    """This will return the policy that a ticket was opened under (RULES D-1, M-005)."""
    return support_policy(ticket.desk, ticket.policy_version)


def missing_of(ticket: Ticket) -> tuple[Missing, ...]:
    """This will return what is missing from a ticket (RULES C-026, C-028, C-029)."""
    return missing_items(
        Contents(
            is_identified=ticket.organisation_id is not None,
            has_order=ticket.order_id is not None,
            needs_order=ticket.needs_order,
            is_unclear=ticket.is_unclear,
        )
    )


def write(
    session: Session, ticket: Ticket, *, body: str, sender: Sender, channel: Channel, now: datetime
) -> TicketMessage:
    """This will add a message of the customer. An answer is owed from the first one on (RULES C-023).

    A closed ticket is reopened while its days for that last (RULES C-031).

    :raises TooLateToReopen: when they are over
    :raises NotNow: when the ticket was merged
    :raises WordsMissing: without words
    """
    words = words_given(body, NO_MESSAGE)
    if ticket.state is TicketState.CLOSED:
        _reopen(session, ticket, actor=sender.actor, now=now)
    else:
        _move(ticket, TicketEvent.WRITE, now=now)
    _owe_answer(session, ticket, now=now)
    if sender.person is not None:
        watch(session, ticket, sender.person, now=now)
    message = _message(
        session,
        ticket,
        Side.CUSTOMER,
        author=sender.person,
        name=sender.display_name,
        body=words,
        channel=channel,
        now=now,
    )
    _note_deed(session, "ticket.written", ticket, actor=sender.actor, now=now, facts={"channel": channel.value})
    return message


def reply(
    session: Session, ticket: Ticket, *, body: str, author: Person, channel: Channel, now: datetime
) -> TicketMessage:
    """This will add our answer, which meets the promise: a person wrote it and the customer reads it (RULES C-023).

    :raises NotNow: when the ticket is closed
    :raises WordsMissing: without words
    """
    words = words_given(body, NO_MESSAGE)
    _move(ticket, TicketEvent.REPLY, now=now)
    ticket.closes_at = None
    _answered(session, ticket, now=now)
    message = _message(
        session, ticket, Side.STAFF, author=author, name=author.display_name, body=words, channel=channel, now=now
    )
    _note_deed(session, "ticket.answered", ticket, actor=author.actor, now=now)
    return message


def clarify(
    session: Session, ticket: Ticket, *, item: Missing, body: str, author: Person, channel: Channel, now: datetime
) -> TicketMessage:
    """This will ask for a missing item, three times at most; the third sets when it closes (RULES C-030, C-031).

    It is an answer, too: a person wrote it and the customer reads it.

    :raises NothingMissing: when the item is there
    :raises NoMoreClarifications: when it was asked for often enough
    :raises NotNow: when the ticket is closed
    """
    policy = policy_of(ticket)
    refuse_clarification(item, missing_of(ticket), asked=ticket.clarifications, most=policy.clarifications)
    words = words_given(body, NO_MESSAGE)
    counting = calendar(session, closing_calendar(ticket))
    _move(ticket, TicketEvent.CLARIFY, now=now)
    ticket.clarifying, ticket.clarifications = item, ticket.clarifications + 1
    if ticket.clarifications == policy.clarifications:
        days = policy.clarification_closes_business_days
        ticket.closes_at = closes_at(counting, clarified_at=now, business_days=days)
    _answered(session, ticket, now=now)
    message = _message(
        session, ticket, Side.STAFF, author=author, name=author.display_name, body=words, channel=channel, now=now
    )
    message.kind, message.item, message.clarification = MessageKind.CLARIFICATION, item, ticket.clarifications
    session.flush()
    facts = {"item": item.value, "clarification": ticket.clarifications}
    _note_deed(session, "ticket.clarified", ticket, actor=author.actor, now=now, facts=facts)
    return message


def keep_note(session: Session, ticket: Ticket, *, body: str, author: Person, now: datetime) -> TicketNote:
    """This will keep a note among our people; no clock hears of it (RULES C-023)."""
    note = TicketNote(
        ticket_id=ticket.id, author_id=author.id, body=words_given(body, "Write the note first."), written_at=now
    )
    session.add(note)
    session.flush()
    _note_deed(session, "ticket.noted", ticket, actor=author.actor, now=now, visibility=Visibility.STAFF)
    return note


def mark_unclear(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will say that the description does not tell what happens, so that it can be asked for (RULES C-029)."""
    ticket.is_unclear = True
    session.flush()
    _note_deed(session, "ticket.unclear", ticket, actor=actor, now=now, visibility=Visibility.STAFF)


def mark_clear(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will say that the description is clear now; the questions begin anew (RULES C-030)."""
    ticket.is_unclear = False
    _supplied(ticket, now=now)
    session.flush()
    _note_deed(session, "ticket.clear", ticket, actor=actor, now=now, visibility=Visibility.STAFF)


def name_order(session: Session, ticket: Ticket, order: Order, *, actor: Actor, now: datetime) -> None:
    """This will say which migration a ticket is about (RULES C-028); the customer's own word is a message to answer.

    :param order: of the ticket's organisation
    """
    ticket.order_id, ticket.order = order.id, order
    ticket.rank = int(rank_of(ticket.category, is_premium=is_premium(order)))
    ticket.assignee_id = ticket.assignee_id or order.account_manager_id
    _supplied(ticket, now=now)
    if not actor.is_staff and ticket.state is TicketState.OPEN:
        _owe_answer(session, ticket, now=now)
    session.flush()
    _note_deed(session, "ticket.order_named", ticket, actor=actor, now=now, facts={"order": order.number})


def identify(session: Session, ticket: Ticket, person: Person, *, actor: Actor, now: datetime) -> None:
    """This will say which customer wrote a ticket of an unknown sender (RULES C-026). Its clock has run all along.

    :param person: a customer
    :raises NotNow: when the ticket is not waiting for this
    """
    _move(ticket, TicketEvent.IDENTIFY, now=now)
    ticket.organisation_id, ticket.opened_by_id, ticket.opened_by = person.organisation_id, person.id, person
    assert person.organisation_id is not None, "only customers are identified"
    known_to_have = has_orders(session, person.organisation_id)
    ticket.needs_order = needs_order(ticket.desk, ticket.category, has_orders=known_to_have)
    _supplied(ticket, now=now)
    session.flush()
    watch(session, ticket, person, now=now)
    _note_deed(session, "ticket.identified", ticket, actor=actor, now=now, facts={"person": person.id})


def assign(session: Session, ticket: Ticket, assignee: Person | None, *, actor: Actor, now: datetime) -> None:
    """This will give a ticket to one of our people, or to nobody."""
    old = ticket.assignee_id
    ticket.assignee_id = assignee.id if assignee else None
    session.flush()
    facts = {"old": old, "new": ticket.assignee_id}
    _note_deed(session, "ticket.assigned", ticket, actor=actor, now=now, visibility=Visibility.STAFF, facts=facts)


def recategorise(session: Session, ticket: Ticket, category: Category, *, actor: Actor, now: datetime) -> None:
    """This will correct what a ticket is about, and with it its team. The promise stays as it was given (RULES D-8)."""
    facts = {"old": ticket.category.value, "new": category.value}
    ticket.category, ticket.team = category, TEAMS[category]
    known_to_have = ticket.organisation_id is None or has_orders(session, ticket.organisation_id)
    ticket.needs_order = needs_order(ticket.desk, category, has_orders=known_to_have)
    _supplied(ticket, now=now)
    session.flush()
    _note_deed(session, "ticket.recategorised", ticket, actor=actor, now=now, facts=facts)


def suspend_guarantee(session: Session, ticket: Ticket, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will note that the language stands in the way of an answer; the response clock runs on (RULES M-034)."""
    ticket.guarantee_suspended_reason = words_given(reason, "Write the reason: the customer reads it.")
    ticket.guarantee_suspended_at = now
    session.flush()
    _note_deed(session, "ticket.guarantee_suspended", ticket, actor=actor, now=now, reason=reason)


def restore_guarantee(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will take back that the language stands in the way."""
    ticket.guarantee_suspended_at, ticket.guarantee_suspended_reason = None, ""
    session.flush()
    _note_deed(session, "ticket.guarantee_restored", ticket, actor=actor, now=now)


def give_verdict(
    session: Session, ticket: Ticket, verdict: Verdict, *, words: str, actor: Actor, now: datetime
) -> None:
    """This will write down what an investigation found (RULES M-026 to M-028).

    :param words: what was changed, where the hosting is the cause; what we recommend, where it is not
    :raises WordsMissing: when they are missing
    """
    if verdict is Verdict.HOSTING:
        words = words_given(words, "Say what was changed: the customer reads it.")
    if verdict is Verdict.NOT_HOSTING:
        words = words_given(words, "Write the recommendation: the customer reads it.")
    ticket.verdict = verdict
    ticket.change_note = words if verdict is Verdict.HOSTING else ""
    ticket.recommendation = "" if verdict is Verdict.HOSTING else words.strip()
    session.flush()
    _note_deed(session, "ticket.verdict", ticket, actor=actor, now=now, facts={"verdict": verdict.value})


def close(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will close a ticket for our people.

    :raises CannotClose: while an answer is owed, or the verdict is missing (RULES C-021, M-026)
    """
    reason = why_not_close(
        state=ticket.state,
        desk=ticket.desk,
        category=ticket.category,
        verdict=ticket.verdict,
        is_answer_owed=ticket.asked_at is not None,
    )
    if reason:
        raise CannotClose(reason)
    _close(session, ticket, CloseCause.STAFF, actor=actor, now=now)


def withdraw(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will close a ticket for the customer, who needs no answer any more.

    :raises NotNow: when it is closed already
    """
    _close(session, ticket, CloseCause.CUSTOMER, actor=actor, now=now)


def close_in_silence(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """This will close a ticket that nobody has answered after our last question (RULES C-031)."""
    _close(session, ticket, CloseCause.SILENCE, actor=actor, now=now)


def note_warning(session: Session, ticket: Ticket, *, is_late: bool) -> None:
    """This will note that the desk was warned, and when to look again: not after the warning that it is late."""
    ticket.next_warning_at = None if is_late else ticket.promise_at
    session.flush()


def watch(session: Session, ticket: Ticket, person: Person, *, now: datetime) -> None:
    """This will tell a person of every message on a ticket from now on."""
    wanted = select(TicketWatcher.id).where(TicketWatcher.ticket_id == ticket.id, TicketWatcher.person_id == person.id)
    if session.scalar(wanted) is None:
        session.add(TicketWatcher(ticket_id=ticket.id, person_id=person.id, since_at=now))
        session.flush()


def closing_calendar(ticket: Ticket) -> str:
    """This will return the calendar that the days of closing and reopening are counted by: the desk's."""
    return policy_of(ticket).calendar


def _reopen(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    until = ticket.reopen_until_at
    zone = calendar(session, closing_calendar(ticket)).zone
    refuse_late_reopening(until, now=now, words=end_text(until, zone) if until else "")
    is_known = ticket.organisation_id is not None
    _move(ticket, TicketEvent.REOPEN if is_known else TicketEvent.REOPEN_UNIDENTIFIED, now=now)
    ticket.closed_at, ticket.close_cause, ticket.reopen_until_at = None, None, None
    session.flush()
    _note_deed(session, "ticket.reopened", ticket, actor=actor, now=now)


def _close(session: Session, ticket: Ticket, cause: CloseCause, *, actor: Actor, now: datetime) -> None:
    counting = calendar(session, closing_calendar(ticket))
    _move(ticket, TicketEvent.CLOSE, now=now)
    days = policy_of(ticket).reopen_calendar_days
    ticket.closed_at, ticket.close_cause = now, cause
    ticket.reopen_until_at = reopen_until(counting, closed_at=now, calendar_days=days)
    ticket.asked_at, ticket.closes_at = None, None
    refresh_dates(session, ticket)
    session.flush()
    _note_deed(session, "ticket.closed", ticket, actor=actor, now=now, facts={"cause": cause.value})


def _owe_answer(session: Session, ticket: Ticket, *, now: datetime) -> None:
    # What was asked first is answered first: a second message does not put the answer off (RULES C-023).
    ticket.asked_at = ticket.asked_at or now
    ticket.closes_at = None
    refresh_dates(session, ticket)
    session.flush()


def _answered(session: Session, ticket: Ticket, *, now: datetime) -> None:
    ticket.first_response_at = ticket.first_response_at or now
    ticket.asked_at = None
    refresh_dates(session, ticket)
    session.flush()


def _supplied(ticket: Ticket, *, now: datetime) -> None:
    if ticket.clarifying is None or ticket.clarifying in missing_of(ticket):
        return
    ticket.clarifying, ticket.clarifications, ticket.closes_at = None, 0, None
    if ticket.state is TicketState.WAITING_FOR_CUSTOMER:
        _move(ticket, TicketEvent.CLEAR_UP, now=now)


def _move(ticket: Ticket, event: TicketEvent, *, now: datetime) -> None:
    state = next_state(ticket.state, event)
    if state is not ticket.state:
        ticket.state, ticket.state_since_at = state, now


def _message(
    session: Session,
    ticket: Ticket,
    side: Side,
    *,
    author: Person | None,
    name: str,
    body: str,
    channel: Channel,
    now: datetime,
) -> TicketMessage:
    message = TicketMessage(
        ticket_id=ticket.id,
        side=side,
        channel=channel,
        author_id=author.id if author else None,
        author_name=name,
        body=body,
        sent_at=now,
    )
    session.add(message)
    session.flush()
    return message


def _note_deed(
    session: Session,
    verb: str,
    ticket: Ticket,
    *,
    actor: Actor,
    now: datetime,
    visibility: Visibility = Visibility.CUSTOMER,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        verb,
        subject="ticket",
        key=ticket.number,
        actor=actor,
        now=now,
        visibility=visibility,
        reason=reason,
        facts=facts,
    )
