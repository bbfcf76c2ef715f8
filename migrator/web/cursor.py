"""Where a page of a list ended, as an address carries it: opaque to people, harmless when it was made up."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from migrator.clock.instants import NaiveInstant, to_seconds


def cursor_of(at: datetime | None, row_id: int) -> str:
    """This will return the cursor that stands for the last row of a page."""
    text = json.dumps([at.isoformat() if at else None, row_id])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[datetime | None, int] | None:
    """This will return instant and id of the row that a page ended with; none for the first page or any other text."""
    if not text:
        return None
    try:
        at, row_id = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        instant = datetime.fromisoformat(at) if at else None
        if instant:
            to_seconds(instant)
    except (ValueError, TypeError, NaiveInstant):
        return None
    return (instant, row_id) if isinstance(row_id, int) and abs(row_id) < 2**63 else None
