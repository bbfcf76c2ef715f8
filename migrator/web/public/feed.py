"""The closed days as a calendar that people subscribe to (RULES C-017)."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar

from migrator.clock.calendar import Calendar, ClosedDay


def closed_days_feed(calendar: Calendar, *, filled_at: dict[int, datetime]) -> bytes:
    """This will return the closed days as whole-day events; each keeps its identity for good.

    :param filled_at: when the closed days of each year were recorded
    """
    feed = icalendar.Calendar()
    feed.add("prodid", "-//Migrator//Closed days//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", f"Closed days: {calendar.name}")
    for on, day in sorted(calendar.closed_days.items()):
        feed.add_component(_event(day, key=calendar.key, recorded_at=filled_at[on.year]))
    written: bytes = feed.to_ical()
    return written


def _event(day: ClosedDay, *, key: str, recorded_at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{day.on}-{day.kind}-{key}@closed-days.migrator")
    event.add("dtstamp", recorded_at)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", f"Closed: {day.name}")
    event.add("description", f"No working time is counted on this day. Source: {day.source}.")
    event.add("transp", "TRANSPARENT")
    return event
