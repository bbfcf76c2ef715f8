"""How a premium is earned: straight line over the window's working days, in whole smallest units. Pure.

What is due on a day is computed from the whole, never added up from parts (the cumulative method): whoever posts the
difference to what was posted before, on whatever days and however often, ends with the premium to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from migrator.clock.calendar import Calendar
from migrator.clock.wording import is_midnight, local_time

A_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a window that earn: whole ones that begin in it, from the first to the last, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class EarningDay:
    """One working day of a window with what was earned on it and up to its end, by the calendar of today."""

    on: date
    number: int
    of: int
    earned_minor: int
    through_minor: int


class WorkingDays:
    """How many working days lie between two dates of one calendar; each question is counted once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._counted: dict[tuple[date, date], int] = {}

    def between(self, first_on: date, last_on: date) -> int:
        """This will count the working days from `first_on` to `last_on`, both included; none where reversed."""
        key = (first_on, last_on)
        if key not in self._counted:
            self._counted[key] = sum(1 for _on in self.each(first_on, last_on))
        return self._counted[key]

    def each(self, first_on: date, last_on: date) -> Iterator[date]:
        """This will yield the working days from `first_on` to `last_on`, both included."""
        for ordinal in range(first_on.toordinal(), last_on.toordinal() + 1):
            if self.calendar.hours_on(date.fromordinal(ordinal)):
                yield date.fromordinal(ordinal)


def stretch_of(starts_at: datetime, ends_at: datetime, zone: str) -> Stretch:
    """This will return the days on which a window's premium is earned, in the calendar's zone.

    The day in which the window opens does not earn unless it opens with it: a window of 7 working days has 7 of them
    (RULES C-074, D-4).
    """
    opens = local_time(starts_at, zone)
    first_on = opens.date() if is_midnight(opens) else opens.date() + A_DAY
    return Stretch(first_on, local_time(ends_at - INSTANT, zone).date())


def earned_by(premium_minor: int, refunded_minor: int, *, on: date, stretch: Stretch, days: WorkingDays) -> int:
    """This will return how much of a premium is earned at the end of a day.

    Nothing before the window, all of it with its last day; what went back is taken from the end (unearned first).
    """
    left = premium_minor - refunded_minor
    if on >= stretch.last_on:
        return left
    if on < stretch.first_on:
        return 0
    whole = days.between(stretch.first_on, stretch.last_on)
    return min(premium_minor * days.between(stretch.first_on, on) // whole, left) if whole else 0


def earning_days(
    premium_minor: int, refunded_minor: int, stretch: Stretch, days: WorkingDays
) -> tuple[EarningDay, ...]:
    """This will return the working days of a window with what each earns, by the calendar of today."""
    rows: list[EarningDay] = []
    each = tuple(days.each(stretch.first_on, stretch.last_on))
    before = 0
    for number, on in enumerate(each, start=1):
        through = earned_by(premium_minor, refunded_minor, on=on, stretch=stretch, days=days)
        rows.append(EarningDay(on, number, len(each), through - before, through))
        before = through
    return tuple(rows)


def steps(after: date, through: date, last_on: date) -> Iterator[tuple[date, date]]:
    """This will cut the days after one date up to another at the ends of months, so that each month gets its own.

    Yields up to which day a step earns, and on which day it is dated: not after the window's last day.
    """
    on = after
    while on < through:
        month_end = (on + A_DAY).replace(day=28) + timedelta(days=4)
        on = min(month_end - timedelta(days=month_end.day), through)
        yield on, max(min(on, last_on), after + A_DAY)


def take_back(amount_minor: int, *, unearned_minor: int, earned_minor: int) -> tuple[int, int]:
    """This will divide money that goes back of a premium: the unearned part first, then what was earned.

    Returns both parts; what a premium never held is in neither.
    """
    unearned = min(amount_minor, unearned_minor)
    return unearned, min(amount_minor - unearned, earned_minor)
