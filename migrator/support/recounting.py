"""Computing tickets anew when the closed days of their calendar have changed (RULES C-020, D-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.support.models import MessageKind, Ticket, TicketMessage
from migrator.support.opening import put_dates
from migrator.support.operations import policy_of
from migrator.support.rules import closes_at, dates_of

VERB = "ticket.closure_moved"


@dataclass(frozen=True, slots=True)
class MovedTicket:
    """A ticket whose answer, or whose closing by itself, has another date now."""

    ticket: Ticket
    old_at: datetime
    new_at: datetime


def recount_tickets(
    session: Session, counting: Calendar, *, since: datetime, reason: str, actor: Actor, now: datetime
) -> tuple[MovedTicket, ...]:
    """This will write the dates of all tickets that days from `since` on can move, and return what moved for people.

    :param counting: the calendar as it is now
    """
    moved = []
    for ticket in session.scalars(_in_reach(counting, since)).all():
        old_at = ticket.promise_at or ticket.closes_at
        if ticket.calendar_key == counting.key:
            put_dates(ticket, dates_of(counting, ticket.promised, ticket.asked))
        _move_closing(session, ticket, counting)
        new_at = ticket.promise_at or ticket.closes_at
        if old_at is not None and new_at is not None and new_at != old_at:
            moved.append(MovedTicket(ticket, old_at, new_at))
            facts = {"old": old_at.isoformat(), "new": new_at.isoformat()}
            record(session, VERB, subject="ticket", key=ticket.number, actor=actor, now=now, reason=reason, facts=facts)
    session.flush()
    return tuple(moved)


def _in_reach(counting: Calendar, since: datetime) -> Select[Ticket]:
    dated = and_(Ticket.calendar_key == counting.key, or_(Ticket.promise_at > since, Ticket.respond_by_at > since))
    return select(Ticket).where(or_(dated, Ticket.closes_at > since)).order_by(Ticket.id).with_for_update()


def _move_closing(session: Session, ticket: Ticket, counting: Calendar) -> None:
    if ticket.closes_at is None:
        return
    policy = policy_of(ticket)
    wanted = select(TicketMessage.sent_at).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.kind == MessageKind.CLARIFICATION
    )
    clarified_at = session.scalar(wanted.order_by(TicketMessage.id.desc()).limit(1))
    if clarified_at is not None and policy.calendar == counting.key:
        days = policy.clarification_closes_business_days
        ticket.closes_at = closes_at(counting, clarified_at=clarified_at, business_days=days)
