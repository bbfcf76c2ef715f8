"""What the workbench offers about pages, hours and offers."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from migrator.fulfilment.hours.rules import CLOSED
from migrator.fulfilment.pages.rules import COUNTED_IN
from migrator.orders.models import Order

Link = tuple[str, str]


def links_to_extras(order: Order) -> Iterable[Link]:
    """This will yield label and address of what can be done now about pages, hours and offers."""
    if order.state in CLOSED:
        return
    if order.state in COUNTED_IN:
        yield "Record the pages counted", url_for("desk.measure", number=order.number)
    yield "Correct a page count", url_for("desk.correct_count", number=order.number)
    yield "Log time, start or stop the timer", url_for("desk.hours", number=order.number)
    yield "Offer more: a larger product, pages, hours", url_for("desk.offers", number=order.number)
