"""When people can be reached: the desk's opening hours on its working days. They shape no deadline (RULES C-013)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import lru_cache

from migrator.clock.calendar import Calendar, Span
from migrator.clock.deadline import add, is_working
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import clock_text, local_time, place_text, short_day_text, viewer_text


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the desk is open, and until or from when. `changes_at` is aware, in UTC."""

    is_open: bool
    changes_at: datetime
    zone: str

    def text(self, viewer_zone: str = "") -> str:
        """This will say it in words: `Open now, closes 19:00 Kyiv (18:00 your time)`.

        :param viewer_zone: the reader's zone; empty adds nothing
        """
        local = local_time(self.changes_at, self.zone)
        when = "Open now, closes" if self.is_open else f"Closed now, opens {short_day_text(local.date())},"
        theirs = viewer_text(self.changes_at, self.zone, viewer_zone=viewer_zone or None)
        return f"{when} {clock_text(local)} {place_text(self.zone)} {theirs}".strip()


def opening(calendar: Calendar, *, opens: str, closes: str, now: datetime) -> Opening:
    """This will return whether the desk is open now (RULES C-013).

    :param opens: desk-local `HH:MM`; with `closes` the hours of every working day, closing excluded
    :raises YearNotFilled: when now lies in a year whose closed days are not known
    """
    hours = _hours(calendar, opens, closes)
    if not is_working(hours, now):
        return Opening(False, add(hours, now, working_seconds=0), calendar.zone)
    today = local_time(now, calendar.zone).date()
    return Opening(True, to_instant(wall_seconds(calendar.zone_info, today, minute=_minute(closes))), calendar.zone)


@lru_cache(maxsize=4)
def _hours(calendar: Calendar, opens: str, closes: str) -> Calendar:
    span = Span(_minute(opens), _minute(closes))
    return replace(calendar, week=tuple((span,) if day else () for day in calendar.week))


def _minute(text: str) -> int:
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute
