"""Between the two faces of an instant: aware datetimes at the edge, whole UTC seconds inside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from migrator.errors import DomainError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400
FIRST_YEAR, LAST_YEAR = 2, 9_998


class NaiveInstant(DomainError):
    """An instant without an offset could mean several moments."""


class MalformedInstant(DomainError):
    """The text is not a date and time."""


class UnknownZone(DomainError):
    """The time zone is not in the zone database."""


def to_seconds(at: datetime) -> int:
    """This will return the whole UTC seconds since 1970 of `at` (aware); fractions of a second are dropped.

    :raises NaiveInstant: for a datetime without an offset
    """
    try:
        since = at - EPOCH
    except TypeError as error:
        raise NaiveInstant(f"{at} has no offset; say in which zone it is.") from error
    return since.days * DAY_SECONDS + since.seconds


def to_instant(seconds: int) -> datetime:
    """This will return the aware instant, in UTC, that lies `seconds` after the start of 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def to_the_minute(at: datetime) -> datetime:
    """This will drop the seconds of an instant: facts that a count starts or stops at are whole minutes (RULES D-4)."""
    return at.replace(second=0, microsecond=0)


@cache
def zone_named(name: str) -> ZoneInfo:
    """This will return the IANA zone `name`.

    :raises UnknownZone: when the zone database has no such name
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"“{name}” is not a time zone we know; use a name such as Europe/Kyiv.") from error


def wall_seconds(zone: ZoneInfo, on: date, *, minute: int = 0) -> int:
    """This will return the UTC second at which clocks in `zone` show `minute` minutes after midnight of `on`.

    A time that a clock change skips is moved forward by the gap; of a time that comes twice the first is taken
    (RULES D-2).
    """
    return to_seconds(datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(minutes=minute))


def local_date(zone: ZoneInfo, seconds: int) -> date:
    """This will return the date that the calendar on the wall in `zone` shows at the UTC second."""
    return to_instant(seconds).astimezone(zone).date()


def closing_midnight(zone: ZoneInfo, seconds: int) -> int:
    """This will return the UTC second at which the local day that holds the last second before `seconds` ends.

    An instant at midnight exactly closes the day before and stays (RULES D-4).
    """
    return wall_seconds(zone, local_date(zone, seconds - 1) + timedelta(days=1))


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """This will read an ISO date and time into UTC; without an offset it is local to `zone` (see `wall_seconds`).

    Not left in its zone, because Python finds a skipped or doubled local time unequal to every other instant.
    An instant keeps its meaning in every zone, so the first and the last year of dates are left out.

    :raises MalformedInstant: for any other text
    """
    try:
        read = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise MalformedInstant(f"“{text}” is not a date and time such as 2026-11-24T11:00.") from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise MalformedInstant(f"“{text}” lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return to_instant(to_seconds(read if read.utcoffset() is not None else read.replace(tzinfo=zone)))
