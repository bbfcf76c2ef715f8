"""An order that nobody pays ends by itself, with one kind letter and a link that orders the same again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.catalogue.address import path_with
from migrator.catalogue.rules import LineKind, Selection
from migrator.fulfilment.notices import tell_customer
from migrator.fulfilment.operations import hold
from migrator.fulfilment.reminders.queries import moments_of_order
from migrator.history.actor import SYSTEM
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.operations import cancel
from migrator.orders.queries import lines_of, order_with_id
from migrator.payments.queries import unsettled_attempt
from migrator.policy.loading import migration_desk


def end_basket(session: Session, order_id: int, *, now: datetime) -> bool:
    """This will cancel an unpaid order whose time is over, at that time, and say whether it did.

    Never while somebody may still be paying for it; what is paid meanwhile is left alone.
    """
    order = order_with_id(session, order_id)
    hold(session, order)
    if order.state is not OrderState.AWAITING_PAYMENT or unsettled_attempt(session, order.id) is not None:
        return False
    moments = moments_of_order(session, order)
    if moments is None or moments.ends_at > now:
        return False
    days = migration_desk(order.terms.policy_version).basket_open_calendar_days
    cancel(session, order, actor=SYSTEM, now=moments.ends_at, reason=f"It was not paid within {days} days")
    again = path_with("/orders/new/check", _selection(session, order))
    words = {"days": days, "again": again}
    tell_customer(session, order, "order_ended_unpaid", cause=f"order:{order.id}", now=now, words=words)
    return True


def _selection(session: Session, order: Order) -> Selection:
    lines = lines_of(session, order)
    return Selection(
        family=order.family,
        sku=order.terms.sku,
        pages=order.declared_pages,
        source_platform=order.source_platform,
        target_platform=order.target_platform,
        options=tuple(line.sku for line in lines if line.kind is LineKind.OPTION),
        insurance_plan=next((line.plan for line in lines if line.plan), None),
    )
