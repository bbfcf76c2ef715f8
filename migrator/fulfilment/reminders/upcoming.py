"""What is to happen by itself next, for the people who look after the house; a fixed number of small questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from migrator.fulfilment.closures.models import ACTIVE, Recount
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.notifications.models import GIVEN_UP, WAITING, OwedMessage
from migrator.orders.models import Order

NEXT = 8
MOST = 50
WORDS = {
    WindowKind.REVIEW: "Review",
    WindowKind.CHANGES: "Included changes",
    WindowKind.INSURANCE: "Insurance",
    WindowKind.ACCESS: "Access details",
}
Thing = tuple[str, str, datetime]


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is due next.

    :ivar ends: windows that end next: what, order number, when
    :ivar looks: whom letters may go to next, in the same shape
    :ivar letters_waiting: how many, counted to one more than 50; also those given up
    """

    ends: tuple[Thing, ...]
    looks: tuple[Thing, ...]
    letters_waiting: int
    letters_given_up: int
    recounts: Sequence[Recount]


def upcoming(session: Session) -> Upcoming:
    """This will return what is to happen by itself next."""
    recounts = select(Recount).where(ACTIVE).order_by(Recount.id).limit(NEXT).options(selectinload(Recount.closure))
    return Upcoming(
        ends=_ends(session),
        looks=tuple(sorted(_looks(session), key=lambda thing: thing[2])[:NEXT]),
        letters_waiting=_count(session, select(OwedMessage.id).where(WAITING)),
        letters_given_up=_count(session, select(OwedMessage.id).where(GIVEN_UP)),
        recounts=session.scalars(recounts).all(),
    )


def _ends(session: Session) -> tuple[Thing, ...]:
    wanted = (
        select(Window.kind, Order.number, Window.ends_at)
        .join(Order, Window.order_id == Order.id)
        .where(Window.closed_at.is_(None))
        .order_by(Window.ends_at, Window.id)
        .limit(NEXT)
    )
    return tuple((WORDS[kind], number, at) for kind, number, at in session.execute(wanted))


def _looks(session: Session) -> list[Thing]:
    windows = (
        select(Window.kind, Order.number, Window.next_notice_at)
        .join(Order, Window.order_id == Order.id)
        .where(Window.next_notice_at.is_not(None))
        .order_by(Window.next_notice_at, Window.id)
    )
    pauses = (
        select(PauseRow.reason, Order.number, PauseRow.next_reminder_at)
        .join(Order, PauseRow.order_id == Order.id)
        .where(PauseRow.ended_at.is_(None), PauseRow.next_reminder_at.is_not(None))
        .order_by(PauseRow.next_reminder_at, PauseRow.id)
    )
    orders = (
        select(Order.state, Order.number, Order.next_reminder_at)
        .where(Order.next_reminder_at.is_not(None))
        .order_by(Order.next_reminder_at, Order.id)
    )
    return [
        *((WORDS[kind], number, at) for kind, number, at in session.execute(windows.limit(NEXT)) if at),
        *(("Pause", number, at) for _reason, number, at in session.execute(pauses.limit(NEXT)) if at),
        *(("Waiting order", number, at) for _state, number, at in session.execute(orders.limit(NEXT)) if at),
    ]


def _count(session: Session, wanted: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(wanted.limit(MOST + 1).subquery())) or 0
