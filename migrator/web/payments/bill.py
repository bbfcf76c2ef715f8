"""An order's price line by line, as the pay page and the receipt show it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from migrator.catalogue.rules import PricedLine
from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import lines_of
from migrator.web.shop.wording import LineView, line_view, price_views, rate_text


def bill(session: Session, order: Order) -> tuple[LineView, ...]:
    """This will return the order's lines in words, with the discount and each insurance's calculation (RULES C-075)."""
    return price_views((_priced(line) for line in lines_of(session, order)), view=priced_view)


def _priced(line: OrderLine) -> PricedLine:
    base = None if line.base_minor is None else Money(line.base_minor, line.currency)
    return PricedLine(
        line.kind,
        line.sku,
        line.name,
        line.amount,
        base=base,
        rate_bp=line.rate_bp,
        plan=line.plan,
        listed=line.listed,
        discount_bp=line.discount_bp,
    )


def priced_view(line: PricedLine) -> LineView:
    """This will word a line that was sold; an insurance shows its whole calculation."""
    if line.base is None or line.rate_bp is None:
        return line_view(line)
    return replace(line_view(line), calculation=f"{line.base} × {rate_text(line.rate_bp)} = {line.amount}")
