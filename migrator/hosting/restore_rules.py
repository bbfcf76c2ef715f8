"""What can be brought back, from which day, and how a restore ends (RULES M-006 to M-013). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from migrator.clock.instants import to_instant, wall_seconds, zone_named
from migrator.clock.wording import day_text, local_time
from migrator.errors import DomainError


class RestoreKind(StrEnum):
    """What is brought back; databases only whole (RULES M-011, M-013)."""

    FILES_PART = "files_part"
    FILES_WHOLE = "files_whole"
    DATABASE_WHOLE = "database_whole"
    DATABASE_COPY = "database_copy"


class RestoreState(StrEnum):
    """Where a restore stands. It is attempted, and ends in one of the last four (RULES M-012)."""

    ASKED = "asked"
    IN_WORK = "in_work"
    DONE = "done"
    DONE_IN_PART = "done_in_part"
    NOT_POSSIBLE = "not_possible"
    WITHDRAWN = "withdrawn"


class NoCopyOfThatDay(DomainError):
    """We keep copies of a few days alone (RULES M-009)."""


class PartOfDatabase(DomainError):
    """A part of a database cannot be brought back; a copy beside it can (RULES M-011, M-013)."""


class FilesMissing(DomainError):
    """A part of the files needs their names."""


class OwnBackupMissing(DomainError):
    """Before a restore the customer says when the own backup was made (RULES M-006)."""


class RestoreEnded(DomainError):
    """The restore has come to its end."""


class OutcomeMissing(DomainError):
    """What was not done in full is explained, and a copy has its link (RULES M-012, M-013)."""


# What a form may offer, although it is never done: whoever chooses it is shown the copy instead (RULES M-011).
DATABASE_PART = "database_part"
KIND_WORDS = {
    RestoreKind.FILES_PART: "Some of the files",
    RestoreKind.FILES_WHOLE: "All files",
    RestoreKind.DATABASE_WHOLE: "The whole database",
    RestoreKind.DATABASE_COPY: "A copy of the database beside the live one",
}
STATE_WORDS = {
    RestoreState.ASKED: "Asked for",
    RestoreState.IN_WORK: "We are trying",
    RestoreState.DONE: "Done",
    RestoreState.DONE_IN_PART: "Done in part",
    RestoreState.NOT_POSSIBLE: "Not possible",
    RestoreState.WITHDRAWN: "Withdrawn",
}
OPEN = frozenset({RestoreState.ASKED, RestoreState.IN_WORK})
OUTCOMES = (RestoreState.DONE, RestoreState.DONE_IN_PART, RestoreState.NOT_POSSIBLE)
COPY_INSTEAD = (
    "A part of a database cannot be brought back: what is in it belongs together. We can put a copy of that day "
    "beside the live database, and you take from it what you need."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks to have back.

    :ivar kind: or the text `database_part`, which is refused with the copy that is possible instead
    """

    kind: str
    wanted_on: date | None
    paths: str
    own_backup_on: date | None


def restorable_days(now: datetime, zone: str, *, days: int) -> tuple[date, ...]:
    """This will return the days whose copies can be asked for, the newest first: today and `days` before it.

    :param zone: of the host, whose days they are (RULES M-008, M-009)
    """
    today = local_time(now, zone).date()
    return tuple(today - timedelta(days=back) for back in range(days + 1))


def gone_at(wanted_on: date, zone: str, *, days: int) -> datetime:
    """This will return when the copy of a day disappears: at the end of the last day on which it can be asked for."""
    return to_instant(wall_seconds(zone_named(zone), wanted_on + timedelta(days=days + 1)))


def check_wish(wish: Wish, *, now: datetime, zone: str, days: int) -> RestoreKind:
    """This will return what is to be brought back, or refuse it with what is possible instead.

    :raises PartOfDatabase: for a part of a database, naming the copy (RULES M-011, M-013)
    :raises NoCopyOfThatDay: for a day outside the list (RULES M-009)
    :raises FilesMissing: for some files without their names
    :raises OwnBackupMissing: without the own backup's day, or with one that is yet to come (RULES M-006)
    """
    if wish.kind == DATABASE_PART:
        raise PartOfDatabase(COPY_INSTEAD)
    if wish.kind not in {kind.value for kind in RestoreKind}:
        raise PartOfDatabase("Choose what we are to bring back.")
    kind, today = RestoreKind(wish.kind), local_time(now, zone).date()
    _check_day(wish.wanted_on, today, days=days)
    if kind is RestoreKind.FILES_PART and not wish.paths.strip():
        raise FilesMissing("Write which files and folders you want back, one in each line.")
    if wish.own_backup_on is None or wish.own_backup_on > today:
        raise OwnBackupMissing(f"Enter the day on which your own backup was made, up to {day_text(today)}.")
    return kind


def is_old(own_backup_on: date, *, today: date, days: int) -> bool:
    """This will tell whether an own backup is old enough for a warning (RULES M-006)."""
    return (today - own_backup_on).days > days


def check_outcome(kind: RestoreKind, state: RestoreState, *, outcome: str, copy_address: str) -> None:
    """This will refuse an end that leaves the customer without words or without the copy (RULES M-012, M-013).

    :raises OutcomeMissing: naming what is missing
    """
    if state is not RestoreState.DONE and not outcome.strip():
        raise OutcomeMissing("Write what was not done and why. The customer reads it.")
    has_copy = kind is RestoreKind.DATABASE_COPY and state is not RestoreState.NOT_POSSIBLE
    if has_copy and not copy_address.strip():
        raise OutcomeMissing("Enter the link from which the customer fetches the copy.")
    if copy_address.strip() and not has_copy:
        raise OutcomeMissing("Only a copy of a database has a link. Leave it empty here.")


def _check_day(wanted_on: date | None, today: date, *, days: int) -> None:
    oldest = today - timedelta(days=days)
    if wanted_on is None or wanted_on > today:
        raise NoCopyOfThatDay("Choose one of the days in the list.")
    if wanted_on < oldest:
        raise NoCopyOfThatDay(
            f"We have no copy of {day_text(wanted_on)} any more: copies are kept for {days} days. "
            f"The oldest is of {day_text(oldest)}. Your own backups may reach further back."
        )
