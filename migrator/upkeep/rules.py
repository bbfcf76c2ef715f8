"""When the work that runs by itself has to be called late. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# The worker looks each minute; by then several looks have not taken place.
SILENT_AFTER = timedelta(minutes=5)
# A failure that repeats with each look is written down once in this time, and counted each time.
SAID_AGAIN_AFTER = timedelta(hours=1)
FAILURES_KEPT = timedelta(days=90)


def is_silent(last_started_at: datetime | None, *, now: datetime) -> bool:
    """This will say whether nothing has been begun for so long that the worker must be down."""
    return last_started_at is None or now - last_started_at > SILENT_AFTER
