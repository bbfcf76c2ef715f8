"""Computing tickets anew when the closed days of their calendar change, before and at the change (RULES C-020, D-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from migrator.clock.calendar import Calendar
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.support.models import MessageKind, Ticket, TicketMessage
from migrator.support.opening import put_dates
from migrator.support.operations import policy_of
from migrator.support.rules import Dates, closes_at, dates_of

VERB = "ticket.closure_moved"


@dataclass(frozen=True, slots=True)
class NewDate:
    """A date that a customer was given, by when we answer or when the request closes by itself, and what it becomes."""

    old_at: datetime
    new_at: datetime


@dataclass(frozen=True, slots=True)
class MovingTicket:
    """A ticket with its dates under another calendar.

    :ivar told: what its customer is told; none where no date that they were given moves
    """

    ticket: Ticket
    dates: Dates
    closes_at: datetime | None
    told: NewDate | None


def moving_tickets(
    session: Session, counting: Calendar, *, since: datetime, for_update: bool = False
) -> tuple[MovingTicket, ...]:
    """This will return the tickets that days from `since` on can move, with their customers; nothing is written.

    :param counting: the calendar as it is to be
    """
    wanted = _in_reach(counting, since).options(joinedload(Ticket.organisation))
    found = session.scalars(wanted.with_for_update(of=Ticket) if for_update else wanted).all()
    asked = _last_questions(session, [ticket.id for ticket in found if ticket.closes_at is not None])
    return tuple(_moving(ticket, counting, asked.get(ticket.id)) for ticket in found)


def recount_tickets(
    session: Session, counting: Calendar, *, since: datetime, reason: str, actor: Actor, now: datetime
) -> tuple[tuple[Ticket, NewDate], ...]:
    """This will write the dates of all tickets that days from `since` on can move, and return what customers are told.

    :param counting: the calendar as it is now
    """
    told = []
    for moving in moving_tickets(session, counting, since=since, for_update=True):
        put_dates(moving.ticket, moving.dates)
        moving.ticket.closes_at = moving.closes_at
        if moving.told is not None:
            told.append((moving.ticket, moving.told))
            _note(session, moving.ticket, moving.told, reason=reason, actor=actor, now=now)
    session.flush()
    return tuple(told)


def _in_reach(counting: Calendar, since: datetime) -> Select[Ticket]:
    dated = and_(Ticket.calendar_key == counting.key, or_(Ticket.promise_at > since, Ticket.respond_by_at > since))
    return select(Ticket).where(or_(dated, Ticket.closes_at > since)).order_by(Ticket.id)


def _last_questions(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    last_at = func.max(TicketMessage.sent_at).label("last_at")
    wanted = select(TicketMessage.ticket_id, last_at).where(
        TicketMessage.ticket_id.in_(ids), TicketMessage.kind == MessageKind.CLARIFICATION
    )
    return {row.ticket_id: row.last_at for row in session.execute(wanted.group_by(TicketMessage.ticket_id))}


def _moving(ticket: Ticket, counting: Calendar, asked_last_at: datetime | None) -> MovingTicket:
    is_counted = ticket.calendar_key == counting.key
    kept = Dates(ticket.respond_by_at, ticket.promise_at, ticket.amber_at)
    dates = dates_of(counting, ticket.promised, ticket.asked) if is_counted else kept
    closing = _closes_at(ticket, counting, asked_last_at)
    old_at, new_at = ticket.promise_at or ticket.closes_at, dates.promise_at or closing
    told = NewDate(old_at, new_at) if old_at and new_at and old_at != new_at else None
    return MovingTicket(ticket, dates, closing, told)


def _closes_at(ticket: Ticket, counting: Calendar, asked_last_at: datetime | None) -> datetime | None:
    policy = policy_of(ticket)
    if ticket.closes_at is None or asked_last_at is None or policy.calendar != counting.key:
        return ticket.closes_at
    days = policy.clarification_closes_business_days
    return closes_at(counting, clarified_at=asked_last_at, business_days=days)


def _note(session: Session, ticket: Ticket, moved: NewDate, *, reason: str, actor: Actor, now: datetime) -> None:
    facts = {"old": moved.old_at.isoformat(), "new": moved.new_at.isoformat()}
    record(session, VERB, subject="ticket", key=ticket.number, actor=actor, now=now, reason=reason, facts=facts)
