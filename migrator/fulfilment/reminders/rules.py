"""When somebody we wait for is reminded, and when a person takes over (RULES C-064, C-065, C-080). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due
from migrator.fulfilment.windows.rules import next_letter_at
from migrator.policy.types import DeskPolicy


@dataclass(frozen=True, slots=True)
class Moments:
    """When to speak to somebody we wait for.

    :ivar reminded_at: the daily letters that remind, in order
    :ivar ends_at: when reminding ends: an account manager takes over, or an unpaid order is cancelled
    """

    reminded_at: tuple[datetime, ...]
    ends_at: datetime

    def reached(self, now: datetime) -> int:
        """This will return how many reminders lie behind."""
        return sum(at <= now for at in self.reminded_at)

    def next_at(self, *, reminders: int, has_ended: bool) -> datetime | None:
        """This will return when to look again, after that many reminders; none when there is nothing more to do."""
        left = [*self.reminded_at[reminders:], *(() if has_ended else (self.ends_at,))]
        return min(left, default=None)


def waiting_moments(started_at: datetime, *, desk: DeskPolicy, calendar: Calendar) -> Moments:
    """This will return when a customer who owes us something is reminded, and when a person takes over (RULES C-065).

    :raises YearNotFilled: when it needs a day that is not filled
    """
    days = [Target(Unit.BUSINESS_DAYS, days) for days in desk.pause_reminder_business_days]
    taken_over = Target(Unit.BUSINESS_DAYS, desk.pause_handover_business_days)
    return Moments(
        tuple(next_letter_at(due(calendar, started_at, after), desk=desk, calendar=calendar) for after in days),
        due(calendar, started_at, taken_over),
    )


def basket_moments(placed_at: datetime, *, desk: DeskPolicy, calendar: Calendar) -> Moments:
    """This will return when an unpaid order is spoken of, once, and when it is cancelled.

    :raises YearNotFilled: when it needs a day that is not filled
    """
    spoken_of = due(calendar, placed_at, Target(Unit.BUSINESS_DAYS, desk.basket_reminder_business_days))
    over = due(calendar, placed_at, Target(Unit.CALENDAR_DAYS, desk.basket_open_calendar_days))
    return Moments(
        (next_letter_at(spoken_of, desk=desk, calendar=calendar),), next_letter_at(over, desk=desk, calendar=calendar)
    )


def is_spoken_of(planned: Iterable[datetime], *, noted_at: datetime, now: datetime) -> bool:
    """This will say whether a planned day has come since the one that was noted; a closure may have moved them all."""
    return any(noted_at <= at <= now for at in planned)
