"""The days of a count, one row each: what counted, what did not, and why (RULES D-9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from migrator.clock.calendar import Calendar, ClosedDay
from migrator.clock.instants import DAY_SECONDS, local_date, to_instant, wall_seconds
from migrator.clock.pauses import Pause, cuts_of
from migrator.clock.wording import clock_text, day_text, hours_text, is_midnight, listed_text, waiting_text

SATURDAY = 5


class DayKind(StrEnum):
    """What a day did for the count. `UNUSED`: the day has hours, but none of them fell between start and end."""

    COUNTED = "counted"
    PARTLY_PAUSED = "partly_paused"
    PAUSED = "paused"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SUBSTITUTE = "substitute"
    ANNOUNCED = "announced"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One local day of the count. Seconds are working time; instants are in the calendar's zone.

    `pauses` are cut to the part of this day that lies inside the count. `starts_at` and `due_at` are set on the day
    they fall on; a due instant at 24:00 belongs to the day it closes. `completes_day` is the number of the working
    day (24 working hours) that became whole on this day, None when none did.
    """

    on: date
    kind: DayKind
    name: str
    substitute_for: date | None
    counted_seconds: int
    paused_seconds: int
    running_seconds: int
    pauses: tuple[Pause, ...]
    starts_at: datetime | None
    due_at: datetime | None

    @property
    def due_here(self) -> bool:
        """Whether the count ends on this day."""
        return self.due_at is not None

    @property
    def completed_days(self) -> int:
        """How many whole working days have run at the end of this row."""
        return self.running_seconds // DAY_SECONDS

    @property
    def completes_day(self) -> int | None:
        """The number of the working day that became whole here."""
        before = (self.running_seconds - self.counted_seconds) // DAY_SECONDS
        return self.completed_days if self.completed_days > before else None

    @property
    def pause_reasons(self) -> tuple[str, ...]:
        """What was waited for on this day, each once."""
        return tuple(dict.fromkeys(pause.reason for pause in self.pauses if pause.reason))

    @property
    def sentence(self) -> str:
        """The day in plain words: `Sat 28 Nov 2026: weekend, nothing counted.`"""
        parts = [part for part in (self._closed_text(), self._counted_text(), self._paused_text()) if part]
        text = ". ".join(parts) or "no working time of this day was needed"
        return f"{day_text(self.on)}: {text}."

    def _closed_text(self) -> str:
        match self.kind:
            case DayKind.WEEKEND:
                return f"{'weekend' if self.on.weekday() >= SATURDAY else 'no working hours'}, nothing counted"
            case DayKind.HOLIDAY:
                return f"closed for {self.name}, nothing counted"
            case DayKind.SUBSTITUTE:
                instead = f" (in place of {day_text(self.substitute_for)})" if self.substitute_for else ""
                return f"closed, {self.name}{instead}, nothing counted"
            case DayKind.ANNOUNCED:
                return f"closed as announced, {self.name}, nothing counted"
        return ""

    def _counted_text(self) -> str:
        if not self.counted_seconds:
            return ""
        since = f" from {clock_text(self.starts_at)}" if self.starts_at else ""
        until = f" until {_end_clock(self.due_at)}" if self.due_at else ""
        whole = f", day {self.completes_day} complete" if self.completes_day else ""
        return f"{hours_text(self.counted_seconds)} counted{since}{until}{whole}"

    def _paused_text(self) -> str:
        if not self.pauses:
            return ""
        if not self.paused_seconds:
            return "The pause on this day moved nothing"
        word = "Paused" if self.counted_seconds else "paused"
        when = listed_text([pause_text(pause) for pause in self.pauses])
        return f"{word} {when}, {hours_text(self.paused_seconds)} not counted {waiting_text(self.pause_reasons)}"


def pause_text(pause: Pause) -> str:
    """This will return when a pause that is cut to one local day ran: `from 15:00`, `until 12:00`, `all day`."""
    whole_end = pause.until_at is None or is_midnight(pause.until_at)
    if is_midnight(pause.from_at):
        return "all day" if whole_end else f"until {_end_clock(pause.until_at)}"
    return f"from {clock_text(pause.from_at)}" + ("" if whole_end else f" to {_end_clock(pause.until_at)}")


def day_rows(calendar: Calendar, begin: int, end: int, *, pauses: tuple[Pause, ...]) -> Iterator[DayRow]:
    """This will yield one row for each local day from `begin` to `end` (UTC seconds), both days included.

    :param pauses: all ended
    """
    zone = calendar.zone_info
    cuts = cuts_of(pauses)
    running = 0
    on, last_on = local_date(zone, begin), local_date(zone, max(begin, end - 1))
    while on <= last_on:
        since = max(begin, wall_seconds(zone, on))
        until = min(end, wall_seconds(zone, on + timedelta(days=1)))
        counted = calendar.table.between(since, until, cuts)
        paused = calendar.table.between(since, until) - counted
        running += counted
        closed = calendar.closed_days.get(on) if not calendar.hours_on(on) else None
        yield DayRow(
            on=on,
            kind=_kind(calendar, on, counted=counted, paused=paused),
            name=closed.name if closed else "",
            substitute_for=closed.substitute_for if closed else None,
            counted_seconds=counted,
            paused_seconds=paused,
            running_seconds=running,
            pauses=tuple(_within(pauses, since, until, zone=zone)),
            starts_at=to_instant(begin).astimezone(zone) if since == begin else None,
            due_at=to_instant(end).astimezone(zone) if until == end else None,
        )
        on += timedelta(days=1)


def _kind(calendar: Calendar, on: date, *, counted: int, paused: int) -> DayKind:
    if not calendar.hours_on(on):
        closed: ClosedDay | None = calendar.closed_days.get(on)
        return DayKind(closed.kind.value) if closed else DayKind.WEEKEND
    if paused:
        return DayKind.PARTLY_PAUSED if counted else DayKind.PAUSED
    return DayKind.COUNTED if counted else DayKind.UNUSED


def _within(pauses: tuple[Pause, ...], since: int, until: int, *, zone: ZoneInfo) -> Iterator[Pause]:
    for pause in pauses:
        part = pause.within(since, until)
        if part is not None:
            begin, end = (to_instant(second).astimezone(zone) for second in part)
            yield replace(pause, from_at=begin, until_at=end)


def _end_clock(local: datetime | None) -> str:
    return "24:00" if local is None or is_midnight(local) else clock_text(local)
