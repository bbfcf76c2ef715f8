"""Questions about what is due to be said, each by a partial index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Organisation
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.reminders.rules import Moments, basket_moments, waiting_moments
from migrator.fulfilment.windows.models import Window
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.policy.loading import migration_desk
from migrator.policy.types import DeskPolicy, Family

WHOLE_ORDER = (joinedload(Order.placed_by, innerjoin=True), joinedload(Order.calendar_row, innerjoin=True))


@dataclass(frozen=True, slots=True)
class DueThings:
    """What of an organisation's orders is to be looked at now, each with its order, who placed it and the calendar."""

    windows: tuple[Window, ...]
    pauses: tuple[PauseRow, ...]
    orders: tuple[Order, ...]


def organisations_to_write_to(session: Session, now: datetime) -> Sequence[int]:
    """This will return the organisations of which something is to be looked at."""
    due = union(*(wanted.with_only_columns(Order.organisation_id) for wanted in _due(now)))
    return session.scalars(due.order_by("organisation_id")).all()


def is_free(session: Session, organisation_id: int) -> bool:
    """This will keep others from writing to an organisation until the transaction ends; false where one is at it."""
    wanted = select(Organisation.id).where(Organisation.id == organisation_id)
    return session.scalar(wanted.with_for_update(skip_locked=True, key_share=True)) is not None


def due_things(session: Session, organisation_id: int, now: datetime) -> DueThings:
    """This will return what is to be looked at for an organisation."""
    windows, pauses, orders = (wanted.where(Order.organisation_id == organisation_id) for wanted in _due(now))
    with_order = joinedload(Window.order, innerjoin=True).options(*WHOLE_ORDER)
    pause_with_order = joinedload(PauseRow.order, innerjoin=True).options(*WHOLE_ORDER)
    return DueThings(
        tuple(session.scalars(windows.options(with_order).order_by(Window.ends_at, Window.id))),
        tuple(session.scalars(pauses.options(pause_with_order, joinedload(PauseRow.item)).order_by(PauseRow.id))),
        tuple(session.scalars(orders.options(*WHOLE_ORDER).order_by(Order.id))),
    )


def pauses_to_hand_over(session: Session, now: datetime) -> Sequence[int]:
    """This will return the pauses of which a person may have to take over."""
    pauses = select(PauseRow.id).where(
        PauseRow.ended_at.is_(None), PauseRow.next_reminder_at <= now, PauseRow.handed_over_at.is_(None)
    )
    return session.scalars(pauses.order_by(PauseRow.id)).all()


def orders_to_hand_over(session: Session, now: datetime) -> Sequence[int]:
    """This will return the paid orders of which a person may have to take over."""
    paid = Order.state != OrderState.AWAITING_PAYMENT
    orders = select(Order.id).where(Order.next_reminder_at <= now, Order.handed_over_at.is_(None), paid)
    return session.scalars(orders.order_by(Order.id)).all()


def orders_left_unpaid(session: Session, now: datetime) -> Sequence[int]:
    """This will return the unpaid orders that may have to be ended."""
    unpaid = select(Order.id).where(Order.next_reminder_at <= now, Order.state == OrderState.AWAITING_PAYMENT)
    return session.scalars(unpaid.order_by(Order.id)).all()


def moments_of_pause(session: Session, pause: PauseRow) -> Moments:
    """This will return when somebody is reminded of a pause, by the calendar of today; its order is loaded."""
    desk, days = _terms_of(session, pause.order)
    return waiting_moments(pause.started_at, desk=desk, calendar=days)


def moments_of_order(session: Session, order: Order) -> Moments | None:
    """This will return when somebody is reminded of an order; none where nothing is waited for, or a pause says it."""
    desk, days = _terms_of(session, order)
    if order.state is OrderState.AWAITING_PAYMENT:
        return basket_moments(order.placed_at, desk=desk, calendar=days)
    is_reminded = order.state is OrderState.AWAITING_ACCESS or (
        order.state is OrderState.PREVIEW_READY and order.family is not Family.PACKAGE
    )
    return waiting_moments(order.state_since_at, desk=desk, calendar=days) if is_reminded else None


def _terms_of(session: Session, order: Order) -> tuple[DeskPolicy, Calendar]:
    return migration_desk(order.terms.policy_version), calendar_of(session, order.calendar_row)


def _due(now: datetime) -> tuple[Select[Window], Select[PauseRow], Select[Order]]:
    return (
        select(Window).join(Order, Window.order_id == Order.id).where(Window.next_notice_at <= now),
        select(PauseRow)
        .join(Order, PauseRow.order_id == Order.id)
        .where(PauseRow.ended_at.is_(None), PauseRow.next_reminder_at <= now),
        select(Order).where(Order.next_reminder_at <= now),
    )
