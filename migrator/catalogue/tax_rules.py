"""Tax as a line of its own, on everything that is bought together; no part of what insurance is a share of. Pure."""

from __future__ import annotations

from migrator.catalogue.rules import LineKind, PricedLine
from migrator.money import rate_text, total

SKU = "TAX"


def taxed(lines: tuple[PricedLine, ...], rate_bp: int) -> tuple[PricedLine, ...]:
    """This will add the tax to lines that are bought together, rounded half-up once for all of them (RULES C-075).

    :param rate_bp: nothing where no tax is charged; then the lines stay as they are
    """
    base = total([line.amount for line in lines], lines[0].amount.currency)
    if not rate_bp or not base.minor_units:
        return lines
    tax = PricedLine(LineKind.TAX, SKU, f"Tax, {rate_text(rate_bp)}", base.share(rate_bp), base=base, rate_bp=rate_bp)
    return (*lines, tax)
