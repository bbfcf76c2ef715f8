"""A working calendar: a zone, weekly hours, closed days and the hours of single dates, known for a stretch of years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from migrator.clock.instants import DAY_SECONDS, LAST_YEAR, wall_seconds, zone_named
from migrator.clock.table import WorkingTable, build_table
from migrator.errors import DomainError

MINUTES_OF_A_DAY = 1_440


class NoWorkingHours(DomainError):
    """A calendar that never opens can promise nothing."""


class UnusableCalendar(DomainError):
    """The facts of a calendar contradict each other."""


class ClosedKind(StrEnum):
    """Why a day is closed (RULES D-6)."""

    HOLIDAY = "holiday"
    SUBSTITUTE = "substitute"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A date on which no working time runs; a substitute names the holiday's date that it stands for."""

    on: date
    name: str
    kind: ClosedKind
    source: str
    substitute_for: date | None = None
    name_uk: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Opening hours in minutes after local midnight, half-open; 1440 is the next midnight.

    :raises UnusableCalendar: when it does not open before it closes, within one day
    """

    opens_minute: int
    closes_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= MINUTES_OF_A_DAY:
            raise UnusableCalendar("Hours must open before they close, within one day from 00:00 to 24:00.")


WHOLE_DAY = (Span(0, MINUTES_OF_A_DAY),)
WEEKDAYS_WHOLE_DAY: tuple[tuple[Span, ...], ...] = (WHOLE_DAY,) * 5 + ((),) * 2
ALWAYS: tuple[tuple[Span, ...], ...] = (WHOLE_DAY,) * 7


@dataclass(frozen=True, eq=False)
class Calendar:
    """What a desk counts by (RULES D-6). Compared by identity, so that its table of working time is built once.

    `week` holds seven entries, Monday first. `filled_from` and `filled_until` are inclusive; whatever needs a day
    outside them is refused. `exceptions` are the hours of single dates; they win over a closed day where
    `exceptions_win`.

    :raises NoWorkingHours: when neither the week nor an exception holds any hours
    :raises UnusableCalendar: for a week without seven days or a reversed stretch
    :raises UnknownZone: for a zone outside the zone database
    """

    key: str
    name: str
    zone: str
    week: tuple[tuple[Span, ...], ...]
    closed_days: Mapping[date, ClosedDay]
    exceptions: Mapping[date, tuple[Span, ...]]
    exceptions_win: bool
    filled_from: date
    filled_until: date

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if len(self.week) != 7:
            raise UnusableCalendar(f"The calendar “{self.name}” needs the hours of seven weekdays.")
        if self.filled_from > self.filled_until or self.filled_until.year > LAST_YEAR:
            raise UnusableCalendar(f"The calendar “{self.name}” must be filled from a day to the same or a later one.")
        if not any(self.week) and not any(self.exceptions.values()):
            raise NoWorkingHours(f"The calendar “{self.name}” has no working hours at all; give it some first.")

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The zone whose days and hours the calendar means."""
        return zone_named(self.zone)

    def hours_on(self, on: date) -> tuple[Span, ...]:
        """This will return the opening hours of one date; empty when closed."""
        closed = on in self.closed_days
        if on in self.exceptions and (self.exceptions_win or not closed):
            return self.exceptions[on]
        return () if closed else self.week[on.weekday()]

    @cached_property
    def table(self) -> WorkingTable:
        """The working time between `filled_from` and `filled_until`, built at the first question."""
        return build_table(
            self._intervals(),
            first=wall_seconds(self.zone_info, self.filled_from),
            last=wall_seconds(self.zone_info, self.filled_until + timedelta(days=1)),
            outside=(
                f"The calendar “{self.name}” is filled from {self.filled_from} to {self.filled_until}; this needs a day"
                " outside. Fill the missing year first."
            ),
        )

    def _intervals(self) -> Iterator[tuple[int, int]]:
        midnight = wall_seconds(self.zone_info, self.filled_from)
        for ordinal in range(self.filled_from.toordinal(), self.filled_until.toordinal() + 1):
            next_midnight = wall_seconds(self.zone_info, date.fromordinal(ordinal + 1))
            for span in sorted(self.hours_on(date.fromordinal(ordinal)), key=lambda span: span.opens_minute):
                if next_midnight - midnight == DAY_SECONDS:
                    yield midnight + span.opens_minute * 60, midnight + span.closes_minute * 60
                else:
                    yield self._across_clock_change(date.fromordinal(ordinal), span)
            midnight = next_midnight

    def _across_clock_change(self, on: date, span: Span) -> tuple[int, int]:
        begin = wall_seconds(self.zone_info, on, minute=span.opens_minute)
        return begin, wall_seconds(self.zone_info, on, minute=span.closes_minute)
