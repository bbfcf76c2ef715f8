"""Which time a report is about, and how its counts fall into weeks, weekdays and hours of the desk. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

from migrator.clock.instants import to_instant, wall_seconds, zone_named
from migrator.clock.wording import day_text, short_day_text
from migrator.errors import DomainError

USUAL_DAYS = 28
LONGEST_DAYS = 92
HOURS_A_DAY = 24
WEEK = timedelta(days=7)
A_DAY = timedelta(days=1)
FULL_PERCENT = 100
# Fewer say nothing about what is usual (RULES C-022).
LEAST_SAMPLES = 10


class UnfitPeriod(DomainError):
    """A time that no report is made about."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the desk, first and last included."""

    first_on: date
    last_on: date
    zone: str

    @property
    def begins_at(self) -> datetime:
        """The first instant of it."""
        return to_instant(wall_seconds(self._zone, self.first_on))

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return to_instant(wall_seconds(self._zone, self.last_on + A_DAY))

    @property
    def words(self) -> str:
        """It in words: `Mon 2 Nov to Sun 29 Nov 2026`."""
        return f"{day_text(self.first_on)} to {day_text(self.last_on)}"

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of the weeks that it touches, in order."""
        first = self.first_on - timedelta(days=self.first_on.weekday())
        return tuple(first + number * WEEK for number in range((self.last_on - first) // WEEK + 1))

    @property
    def _zone(self) -> ZoneInfo:
        return zone_named(self.zone)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises came due, and how many of them were kept."""

    kept: int = 0
    broken: int = 0

    @property
    def percent(self) -> int | None:
        """The share that was kept, rounded down, so that nothing broken ever looks like all; none without any."""
        total = self.kept + self.broken
        return self.kept * FULL_PERCENT // total if total else None

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.kept + other.kept, self.broken + other.broken)


@dataclass(frozen=True, slots=True)
class Typical:
    """The middle one of some durations, in seconds, and of how many; none where there are none."""

    seconds: int | None = None
    samples: int = 0

    @property
    def is_telling(self) -> bool:
        """Whether there are enough of them to be shown to everybody (RULES C-022)."""
        return self.samples >= LEAST_SAMPLES


def period_of(first_on: date | None, last_on: date | None, *, today: date, zone: str) -> Period:
    """This will return the asked time, or the usual one: four weeks up to today.

    :raises UnfitPeriod: reversed, or longer than 92 days
    """
    last = last_on or today
    first = first_on or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise UnfitPeriod("The last day lies before the first. Exchange the two days.")
    if (last - first).days >= LONGEST_DAYS:
        raise UnfitPeriod(f"A report is about {LONGEST_DAYS} days at most. Choose a later first day.")
    return Period(first, last, zone)


def last_days(days: int, *, today: date, zone: str) -> Period:
    """This will return that many days up to today."""
    return Period(today - timedelta(days=days - 1), today, zone)


def local_hour(hour: str, zone: str) -> datetime:
    """This will return an hour in UTC, such as `2026-11-24 09`, as the clocks of the desk show it."""
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(zone_named(zone))


def by_weekday_and_hour(counts: Iterable[tuple[datetime, int]]) -> tuple[tuple[int, ...], ...]:
    """This will return seven rows from Monday on, each with the counts of its 24 hours.

    :param counts: local moments with how many
    """
    field = Counter[tuple[int, int]]()
    for at, count in counts:
        field[at.weekday(), at.hour] += count
    return tuple(tuple(field[day, hour] for hour in range(HOURS_A_DAY)) for day in range(7))


def by_week(counts: Iterable[tuple[datetime, int]], period: Period) -> tuple[int, ...]:
    """This will return the counts of the weeks that a period touches.

    :param counts: local moments with how many
    """
    weeks = Counter[date]()
    for at, count in counts:
        weeks[at.date() - timedelta(days=at.weekday())] += count
    return tuple(weeks[monday] for monday in period.mondays)


def week_text(monday: date) -> str:
    """This will name a week by its Monday: `2 Nov`."""
    return short_day_text(monday).partition(" ")[2]


def typical(seconds: Iterable[int]) -> Typical:
    """This will return the middle one of some durations; of two middle ones the shorter."""
    known = list(seconds)
    return Typical(median_low(known), len(known)) if known else Typical()
