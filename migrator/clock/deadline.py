"""Deadlines and windows: when an amount of working time is used up, and how much has run (RULES D-3, D-4, D-7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from migrator.clock.calendar import Calendar
from migrator.clock.instants import (
    DAY_SECONDS,
    closing_midnight,
    local_date,
    to_instant,
    to_seconds,
    wall_seconds,
)
from migrator.clock.pauses import Pause, cuts_of, settle
from migrator.clock.table import Cuts
from migrator.errors import DomainError


class NegativeAmount(DomainError):
    """Time is counted forwards only."""


class AmountTooLarge(DomainError):
    """No promise runs for more than a hundred years."""


class ReversedInterval(DomainError):
    """An interval cannot end before it begins."""


class MissingAgreedInstant(DomainError):
    """An agreed target needs the instant that was agreed."""


class Unit(StrEnum):
    """How a target counts (RULES D-3, D-5): working time, dates, or the instant that was agreed."""

    BUSINESS_DAYS = "business_days"
    BUSINESS_HOURS = "business_hours"
    CALENDAR_DAYS = "calendar_days"
    MINUTES = "minutes"
    AGREED = "agreed"


UNIT_SECONDS = {
    Unit.BUSINESS_DAYS: DAY_SECONDS,
    Unit.BUSINESS_HOURS: 3_600,
    Unit.CALENDAR_DAYS: DAY_SECONDS,
    Unit.MINUTES: 60,
    Unit.AGREED: 0,
}
LONGEST_SECONDS = 36_525 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Target:
    """How much is promised. One business day is 24 working hours (RULES D-3); minutes are working minutes.

    :raises NegativeAmount: below 0
    :raises AmountTooLarge: above a hundred years
    :raises MissingAgreedInstant: for an agreed target without `agreed_at`
    :raises NaiveInstant: for an agreed instant without an offset
    """

    unit: Unit
    amount: int = 0
    agreed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.unit is Unit.AGREED:
            if self.agreed_at is None:
                raise MissingAgreedInstant("Say which date and time was agreed.")
            to_seconds(self.agreed_at)
        _check_amount(self.amount * UNIT_SECONDS[self.unit])


def add(calendar: Calendar, start: datetime, *, working_seconds: int, pauses: Iterable[Pause] = ()) -> datetime:
    """This will return the instant (aware, UTC) at which that much working time outside the pauses has run (RULES D-3).

    An amount used up at closing ends at closing; an amount of 0 is the next working instant.

    :raises NegativeAmount: below 0
    :raises YearNotFilled: when it needs a day that is not filled
    :raises OpenPause: when a pause has not ended
    """
    if not 0 <= working_seconds <= LONGEST_SECONDS:
        _check_amount(working_seconds)
    cuts = cuts_of(pauses) if pauses else ()
    return to_instant(calendar.table.advance(to_seconds(start), working_seconds, cuts))


def elapsed(calendar: Calendar, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()) -> int:
    """This will return the working seconds from `start` to `end` outside the pauses; an open pause lasts to `end`.

    :raises ReversedInterval: when `end` lies before `start`
    :raises YearNotFilled: when either lies on a day that is not filled
    """
    begin, finish = to_seconds(start), to_seconds(end)
    if finish < begin:
        raise ReversedInterval(f"The end ({end}) lies before the start ({start}); exchange them.")
    cuts = cuts_of(pauses, open_until=finish) if pauses else ()
    return calendar.table.between(begin, finish, cuts)


def is_working(calendar: Calendar, at: datetime, *, pauses: Iterable[Pause] = ()) -> bool:
    """This will say whether working time runs at the instant: within hours (closing excluded) and not paused."""
    second = to_seconds(at)
    cuts = cuts_of(pauses, open_until=second + 1)
    return calendar.table.between(second, second + 1, cuts) == 1


def due(
    calendar: Calendar, start: datetime, target: Target, *, pauses: Iterable[Pause] = (), now: datetime | None = None
) -> datetime:
    """This will return the instant (aware, UTC) at which the target is due (RULES D-3, D-5, C-056 to C-063).

    An open pause counts up to `now`: the earliest possible date, if it were answered this moment. Calendar days are
    the same local time that many dates later and no pause moves them (RULES X-06). An agreed instant moves by the
    working time paused between `start` and it (RULES C-059, C-063).

    :raises OpenPause: when a pause is open and `now` is None
    :raises YearNotFilled: when it needs a day that is not filled
    """
    settled = settle(pauses, now)
    if target.unit is Unit.CALENDAR_DAYS:
        return _same_time_later(calendar, start, target.amount)
    if target.agreed_at is not None and target.unit is Unit.AGREED:
        return _agreed(calendar, start, target.agreed_at, pauses=settled)
    return add(calendar, start, working_seconds=target.amount * UNIT_SECONDS[target.unit], pauses=settled)


def window_end(calendar: Calendar, start: datetime, target: Target) -> datetime:
    """This will return the end of the window's last day: the next local midnight, as an instant in UTC (RULES D-4).

    It belongs to the customer whole: half-open, so the instant returned is the first one outside the window.
    """
    zone = calendar.zone_info
    if target.unit is Unit.CALENDAR_DAYS:
        last_on = local_date(zone, to_seconds(start)) + timedelta(days=target.amount)
        return to_instant(wall_seconds(zone, last_on + timedelta(days=1)))
    return to_instant(closing_midnight(zone, to_seconds(due(calendar, start, target))))


def lateness_seconds(calendar: Calendar, due_at: datetime, at: datetime) -> int:
    """This will return the working seconds by which `at` is later than `due_at`; 0 when it is not (RULES X-09)."""
    return elapsed(calendar, due_at, at) if to_seconds(at) > to_seconds(due_at) else 0


def due_many(
    calendar: Calendar,
    starts: Iterable[int],
    working_seconds: Iterable[int],
    *,
    cuts: Iterable[Cuts] | None = None,
) -> list[int]:
    """This will return the due instant of each start, all in UTC seconds: `add` for many rows at once.

    :param working_seconds: 0 or more, one for each start
    :param cuts: for each start its pauses, united as `cuts_of` does; None when nothing was paused
    :raises YearNotFilled: when one of them needs a day that is not filled
    """
    advance = calendar.table.advance
    if cuts is None:
        return [advance(start, amount) for start, amount in zip(starts, working_seconds, strict=True)]
    return [advance(*row) for row in zip(starts, working_seconds, cuts, strict=True)]


def _check_amount(seconds: int) -> None:
    if seconds < 0:
        raise NegativeAmount("The amount must be 0 or more.")
    if seconds > LONGEST_SECONDS:
        raise AmountTooLarge("The amount is more than a hundred years; enter a smaller one.")


def _same_time_later(calendar: Calendar, start: datetime, days: int) -> datetime:
    same = to_instant(to_seconds(start))
    if days == 0:
        return same
    return to_instant(to_seconds(same.astimezone(calendar.zone_info) + timedelta(days=days)))


def _agreed(calendar: Calendar, start: datetime, agreed_at: datetime, *, pauses: tuple[Pause, ...]) -> datetime:
    working = elapsed(calendar, start, agreed_at)
    if elapsed(calendar, start, agreed_at, pauses=pauses) == working:
        return to_instant(to_seconds(agreed_at))
    return add(calendar, start, working_seconds=working, pauses=pauses)
