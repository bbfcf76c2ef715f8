"""Why a date is what it is: the derivation that page, e-mail, API and calendar feed are made from (RULES D-9, X-15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.clock.calendar import ALWAYS, Calendar
from migrator.clock.days import DayKind, DayRow, day_rows
from migrator.clock.deadline import Target, Unit, due
from migrator.clock.instants import local_date, to_instant, to_seconds
from migrator.clock.pauses import Pause, settle
from migrator.clock.wording import duration_text, end_text, instant_text, place_text, target_text

__all__ = ["DayKind", "DayRow", "Derivation", "explain", "sentences"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A due instant with all that it follows from. `start_at` and `due_at` are aware, in UTC.

    `pauses` are all that were given, in order, open ones ended at `now`; `idle_pauses` are those in which no working
    time ran before the due instant. `paused_seconds` is the working time that the others took, overlaps once. For
    calendar days the seconds are those on the clock.
    """

    calendar_key: str
    calendar_name: str
    zone: str
    target: Target
    start_at: datetime
    due_at: datetime
    pauses: tuple[Pause, ...]
    idle_pauses: tuple[Pause, ...]
    rows: tuple[DayRow, ...]
    counted_seconds: int
    paused_seconds: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """What was waited for while working time ran, each once, in order of the pauses."""
        moving = (pause for pause in self.pauses if pause not in self.idle_pauses)
        return tuple(dict.fromkeys(pause.reason for pause in moving if pause.reason))


def explain(
    calendar: Calendar, start: datetime, target: Target, *, pauses: Iterable[Pause] = (), now: datetime | None = None
) -> Derivation:
    """This will derive the due instant with one row for each local day from start to end (RULES D-9).

    It takes and refuses what `due` does.
    """
    settled = settle(pauses, now)
    due_at = due(calendar, start, target, pauses=settled)
    begin, end = to_seconds(start), to_seconds(due_at)
    by_dates = target.unit is Unit.CALENDAR_DAYS
    counting = _every_day(calendar, begin, end) if by_dates else calendar
    rows = tuple(day_rows(counting, begin, end, pauses=() if by_dates else settled))
    return Derivation(
        calendar_key=calendar.key,
        calendar_name=calendar.name,
        zone=calendar.zone,
        target=target,
        start_at=to_instant(begin),
        due_at=due_at,
        pauses=settled,
        idle_pauses=tuple(p for p in settled if by_dates or _stands_idle(p, counting, begin=begin, end=end)),
        rows=rows,
        counted_seconds=sum(row.counted_seconds for row in rows),
        paused_seconds=sum(row.paused_seconds for row in rows),
    )


def sentences(derivation: Derivation) -> list[str]:
    """This will return the whole explanation in plain sentences: what is counted, each day, the result (RULES X-15)."""
    return [
        _opening_sentence(derivation),
        *(row.sentence for row in derivation.rows),
        *(_idle_sentence(pause, derivation) for pause in derivation.idle_pauses),
        _closing_sentence(derivation),
    ]


def _opening_sentence(derivation: Derivation) -> str:
    start = instant_text(derivation.start_at, derivation.zone)
    if derivation.target.unit is Unit.CALENDAR_DAYS:
        where = f"{place_text(derivation.zone)} time, every date counts"
    else:
        where = f"{place_text(derivation.zone)} time, on the calendar “{derivation.calendar_name}”"
    return f"{target_text(derivation.target, derivation.zone)}, counted from {start} {where}."


def _idle_sentence(pause: Pause, derivation: Derivation) -> str:
    span = f"from {instant_text(pause.from_at, derivation.zone)}"
    if pause.until_at is not None:
        span += f" to {instant_text(pause.until_at, derivation.zone)}"
    if derivation.target.unit is Unit.CALENDAR_DAYS:
        return f"The pause {span} moved nothing: dates count on."
    if pause.from_at >= derivation.due_at:
        return f"The pause {span} moved nothing: the date had passed."
    return f"The pause {span} moved nothing: no working time ran in it."


def _closing_sentence(derivation: Derivation) -> str:
    result = end_text(derivation.due_at, derivation.zone)
    if derivation.target.unit is Unit.CALENDAR_DAYS:
        return f"The result: {result}."
    counted = f"{duration_text(derivation.counted_seconds)} counted"
    paused = f", {duration_text(derivation.paused_seconds)} paused" if derivation.paused_seconds else ""
    return f"{counted}{paused}. The result: {result}."


def _every_day(calendar: Calendar, begin: int, end: int) -> Calendar:
    first_on, last_on = (local_date(calendar.zone_info, second) for second in (begin, end))
    return replace(calendar, week=ALWAYS, closed_days={}, exceptions={}, filled_from=first_on, filled_until=last_on)


def _stands_idle(pause: Pause, calendar: Calendar, *, begin: int, end: int) -> bool:
    part = pause.within(begin, end)
    return part is None or calendar.table.between(*part) == 0
