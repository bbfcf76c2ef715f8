"""One wording of dates, times and durations for screen, e-mail, API and calendar feed (RULES D-4, D-9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from migrator.clock.deadline import Target, Unit
from migrator.clock.instants import to_instant, to_seconds, to_the_minute, wall_seconds, zone_named

if TYPE_CHECKING:
    from migrator.clock.explanation import Derivation

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTES_OF_AN_HOUR = 60


def short_day_text(on: date) -> str:
    """This will return the date without its year: `Mon 7 Dec`."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def day_text(on: date) -> str:
    """This will return the date: `Mon 7 Dec 2026`."""
    return f"{short_day_text(on)} {on.year}"


def local_time(at: datetime, zone: str) -> datetime:
    """This will return the instant as the clocks in `zone` show it.

    :raises NaiveInstant: for an instant without an offset
    :raises UnknownZone: for a zone outside the zone database
    """
    return to_instant(to_seconds(at)).astimezone(zone_named(zone))


def clock_text(local: datetime) -> str:
    """This will return the time of day: `08:00`, with seconds only where there are any."""
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def instant_text(at: datetime, zone: str) -> str:
    """This will return the instant in `zone`: `Mon 7 Dec 2026, 08:00`."""
    local = local_time(at, zone)
    return f"{day_text(local.date())}, {clock_text(local)}"


def moment_text(at: datetime, zone: str) -> str:
    """This will return when something happened, in `zone` and to the minute: `Mon 7 Dec 2026, 08:00`."""
    return instant_text(to_the_minute(at), zone)


def end_text(at: datetime, zone: str) -> str:
    """This will return an ending instant; at local midnight it is `end of Wed 2 Dec 2026` (RULES D-4)."""
    local = local_time(at, zone)
    if not is_midnight(local):
        return instant_text(at, zone)
    return f"end of {day_text(ended_on(local))}"


def is_midnight(local: datetime) -> bool:
    """This will say whether the instant begins a local day, also where a clock change skips 00:00."""
    return isinstance(local.tzinfo, ZoneInfo) and to_seconds(local) == wall_seconds(local.tzinfo, local.date())


def ended_on(local: datetime) -> date:
    """This will return the local day that an ending instant belongs to: at midnight the day before."""
    return local.date() - timedelta(days=1) if is_midnight(local) else local.date()


def hours_text(seconds: int) -> str:
    """This will return a duration exactly: `2 h 30 min`, `24 h`, `0 h`."""
    hours, rest = divmod(seconds, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts) or "0 h"


def duration_text(seconds: int) -> str:
    """This will return working time exactly: `45 working hours`, `1 working hour`, `2 h 30 min of working time`."""
    if seconds % 3_600:
        return f"{hours_text(seconds)} of working time"
    return counted_text(seconds // 3_600, "working hour")


def counted_text(amount: int, thing: str) -> str:
    """This will return a number of things: `1 working day`, `7 working days`."""
    return f"{amount:,} {thing}{'' if amount == 1 else 's'}"


def listed_text(items: Sequence[str]) -> str:
    """This will return the items as English lists them: `a, b and c`."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def waiting_text(reasons: Iterable[str]) -> str:
    """This will return why the count stood still: `while we waited for the FTP password and the database dump`."""
    named = list(dict.fromkeys(reason for reason in reasons if reason))
    return f"while we waited for {listed_text(named)}" if named else "while the count was paused"


def place_text(zone: str) -> str:
    """This will return the place after which the zone is named: `Kyiv` for `Europe/Kyiv`."""
    return zone.rpartition("/")[2].replace("_", " ")


def target_text(target: Target, zone: str) -> str:
    """This will return what is promised: `7 working days`, `72 working hours`, `14 days`, `15 minutes`, `72 hours`."""
    match target.unit:
        case Unit.BUSINESS_DAYS:
            return counted_text(target.amount, "working day")
        case Unit.BUSINESS_HOURS:
            return counted_text(target.amount, "working hour")
        case Unit.CALENDAR_DAYS:
            return counted_text(target.amount, "day")
        case Unit.MINUTES if target.amount >= 2 * MINUTES_OF_AN_HOUR and target.amount % MINUTES_OF_AN_HOUR == 0:
            return counted_text(target.amount // MINUTES_OF_AN_HOUR, "hour")
        case Unit.MINUTES:
            return counted_text(target.amount, "minute")
    return f"Agreed date {instant_text(target.agreed_at, zone) if target.agreed_at else ''}".strip()


class Ladder(StrEnum):
    """How firm a date is; the value stands before the verb."""

    GUARANTEED = ""
    AGREED = "Agreed with you: "
    TARGET = "Our target: "
    AIM = "We aim: "
    USUALLY = "Usually: "


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """The one sentence that states a date, the same on screen, in e-mail, API and calendar feed.

    `viewer_text` is the time where the reader is, in brackets; empty when the clocks agree.
    """

    headline: str
    zone_label: str
    viewer_text: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.zone_label} {self.viewer_text}".strip()
        return f"{self.headline} {where}. {self.reason}"


def promise_line(
    derivation: Derivation,
    *,
    viewer_zone: str | None = None,
    verb: str = "Ready by",
    ladder: Ladder | None = None,
) -> PromiseLine:
    """This will state the derived date in one sentence with its reason.

    :param viewer_zone: the reader's zone; None or a zone with the same time then adds nothing
    :param ladder: how firm the date is; None = agreed for an agreed target, otherwise guaranteed
    """
    if ladder is None:
        ladder = Ladder.AGREED if derivation.target.unit is Unit.AGREED else Ladder.GUARANTEED
    opening = ladder + (verb[:1].lower() + verb[1:] if ladder else verb)
    return PromiseLine(
        headline=f"{opening} {end_text(derivation.due_at, derivation.zone)}",
        zone_label=place_text(derivation.zone),
        viewer_text=viewer_text(derivation.due_at, derivation.zone, viewer_zone=viewer_zone),
        reason=_reason(derivation),
    )


def viewer_text(at: datetime, zone: str, *, viewer_zone: str | None) -> str:
    """This will return the ending instant as the reader's clock shows it: `(07:00 your time)`."""
    local = local_time(at, zone)
    theirs = local_time(at, viewer_zone) if viewer_zone else local
    if theirs.utcoffset() == local.utcoffset():
        return ""
    if is_midnight(theirs):
        return f"(end of {short_day_text(ended_on(theirs))} your time)"
    day = "" if theirs.date() == ended_on(local) else f"{short_day_text(theirs.date())}, "
    return f"({day}{clock_text(theirs)} your time)"


def _reason(derivation: Derivation) -> str:
    text = target_text(derivation.target, derivation.zone)
    if derivation.target.unit is not Unit.AGREED:
        text += f" from {_start_text(derivation)}"
    if derivation.paused_seconds:
        text += f", plus {duration_text(derivation.paused_seconds)} {waiting_text(derivation.reasons)}"
    return f"{text}."


def _start_text(derivation: Derivation) -> str:
    start = local_time(derivation.start_at, derivation.zone)
    ends_on = ended_on(local_time(derivation.due_at, derivation.zone))
    day = short_day_text(start.date()) if start.year == ends_on.year else day_text(start.date())
    return f"{day}, {clock_text(start)}"
