"""An order's price line by line, as the pay page and the receipt show it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import lines_of
from migrator.web.shop.wording import LineView, rate_text


def bill(session: Session, order: Order) -> tuple[LineView, ...]:
    """This will return the order's lines in words, each insurance with its calculation (RULES C-075)."""
    return tuple(_view(line) for line in lines_of(session, order))


def _view(line: OrderLine) -> LineView:
    return LineView(line.name, str(line.amount) if line.amount_minor else "Included", _calculation(line))


def _calculation(line: OrderLine) -> str:
    if line.base_minor is None or line.rate_bp is None:
        return ""
    return f"{Money(line.base_minor, line.currency)} × {rate_text(line.rate_bp)} = {line.amount}"
