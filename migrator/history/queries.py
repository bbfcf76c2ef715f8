"""Questions about the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.history.models import HistoryEntry


def last_changed_at(session: Session, order_id: int) -> datetime | None:
    """This will return when the last deed about an order happened; none before the first."""
    wanted = select(HistoryEntry.happened_at).where(HistoryEntry.order_id == order_id)
    return session.scalar(wanted.order_by(HistoryEntry.id.desc()).limit(1))
