"""The calendars and moments that the clock's tests speak of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.calendar import Calendar, ClosedDay, ClosedKind, Span
from migrator.clock.deadline import Target, Unit
from migrator.clock.instants import read_instant
from migrator.clock.pauses import Pause

KYIV = ZoneInfo("Europe/Kyiv")
OFFICE_HOURS = (Span(9 * 60, 17 * 60),)
OFFICE_WEEK = (OFFICE_HOURS,) * 5 + ((),) * 2


@cache
def kyiv() -> Calendar:
    """The migration desk's calendar with its statutory closed days, 2026 to 2028."""
    return calendar_from_statute("kyiv", first_year=2026, last_year=2028)


@cache
def always() -> Calendar:
    """The hosting desk's calendar: open around the clock."""
    return calendar_from_statute("always", first_year=2026, last_year=2028)


def closing(calendar: Calendar, on: date, *, name: str = "Team day") -> Calendar:
    """The calendar with one more day announced as closed."""
    announced = ClosedDay(on, name, ClosedKind.ANNOUNCED, "announcement")
    return replace(calendar, closed_days={**calendar.closed_days, on: announced})


def a_calendar(**differences: object) -> Calendar:
    """A calendar of office hours in UTC, filled for 2026, unless told otherwise."""
    facts: dict[str, object] = {
        "key": "office",
        "name": "Office",
        "zone": "UTC",
        "week": OFFICE_WEEK,
        "closed_days": {},
        "exceptions": {},
        "exceptions_win": False,
        "filled_from": date(2026, 1, 1),
        "filled_until": date(2026, 12, 31),
    }
    return Calendar(**{**facts, **differences})  # type: ignore[arg-type]


def at(text: str) -> datetime:
    """A moment on the clocks of Kyiv."""
    return read_instant(text, KYIV)


def pause(begin: str, end: str | None, reason: str = "") -> Pause:
    """A pause between two moments on the clocks of Kyiv."""
    return Pause(at(begin), at(end) if end else None, reason)


def working_days(amount: int) -> Target:
    """A target of working days."""
    return Target(Unit.BUSINESS_DAYS, amount)


def working_hours(amount: int) -> Target:
    """A target of working hours."""
    return Target(Unit.BUSINESS_HOURS, amount)


def dates(amount: int) -> Target:
    """A target of calendar days."""
    return Target(Unit.CALENDAR_DAYS, amount)


FTP_PAUSE = pause("2026-11-27T15:00", "2026-12-01T12:00", "the FTP password")
SECOND_PAUSE = pause("2026-12-01T09:00", "2026-12-02T09:00", "the database dump")
