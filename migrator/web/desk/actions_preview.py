"""What the workbench offers between the check of access and the full migration: checks, plug-ins, the preview."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from migrator.fulfilment.checks.rules import OPEN_IN, TITLES
from migrator.orders.lifecycle import OrderEvent, OrderState, allows
from migrator.orders.models import Order

Link = tuple[str, str]
BEFORE_ANY = frozenset({OrderState.AWAITING_PAYMENT, OrderState.AWAITING_ACCESS, OrderState.CANCELLED})


def links_to_preview(order: Order) -> Iterable[Link]:
    """This will yield label and address of what can be done now about checks, plug-ins and previews."""
    for which, states in OPEN_IN.items():
        if order.state in states:
            yield TITLES[which], url_for("desk.checks", number=order.number, which=which.value)
    if order.verified_at is None or order.state in BEFORE_ANY:
        return
    yield "Plug-ins", url_for("desk.plugins", number=order.number)
    can_publish = allows(order.state, OrderEvent.PUBLISH_PREVIEW)
    yield "Publish a preview" if can_publish else "The preview", url_for("desk.preview", number=order.number)
