"""An order that is paid, or free, begins: its access items are asked for and somebody of ours looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.operations import open_items
from migrator.fulfilment.queries import least_loaded_manager
from migrator.history.actor import SYSTEM
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance, assign


def begin_order(session: Session, order: Order, *, facts: Mapping[str, object], now: datetime) -> None:
    """This will take an order from its payment to its access details (RULES C-055b).

    :param facts: what was paid and by which payment; for a free migration that nothing was (RULES M-024)
    :raises NotNow: when the order does not wait for a payment
    """
    advance(session, order, OrderEvent.PAY, now=now)
    order.paid_at = now
    record(
        session,
        "order.paid",
        subject="order",
        key=order.number,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        facts=dict(facts),
    )
    open_items(session, order, now=now)
    if (account_manager := least_loaded_manager(session)) is not None:
        assign(session, order, account_manager=account_manager, actor=SYSTEM, now=now)
