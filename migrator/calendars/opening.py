"""When people can be reached: the desk's opening hours on its working days. They shape no deadline (RULES C-013)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from migrator.clock.calendar import Calendar, Span
from migrator.clock.deadline import add, is_working
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import (
    clock_text,
    ended_on,
    is_midnight,
    local_time,
    place_text,
    short_day_text,
    viewer_text,
)

A_DAY = timedelta(days=1)


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
        theirs = viewer_text(self.changes_at, self.zone, viewer_zone=viewer_zone or None)
        return f"{self._when()} {place_text(self.zone)} {theirs}".strip()

    def _when(self) -> str:
        local = local_time(self.changes_at, self.zone)
        if not self.is_open:
            return f"Closed now, opens {short_day_text(local.date())}, {clock_text(local)}"
        if is_midnight(local):
            return f"Open now, to the end of {short_day_text(ended_on(local))}"
        return f"Open now, closes {clock_text(local)}"


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


def whole_days_opening(calendar: Calendar, *, now: datetime) -> Opening:
    """This will return whether it is a working day now, open through all of its 24 hours (RULES C-012).

    An open one lasts to the end of the last working day in a row.

    :raises YearNotFilled: when it needs a day that is not filled
    """
    if not is_working(calendar, now):
        return Opening(False, add(calendar, now, working_seconds=0), calendar.zone)
    following = local_time(now, calendar.zone).date() + A_DAY
    while following <= calendar.filled_until and calendar.hours_on(following):
        following += A_DAY
    return Opening(True, to_instant(wall_seconds(calendar.zone_info, following)), calendar.zone)


@lru_cache(maxsize=4)
def _hours(calendar: Calendar, opens: str, closes: str) -> Calendar:
    span = Span(_minute(opens), _minute(closes))
    return replace(calendar, week=tuple((span,) if day else () for day in calendar.week))


def _minute(text: str) -> int:
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute
