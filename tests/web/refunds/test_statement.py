"""An order's money in one running balance."""

from __future__ import annotations

from datetime import UTC, datetime

from migrator.money import Money
from migrator.web.finance.statement import Movement, statement


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=UTC)


def test_each_row_says_what_is_owed_after_it_in_the_order_of_events() -> None:
    movements = [
        Movement(at(5), "Refund of a line", charged=Money(-4_900), received=Money(-4_900)),
        Movement(at(1), "Package", charged=Money(24_900)),
        Movement(at(2), "Payment", received=Money(24_900)),
        Movement(at(3), "Paid twice", received=Money(24_900)),
        Movement(at(4), "That went back", received=Money(-24_900)),
        Movement(at(6), "Disputed", received=Money(-20_000)),
        Movement(at(7), "Won", received=Money(20_000)),
        Movement(at(8), "In another currency", received=Money(5_000, "EUR")),
    ]
    rows = statement(movements, "USD")
    assert [row.owed.minor_units for row in rows] == [24_900, 0, -24_900, 0, 0, 20_000, 0, 0]
    assert [row.movement.what for row in rows][:2] == ["Package", "Payment"]
