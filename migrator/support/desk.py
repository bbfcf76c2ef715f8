"""The desk's list of tickets: its groups and the instants between them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import elapsed
from migrator.clock.instants import to_instant, wall_seconds, zone_named
from migrator.clock.wording import counted_text, local_time


class Group(StrEnum):
    """A part of the list; the first four follow each other in the order of what we owe next."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"
    UNIDENTIFIED = "unidentified"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


TITLES = {
    Group.OVERDUE: "Overdue",
    Group.TODAY: "Due today",
    Group.WEEK: "Due this week",
    Group.LATER: "Later",
    Group.UNDATED: "Without a date",
    Group.UNIDENTIFIED: "Needs identification",
    Group.WAITING: "Waiting for the customer",
    Group.ANSWERED: "Answered",
    Group.CLOSED: "Closed",
}
HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
SHOWN_IN_DAYS = 3 * DAY_SECONDS
DATED = (Group.OVERDUE, Group.TODAY, Group.WEEK, Group.LATER)


@dataclass(frozen=True, slots=True)
class Limits:
    """The instants between the groups (aware): now, and the ends of the desk's day and week."""

    now: datetime
    day_ends_at: datetime
    week_ends_at: datetime


def limits(now: datetime, zone: str) -> Limits:
    """This will return the limits at the desk: its day ends at midnight, its week with Sunday."""
    today = local_time(now, zone).date()
    ends = (today + timedelta(days=1), today + timedelta(days=7 - today.weekday()))
    day_ends_at, week_ends_at = (to_instant(wall_seconds(zone_named(zone), on)) for on in ends)
    return Limits(now, day_ends_at, week_ends_at)


def group_of(promise_at: datetime, limits: Limits) -> Group:
    """This will return the group of a ticket that has a date."""
    if promise_at < limits.now:
        return Group.OVERDUE
    if promise_at < limits.day_ends_at:
        return Group.TODAY
    return Group.WEEK if promise_at < limits.week_ends_at else Group.LATER


def left_text(promise_at: datetime, calendar: Calendar, *, now: datetime) -> str:
    """This will return the time until an answer is due, or by which it is late, as its calendar counts."""
    if promise_at < now:
        return f"Late by {_rounded(elapsed(calendar, promise_at, now), calendar)}"
    return f"{_rounded(elapsed(calendar, now, promise_at), calendar)} left"


def _rounded(seconds: int, calendar: Calendar) -> str:
    # Around the clock every hour is one; elsewhere people are told that only working time counts.
    kind = "" if all(calendar.week) else "working "
    if seconds >= SHOWN_IN_DAYS:
        return counted_text(seconds // DAY_SECONDS, f"{kind}day")
    if seconds >= HOUR_SECONDS:
        return counted_text(seconds // HOUR_SECONDS, f"{kind}hour")
    return counted_text(seconds // 60, "minute")
