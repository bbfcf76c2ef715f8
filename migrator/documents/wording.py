"""Phrases that several documents share. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from migrator.catalogue.rules import FREE_BP, LineKind
from migrator.clock.wording import clock_text, day_text, local_time
from migrator.money import Money, rate_text, total
from migrator.orders.models import OrderLine

Row = tuple[str, ...]


def moment(at: datetime | None, zone: str) -> str:
    """This will return an instant to the minute: `Mon 7 Dec 2026, 08:00`; a dash for none."""
    if at is None:
        return "–"
    local = local_time(at, zone)
    return f"{day_text(local.date())}, {clock_text(local.replace(second=0))}"


def priced(lines: Iterable[OrderLine]) -> list[Row]:
    """This will return lines with their amounts, an insurance with its calculation, and the tax (RULES C-075)."""
    sold = list(lines)
    untaxed = [] if any(line.kind is LineKind.TAX for line in sold) else [("Tax", "None added")]
    return [*((_name(line), _amount(line)) for line in sold), *untaxed]


def sum_of(lines: Iterable[OrderLine], currency: str) -> str:
    """This will return what lines cost together."""
    return str(total([line.amount for line in lines], currency))


def given(rows: Iterable[tuple[str, str | None]]) -> list[Row]:
    """This will return the rows that have a value."""
    return [(name, value) for name, value in rows if value]


def _name(line: OrderLine) -> str:
    said = [line.name]
    if line.listed and line.discount_bp == FREE_BP:
        said.append(f"{line.listed}, free with a new hosting instance")
    elif line.listed and line.discount_bp:
        said.append(f"{line.listed} less the non-profit discount of {rate_text(line.discount_bp)}")
    if line.base_minor is not None and line.rate_bp is not None:
        said.append(f"{rate_text(line.rate_bp)} of {Money(line.base_minor, line.currency)} = {line.amount}")
    return "\n".join(said)


def _amount(line: OrderLine) -> str:
    return str(line.amount) if line.amount_minor else "Included"
