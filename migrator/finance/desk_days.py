"""Days and months of the books: those of the desk's zone. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from migrator.clock.wording import local_time
from migrator.policy.loading import calendar_plans, migration_desk

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@cache
def desk_zone() -> str:
    """This will return the zone in which the desk's days begin and end (RULES D-2)."""
    key = migration_desk().calendar
    return next(plan.zone for plan in calendar_plans() if plan.key == key)


def desk_day(at: datetime) -> date:
    """This will return the day at the desk to which an instant belongs."""
    return local_time(at, desk_zone()).date()


def month_of(on: date) -> str:
    """This will return the month of a day: `2026-11`."""
    return f"{on:%Y-%m}"


def month_text(month: str) -> str:
    """This will return a month in words: `November 2026`."""
    year, number = month.split("-")
    return f"{MONTH_NAMES[int(number) - 1]} {year}"


def first_day(month: str) -> date:
    """This will return the first day of a month."""
    return date.fromisoformat(f"{month}-01")


def month_after(month: str) -> str:
    """This will return the month that follows: `2026-12` after `2026-11`."""
    return month_of(first_day(month) + timedelta(days=31))


def last_day(month: str) -> date:
    """This will return the last day of a month."""
    return first_day(month_after(month)) - timedelta(days=1)


def instants_of(month: str) -> tuple[datetime, datetime]:
    """This will return the instants in UTC at which a month begins and the next one does."""
    zone = ZoneInfo(desk_zone())
    days = (first_day(month), first_day(month_after(month)))
    begins, ends = (datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC) for on in days)
    return begins, ends
