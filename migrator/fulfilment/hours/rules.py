"""How time is read, rounded, limited and told of (RULES C-068). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from migrator.clock.wording import day_text
from migrator.errors import DomainError
from migrator.fulfilment.hours.models import TimeKind
from migrator.orders.lifecycle import OrderState
from migrator.orders.supplement_rules import HOUR_MINUTES, TENTH_MINUTES, tenths_text

MOST_MINUTES = 24 * HOUR_MINUTES
TYPED = re.compile(r"(?:(?P<hours>[0-9]{1,3}):(?P<rest>[0-5][0-9])|(?P<minutes>[0-9]{1,5}))", flags=re.ASCII)
NO_TIME = "Enter minutes such as 35, or hours and minutes such as 1:35."
CLOSED = frozenset({OrderState.AWAITING_PAYMENT, OrderState.CANCELLED})
KIND_WORDS = {
    TimeKind.SUPPORT: "Support",
    TimeKind.CUSTOMISATION: "Customisation",
    TimeKind.CHANGE: "Change",
    TimeKind.REWORK: "Our own re-work",
}


class NotATime(DomainError):
    """What was typed is no time that somebody can have worked."""


class NoHoursLeft(DomainError):
    """The order has fewer hours left than an entry needs."""


class NotLoggable(DomainError):
    """Nobody works on this order, or not on that day."""


class AlreadyPosted(DomainError):
    """The entry is seen by the customer already."""


class NothingCorrected(DomainError):
    """A correction changes nothing, or the entry is not posted yet."""


class TimerRuns(DomainError):
    """The person's timer runs on another order."""


class NoTimer(DomainError):
    """No timer of the person runs."""


def read_minutes(text: str) -> int:
    """This will read typed minutes or `hours:minutes`.

    :raises NotATime: for anything else, for nothing, and for more than 24 hours
    """
    match = TYPED.fullmatch(text.strip())
    if match is None:
        raise NotATime(NO_TIME)
    minutes = int(match["minutes"] or 0) + int(match["hours"] or 0) * HOUR_MINUTES + int(match["rest"] or 0)
    if not 0 < minutes <= MOST_MINUTES:
        raise NotATime("Enter at least a minute and at most 24 hours. Write several entries for several days.")
    return minutes


def in_tenths(minutes: int) -> int:
    """This will round time half-up to whole tenths of an hour, in minutes; 3 minutes are one tenth (RULES C-068).

    :raises NotATime: for less than half of a tenth: there is nothing to log
    """
    rounded = (minutes + TENTH_MINUTES // 2) // TENTH_MINUTES * TENTH_MINUTES
    if not rounded:
        raise NotATime("Less than 3 minutes round to 0.0 h, so there is nothing to log.")
    return rounded


def typed_text(minutes: int) -> str:
    """This will return time as it is typed: `1:05`, and minutes alone below an hour."""
    return f"{minutes // HOUR_MINUTES}:{minutes % HOUR_MINUTES:02}" if minutes >= HOUR_MINUTES else str(minutes)


def is_charged(kind: TimeKind) -> bool:
    """This will tell whether time of a kind draws on the hours of the order; our own re-work never does."""
    return kind is not TimeKind.REWORK


def refuse_beyond(minutes: int, *, used: int, limit: int) -> None:
    """This will refuse time for which no hours are left (RULES C-068).

    :raises NoHoursLeft: naming what is left, and the way on
    """
    if used + minutes > limit:
        raise no_hours_left(minutes, left=limit - used)


def no_hours_left(minutes: int, *, left: int) -> NoHoursLeft:
    """This will word the refusal: what is left, what it takes, and the way on."""
    return NoHoursLeft(
        f"{tenths_text(left)} h are left, and this takes {tenths_text(minutes)} h. "
        "Offer the customer more hours first; they count when they are paid."
    )


def refuse_day(worked_on: date, *, today: date, since: date) -> None:
    """This will refuse work on a day to come, or before the order was placed.

    :raises NotLoggable: naming the days that are possible
    """
    if not since <= worked_on <= today:
        raise NotLoggable(f"Enter a day from {day_text(since)} up to {day_text(today)}.")


def refuse_closed(state: OrderState) -> None:
    """This will refuse work on an order that is unpaid or cancelled.

    :raises NotLoggable: saying so
    """
    if state in CLOSED:
        raise NotLoggable("Nobody works on this order: it is unpaid or was cancelled.")


def crossed(before: int, after: int, *, limit: int, percents: Iterable[int]) -> int | None:
    """This will return the highest share of the limit, in per cent, that was reached between two amounts of time.

    None where none was (RULES C-068).
    """
    reached = [percent for percent in percents if before * 100 < percent * limit <= after * 100]
    return max(reached, default=None)


def used_text(used: int, limit: int) -> str:
    """This will return the meter's words: `2.4 of 6.0 hours are used`."""
    return f"{tenths_text(used)} of {tenths_text(limit)} hours are used"
