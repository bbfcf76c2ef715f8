"""An order's money as one statement: what was charged, what was received, and what is owed after each row. Pure.

A row that gives back a line takes back what was charged for it and what was received, so the balance stays; money that
fits no order leaves the customer in credit until it goes back; what a bank takes is owed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened to an order's money.

    :ivar charged: what the customer is to pay more, or less; `received` what came, or went back; none where nothing
    :ivar state: a word on what it is worth now, with its tone; empty where nothing is to say
    """

    at: datetime
    what: str
    url: str = ""
    charged: Money | None = None
    received: Money | None = None
    state: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A movement with what is owed after it; negative where the customer is in credit."""

    movement: Movement
    owed: Money


def statement(movements: Iterable[Movement], currency: str) -> tuple[StatementRow, ...]:
    """This will put movements in their order, and say after each what is owed.

    What is in another currency than the order's moves nothing here.
    """
    owed, rows = Money(0, currency), []
    for movement in sorted(movements, key=lambda each: each.at):
        for amount, sign in ((movement.charged, 1), (movement.received, -1)):
            if amount is not None and amount.currency == currency:
                owed = Money(owed.minor_units + sign * amount.minor_units, currency)
        rows.append(StatementRow(movement, owed))
    return tuple(rows)
