"""The desk's one list: which orders stand in which group, and what is to be done next with each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import elapsed
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import counted_text, duration_text, local_time
from migrator.orders.lifecycle import OrderState, Turn
from migrator.policy.types import Family

WAITING_DAYS = 5
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
SHOWN_IN_DAYS = 3 * DAY_SECONDS


class Group(StrEnum):
    """A part of the list; the first four follow each other in the order of what we owe next."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"
    NEW = "new"
    WAITING = "waiting"
    CUSTOMERS = "customers"


TITLES = {
    Group.OVERDUE: "Overdue",
    Group.TODAY: "Due today",
    Group.WEEK: "Due this week",
    Group.LATER: "Later",
    Group.UNDATED: "Without a date",
    Group.NEW: "New, not verified",
    Group.WAITING: f"Waiting for the customer over {WAITING_DAYS} days",
    Group.CUSTOMERS: "The customer’s turn",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The instants between the groups (aware): now, the ends of the desk's day and week, and who waits too long."""

    now: datetime
    day_ends_at: datetime
    week_ends_at: datetime
    waiting_since_at: datetime


def limits(now: datetime, zone: str) -> Limits:
    """This will return the limits at the desk: its day ends at midnight, its week with Sunday."""
    local = local_time(now, zone)
    tomorrow = local.date() + timedelta(days=1)
    monday = local.date() + timedelta(days=7 - local.weekday())
    zone_info = local.tzinfo
    day_ends_at, week_ends_at = (to_instant(wall_seconds(zone_info, on)) for on in (tomorrow, monday))  # type: ignore[arg-type]
    return Limits(now, day_ends_at, week_ends_at, now - timedelta(days=WAITING_DAYS))


def group_of(promise_at: datetime | None, limits: Limits) -> Group:
    """This will return the group of an order that is ours, by what we owe next."""
    if promise_at is None:
        return Group.UNDATED
    if promise_at < limits.now:
        return Group.OVERDUE
    if promise_at < limits.day_ends_at:
        return Group.TODAY
    return Group.WEEK if promise_at < limits.week_ends_at else Group.LATER


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an order says what comes next; all of it is in the order's own row but `has_answers`.

    :ivar has_answers: whether the customer sent something that we have not looked at
    """

    state: OrderState
    turn: Turn
    family: Family = Family.PACKAGE
    has_answers: bool = False
    is_agreed: bool = True
    is_proposed: bool = False
    is_validated: bool = False


def next_step(order: Standing) -> str:
    """This will return the verb for what comes next."""
    if order.state is OrderState.IN_PROGRESS:
        return _step_of_work(order)
    if order.state is OrderState.IN_REVIEW:
        return _step_after_run(order)
    return STEPS[order.state]


def _step_of_work(order: Standing) -> str:
    if order.has_answers:
        return "Check the answer"
    if not order.is_agreed:
        return "Wait for the date’s acceptance" if order.is_proposed else "Propose a date"
    return "Carry on with the migration"


def _step_after_run(order: Standing) -> str:
    if order.turn is Turn.CUSTOMER:
        return "Wait for the review"
    if order.turn is Turn.NOBODY:
        return "Nothing until the windows end"
    if order.family is Family.PACKAGE and not order.is_validated:
        return "Check the result"
    return "Work on what the customer reported"


STEPS = {
    OrderState.AWAITING_PAYMENT: "Wait for the payment",
    OrderState.AWAITING_ACCESS: "Wait for the access details",
    OrderState.VERIFYING: "Check the access details",
    OrderState.PAUSED: "Wait for the answer",
    OrderState.PREVIEW_READY: "Wait for the approval",
    OrderState.MIGRATING: "Watch the full migration",
    OrderState.COMPLETED: "Nothing",
    OrderState.CANCELLED: "Nothing",
}


def time_left_text(promise_at: datetime | None, calendar: Calendar, *, now: datetime) -> str:
    """This will return the working time until a promise, or by which it is missed, in whole hours or minutes."""
    if promise_at is None:
        return "No date"
    if promise_at < now:
        return f"Late by {_rounded(elapsed(calendar, promise_at, now))}"
    return f"{_rounded(elapsed(calendar, now, promise_at))} left"


def age_text(since_at: datetime, *, now: datetime) -> str:
    """This will return how long ago something began, by the clock on the wall."""
    seconds = max(0, int((now - since_at).total_seconds()))
    if seconds >= 2 * DAY_SECONDS:
        return counted_text(seconds // DAY_SECONDS, "day")
    if seconds >= HOUR_SECONDS:
        return counted_text(seconds // HOUR_SECONDS, "hour")
    return counted_text(seconds // 60, "minute")


def _rounded(seconds: int) -> str:
    if seconds >= SHOWN_IN_DAYS:
        return counted_text(seconds // DAY_SECONDS, "working day")
    if seconds >= HOUR_SECONDS:
        return duration_text(seconds - seconds % HOUR_SECONDS)
    return f"{seconds // 60} min of working time"
