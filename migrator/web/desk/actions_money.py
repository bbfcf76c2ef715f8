"""What the workbench offers about an order's money."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from migrator.orders.lifecycle import OrderEvent, allows
from migrator.orders.models import Order


def links_to_money(order: Order) -> Iterable[tuple[str, str]]:
    """This will yield label and address of what a manager may do about a paid order's money (RULES X-12)."""
    if allows(order.state, OrderEvent.CANCEL_PAID):
        yield "Cancel the order, with its refund", url_for("finance.cancelling", number=order.number)
