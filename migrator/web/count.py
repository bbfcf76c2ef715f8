"""A derivation as the strip of days shows it (`components/promise.html`)."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.clock.explanation import DayRow, Derivation
from migrator.clock.wording import short_day_text


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the strip. `number` is the working day that became whole on it, none when none did."""

    day_text: str
    kind: str
    sentence: str
    number: int | None
    due_here: bool


@dataclass(frozen=True, slots=True)
class CountView:
    """The days of a count, in order."""

    rows: tuple[DayView, ...]


def count_view(derivation: Derivation) -> CountView:
    """This will return the days behind a date, each in plain words (RULES D-9)."""
    return CountView(tuple(_day(row) for row in derivation.rows))


def _day(row: DayRow) -> DayView:
    words = row.sentence.partition(": ")[2]
    return DayView(
        day_text=short_day_text(row.on),
        kind=row.kind.value,
        sentence=words[:1].upper() + words[1:],
        number=row.completes_day,
        due_here=row.due_here,
    )
