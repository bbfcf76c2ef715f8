"""When maintenance may be announced, and which minutes of it do not count against us (RULES M-046). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from migrator.clock.wording import instant_text, local_time, place_text
from migrator.errors import DomainError

LONGEST = timedelta(hours=48)
MINUTE = 60


class MaintenanceState(StrEnum):
    """Where a maintenance window stands."""

    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    RECORDED = "recorded"


class WindowUnusable(DomainError):
    """The window cannot be announced as it is."""


class NobodyAffected(DomainError):
    """A window that touches no instance needs no announcement."""


class TooLate(DomainError):
    """What has begun cannot be withdrawn, and what has ended is on record."""


class NotOverYet(DomainError):
    """Minutes are recorded when the window is over."""


class InterruptionUnusable(DomainError):
    """The interruption ends before it begins."""


def check_window(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """This will refuse a window in the past, without length or longer than two days.

    :raises WindowUnusable: saying what is wrong
    """
    if starts_at <= now:
        raise WindowUnusable("Maintenance is announced beforehand. Choose a start that is yet to come.")
    if ends_at <= starts_at:
        raise WindowUnusable("The end must be after the start.")
    if ends_at - starts_at > LONGEST:
        raise WindowUnusable("A window is 48 hours long at most. Announce several, one after the other.")


def check_withdrawal(state: MaintenanceState, *, starts_at: datetime, now: datetime) -> None:
    """This will refuse to withdraw what was withdrawn, or has begun.

    :raises TooLate: saying so
    """
    if state is not MaintenanceState.ANNOUNCED:
        raise TooLate("This window was withdrawn or has ended already. Look at what it says now.")
    if now >= starts_at:
        raise TooLate("This window has begun. Record its minutes when it is over.")


def excluded_minutes(
    *, starts_at: datetime, ends_at: datetime, down_from_at: datetime | None, down_until_at: datetime | None
) -> int:
    """This will return the started minutes of an interruption that lie inside the announced window (RULES M-046).

    What goes beyond the window counts against us like any other interruption.

    :param down_from_at: none with `down_until_at` where nothing was interrupted
    """
    if down_from_at is None or down_until_at is None:
        return 0
    inside = min(ends_at, down_until_at) - max(starts_at, down_from_at)
    return max(0, -(-int(inside.total_seconds()) // MINUTE))


def check_interruption(
    *, ends_at: datetime, down_from_at: datetime | None, down_until_at: datetime | None, now: datetime
) -> None:
    """This will refuse a record before the end of the window, or one that makes no sense.

    :raises NotOverYet: before the end
    :raises InterruptionUnusable: with one end missing, turned round, or in the future
    """
    if now < ends_at:
        raise NotOverYet("Record the minutes when the window is over.")
    if (down_from_at is None) != (down_until_at is None):
        raise InterruptionUnusable("Enter both ends of the interruption, or none where there was none.")
    if down_from_at and down_until_at and not down_from_at < down_until_at <= now:
        raise InterruptionUnusable("The interruption must end after it began, and not in the future.")


def window_text(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """This will return a window in words: `Sat 5 Dec 2026, 02:00 to 04:00 Kyiv`."""
    start, end = local_time(starts_at, zone), local_time(ends_at, zone)
    until = end.strftime("%H:%M") if start.date() == end.date() else instant_text(ends_at, zone)
    return f"{instant_text(starts_at, zone)} to {until} {place_text(zone)}"
