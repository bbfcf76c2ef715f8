"""Questions about pauses and promises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from migrator.access.rules import waiting_words
from migrator.accounts.models import Person
from migrator.clock.calendar import Calendar
from migrator.clock.pauses import Pause, cuts_of
from migrator.errors import NotFound
from migrator.fulfilment.changes.models import ChangeRequest, ChangeState
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.rules import Facts
from migrator.fulfilment.views import PromiseView, promise
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.history.actor import Role
from migrator.orders.lifecycle import AFTER_A_RUN, ENDED, AfterTheRun, OrderState
from migrator.orders.models import Order
from migrator.policy.types import Family

CLOSED = ENDED | {OrderState.AWAITING_PAYMENT}
WE_WORK = (ChangeState.RAISED, ChangeState.IN_WORK)


def pauses_of(session: Session, order_id: int) -> tuple[PauseRow, ...]:
    """This will return all pauses of an order, the earliest first, each with its item."""
    return tuple(
        session.scalars(
            select(PauseRow)
            .where(PauseRow.order_id == order_id)
            .order_by(PauseRow.started_at, PauseRow.id)
            .options(joinedload(PauseRow.item))
        )
    )


def pause_of(session: Session, order_id: int, pause_id: int) -> PauseRow:
    """This will return one pause of an order, with its item.

    :raises NotFound: when the order has no such pause
    """
    pause = session.scalar(
        select(PauseRow)
        .where(PauseRow.order_id == order_id, PauseRow.id == pause_id)
        .options(joinedload(PauseRow.item))
    )
    if pause is None:
        raise NotFound("There is no such pause.")
    return pause


def pause_with_order(session: Session, pause_id: int) -> PauseRow:
    """This will return a pause that exists, with its item and order; for what happens by itself."""
    with_order = joinedload(PauseRow.order, innerjoin=True).options(
        joinedload(Order.placed_by, innerjoin=True), joinedload(Order.calendar_row, innerjoin=True)
    )
    return session.get_one(PauseRow, pause_id, options=(with_order, joinedload(PauseRow.item)))


def open_pause_for(session: Session, item_id: int) -> PauseRow | None:
    """This will return the pause that waits for an item, with the item, or none."""
    return session.scalar(
        select(PauseRow)
        .where(PauseRow.item_id == item_id, PauseRow.ended_at.is_(None))
        .options(joinedload(PauseRow.item))
    )


def open_pauses(pauses: Iterable[PauseRow]) -> tuple[PauseRow, ...]:
    """This will return the pauses that wait for an answer."""
    return tuple(pause for pause in pauses if pause.ended_at is None)


def facts_of(order: Order, pauses: Iterable[PauseRow]) -> Facts:
    """This will return what the order's dates follow from; the pauses come with their items."""
    return Facts(
        state=order.state,
        terms=order.terms,
        placed_at=order.placed_at,
        submitted_at=order.submitted_at,
        verified_at=order.verified_at,
        agreed_at=order.agreed_at,
        proposed_at=order.proposed_at,
        pauses=tuple(_pause(row) for row in pauses),
        resubmitted_at=order.resubmitted_at,
        delivered_at=order.delivered_at,
    )


def open_pause_because(session: Session, order_id: int, reason: PauseReason) -> PauseRow | None:
    """This will return the open pause that names no item but its reason, or none."""
    return session.scalar(
        select(PauseRow)
        .where(PauseRow.order_id == order_id, PauseRow.reason == reason, PauseRow.ended_at.is_(None))
        .options(joinedload(PauseRow.item))
    )


def waited_seconds(order: Order, calendar: Calendar, pauses: Iterable[PauseRow]) -> int:
    """This will return the working time of the last wait that is over; pauses that touch count once (RULES X-07)."""
    ended = [pause for pause in facts_of(order, pauses).pauses if pause.until_at]
    begin, end = cuts_of(ended)[-1]
    return calendar.table.between(begin, end)


def promise_view(
    order: Order, calendar: Calendar, pauses: Iterable[PauseRow], *, now: datetime, viewer_zone: str | None = None
) -> PromiseView:
    """This will return the promise that counts now, as tracker, e-mail, API and calendar feed say it (RULES D-9)."""
    return promise(facts_of(order, pauses), calendar, now=now, viewer_zone=viewer_zone)


def after_the_run(session: Session, order: Order) -> AfterTheRun:
    """This will return what of an order after a run decides whose turn it is; one query, none in other states."""
    if order.state not in AFTER_A_RUN:
        return AfterTheRun()
    ours = exists().where(ChangeRequest.order_id == order.id, ChangeRequest.state.in_(WE_WORK))
    review = exists().where(Window.order_id == order.id, Window.kind == WindowKind.REVIEW, Window.closed_at.is_(None))
    has_request, has_review = session.execute(select(ours, review)).one()
    is_to_validate = (
        order.state is OrderState.IN_REVIEW and order.family is Family.PACKAGE and order.validated_at is None
    )
    return AfterTheRun(we_work=has_request or is_to_validate, they_review=has_review)


def least_loaded_manager(session: Session) -> Person | None:
    """This will return the active account manager with the fewest open orders, the longest-serving among equals."""
    load = (
        select(Order.account_manager_id, func.count().label("open_orders"))
        .where(Order.account_manager_id.is_not(None), Order.state.not_in(CLOSED))
        .group_by(Order.account_manager_id)
        .subquery()
    )
    return session.scalar(
        select(Person)
        .outerjoin(load, load.c.account_manager_id == Person.id)
        .where(Person.role == Role.ACCOUNT_MANAGER, Person.active.is_(True))
        .order_by(func.coalesce(load.c.open_orders, 0), Person.id)
        .limit(1)
    )


def _pause(row: PauseRow) -> Pause:
    item = row.item
    # What no access item stands for reads “Your …” as a title, and “your …” inside a sentence.
    words = waiting_words(item.kind, item.side, item.label) if item else row.label[0].lower() + row.label[1:]
    return Pause(row.started_at, row.ended_at, words)
