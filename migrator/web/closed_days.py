"""Closed days in the words that tables show (RULES C-017)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from migrator.calendars.rules import closed_days_of
from migrator.clock.calendar import Calendar, ClosedDay, ClosedKind
from migrator.clock.wording import day_text

KINDS = {
    ClosedKind.HOLIDAY: "Holiday",
    ClosedKind.SUBSTITUTE: "Substitute",
    ClosedKind.ANNOUNCED: "Announced closure",
}


@dataclass(frozen=True, slots=True)
class ClosedDayView:
    """One row of the table."""

    on: date
    day_text: str
    name: str
    name_uk: str
    kind: str
    source: str


def closed_day_views(calendar: Calendar, year: int) -> tuple[ClosedDayView, ...]:
    """This will return the closed days of one year in order of date."""
    return tuple(_view(day) for day in closed_days_of(calendar, year))


def _view(day: ClosedDay) -> ClosedDayView:
    instead = f" for {day_text(day.substitute_for)}" if day.substitute_for else ""
    return ClosedDayView(day.on, day_text(day.on), day.name, day.name_uk, KINDS[day.kind] + instead, day.source)
