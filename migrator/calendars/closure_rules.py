"""Which days may be announced as closed, and the calendar as it would be with or without them (RULES C-020). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from migrator.clock.calendar import Calendar, ClosedDay, ClosedKind
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import day_text, listed_text, local_time, short_day_text
from migrator.errors import DomainError

LONGEST_DAYS = 31
A_DAY = timedelta(days=1)


class UnfitClosure(DomainError):
    """Days that cannot be announced as closed, or no longer."""


class NothingLeftToWithdraw(DomainError):
    """All days of the closure are over, and the past never changes."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a closure: those on which work is done and which it closes, and those that are closed already."""

    closing: tuple[date, ...]
    closed_already: tuple[str, ...]


def today_on(calendar: Calendar, now: datetime) -> date:
    """This will return the date that the clocks of the desk show."""
    return local_time(now, calendar.zone).date()


def span_of(first_on: date, last_on: date) -> tuple[date, ...]:
    """This will return all dates from the first to the last, both included."""
    return tuple(first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1))


def days_to_close(calendar: Calendar, first_on: date, last_on: date) -> Days:
    """This will sort the days of a closure: only working days change anything."""
    span = span_of(first_on, last_on)
    closing = tuple(on for on in span if calendar.hours_on(on))
    return Days(closing, tuple(_why_closed(calendar, on) for on in span if on not in closing))


def refuse_unfit_closure(calendar: Calendar, first_on: date, last_on: date, *, today: date) -> None:
    """This will refuse days that cannot be announced (RULES C-020, D-6).

    :raises UnfitClosure: past, reversed, too many, in a year that is not filled, announced already, or without a
        working day
    """
    if last_on < first_on:
        raise UnfitClosure("The last day lies before the first. Exchange the two days.")
    if first_on < today:
        raise UnfitClosure(f"Past days stay as they were. Choose {day_text(today)} or a later first day.")
    if (last_on - first_on).days >= LONGEST_DAYS:
        raise UnfitClosure(f"A closure lasts {LONGEST_DAYS} days at most. Choose an earlier last day.")
    if last_on > calendar.filled_until:
        raise UnfitClosure(f"Closed days are known up to {day_text(calendar.filled_until)}. Fill the next year first.")
    _refuse_what_changes_nothing(calendar, first_on, last_on)


def days_to_reopen(announced: Collection[date], *, today: date) -> tuple[date, ...]:
    """This will return the announced days that can still be withdrawn: those from today on.

    :raises NothingLeftToWithdraw: when all are over
    """
    left = tuple(sorted(on for on in announced if on >= today))
    if not left:
        raise NothingLeftToWithdraw("All days of this closure are over. Past days stay as they were.")
    return left


def with_closed(calendar: Calendar, days: Iterable[ClosedDay]) -> Calendar:
    """This will return the calendar as it would be with these days closed as well."""
    return replace(calendar, closed_days={**calendar.closed_days, **{day.on: day for day in days}})


def without_closed(calendar: Calendar, days: Collection[date]) -> Calendar:
    """This will return the calendar as it would be if these days counted again."""
    return replace(calendar, closed_days={on: day for on, day in calendar.closed_days.items() if on not in days})


def begins_at(calendar: Calendar, days: Collection[date]) -> datetime:
    """This will return the first instant that a change of these days can move; no date up to it does."""
    return to_instant(wall_seconds(calendar.zone_info, min(days)))


def span_text(first_on: date, last_on: date) -> str:
    """This will return the days of a closure in words: `Thu 3 Dec 2026`, `Thu 3 Dec to Fri 4 Dec 2026`."""
    if first_on == last_on:
        return day_text(first_on)
    first = short_day_text(first_on) if first_on.year == last_on.year else day_text(first_on)
    return f"{first} to {day_text(last_on)}"


def _refuse_what_changes_nothing(calendar: Calendar, first_on: date, last_on: date) -> None:
    closed = (calendar.closed_days.get(on) for on in span_of(first_on, last_on))
    announced = [day for day in closed if day and day.kind is ClosedKind.ANNOUNCED]
    if announced:
        named = listed_text([f"{short_day_text(day.on)} (“{day.name}”)" for day in announced])
        raise UnfitClosure(f"Announced as closed already: {named}. Leave out what is announced.")
    days = days_to_close(calendar, first_on, last_on)
    if not days.closing:
        raise UnfitClosure(f"Nothing would change: {listed_text(days.closed_already)}. Choose a working day.")


def _why_closed(calendar: Calendar, on: date) -> str:
    day = calendar.closed_days.get(on)
    return f"{short_day_text(on)} is closed for {day.name}" if day else f"{short_day_text(on)} is a weekend"
