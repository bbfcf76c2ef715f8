"""Questions about requests that look the same, and about those that were joined."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from migrator.orders.models import Order
from migrator.support.categories import Desk
from migrator.support.lifecycle import ENDED
from migrator.support.merging.models import TicketMerge
from migrator.support.merging.rules import Candidate
from migrator.support.models import Ticket, TicketMessage

MOST_COMPARED = 50


def open_requests(
    session: Session, organisation_id: int, desk: Desk, *, but_id: int | None = None
) -> tuple[Candidate, ...]:
    """This will return the newest open requests of an organisation to a desk, ready to be compared; one query.

    :param but_id: a request that is not to be compared with itself
    """
    first = select(func.min(TicketMessage.id)).where(TicketMessage.ticket_id == Ticket.id).scalar_subquery()
    opening = aliased(TicketMessage)
    wanted = (
        select(Ticket.number, Order.number, Ticket.subject, opening.body, Ticket.opened_at)
        .outerjoin(Order, Order.id == Ticket.order_id)
        .outerjoin(opening, opening.id == first)
        .where(Ticket.organisation_id == organisation_id, Ticket.desk == desk, Ticket.state.not_in(ENDED))
    )
    if but_id is not None:
        wanted = wanted.where(Ticket.id != but_id)
    rows = session.execute(wanted.order_by(Ticket.id.desc()).limit(MOST_COMPARED))
    return tuple(
        Candidate(number, order_number or "", f"{subject} {body or ''}", opened_at)
        for number, order_number, subject, body, opened_at in rows
    )


def standing_merge(session: Session, merged_id: int) -> TicketMerge | None:
    """This will return how a request was joined with another, or none."""
    return session.scalar(
        select(TicketMerge).where(TicketMerge.merged_id == merged_id, TicketMerge.undone_at.is_(None))
    )


def joined_into(session: Session, ticket: Ticket) -> str:
    """This will return the number of the request that this one is part of by now; empty where it is its own."""
    joined = ticket
    while joined.merged_into_id is not None:
        joined = session.get_one(Ticket, joined.merged_into_id)
    return "" if joined is ticket else joined.number


def merges_into(session: Session, kept_id: int) -> Sequence[tuple[TicketMerge, str]]:
    """This will return which requests were put into this one and stand in it, with their numbers, the newest first."""
    wanted = (
        select(TicketMerge, Ticket.number)
        .join(Ticket, Ticket.id == TicketMerge.merged_id)
        .where(TicketMerge.kept_id == kept_id, TicketMerge.undone_at.is_(None))
        .order_by(TicketMerge.id.desc())
    )
    return [(merge, number) for merge, number in session.execute(wanted)]
