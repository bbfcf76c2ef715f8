"""A maintenance window for calendar programs (RULES M-046)."""

from __future__ import annotations

from collections.abc import Sequence

import icalendar

from migrator.hosting.maintenance_models import Maintenance
from migrator.hosting.maintenance_rules import MaintenanceState


def window_file(maintenance: Maintenance, names: Sequence[str], *, url: str) -> bytes:
    """This will return the window as one event; withdrawn, the same event is cancelled."""
    is_withdrawn = maintenance.state is MaintenanceState.WITHDRAWN
    event = icalendar.Event()
    event.add("uid", f"maintenance-{maintenance.id}@hosting.migrator")
    event.add("dtstamp", maintenance.withdrawn_at or maintenance.announced_at)
    event.add("sequence", 1 if is_withdrawn else 0)
    event.add("dtstart", maintenance.starts_at)
    event.add("dtend", maintenance.ends_at)
    event.add("summary", f"Maintenance: {maintenance.title}")
    event.add("description", f"{maintenance.reason}\n\nIt touches: {', '.join(names)}.")
    event.add("url", url)
    event.add("status", "CANCELLED" if is_withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    feed = icalendar.Calendar()
    feed.add("prodid", "-//Migrator//Maintenance//EN")
    feed.add("version", "2.0")
    feed.add("method", "CANCEL" if is_withdrawn else "PUBLISH")
    feed.add_component(event)
    written: bytes = feed.to_ical()
    return written
