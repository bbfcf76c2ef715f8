"""Writing down counted pages. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migrator.fulfilment.pages.rules import PageCount
from migrator.orders.models import Order


def count_of(order: Order, which: PageCount) -> int | None:
    """This will return one of the three counts; none where it was not taken."""
    match which:
        case PageCount.DECLARED:
            return order.declared_pages
        case PageCount.MEASURED:
            return order.measured_pages
    return order.moved_pages


def note_count(session: Session, order: Order, which: PageCount, pages: int) -> None:
    """This will write down one of the three counts."""
    match which:
        case PageCount.DECLARED:
            order.declared_pages = pages
        case PageCount.MEASURED:
            order.measured_pages = pages
        case PageCount.MOVED:
            order.moved_pages = pages
    session.flush()


def forget_measured(session: Session, order: Order) -> None:
    """This will take the measured count away: the customer has removed pages, and we count again."""
    order.measured_pages = None
    session.flush()
