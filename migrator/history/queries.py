"""Questions about the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.history.models import HistoryEntry


def last_changed_at(session: Session, order_id: int) -> datetime | None:
    """This will return when the last deed about an order happened; none before the first."""
    wanted = select(HistoryEntry.happened_at).where(HistoryEntry.order_id == order_id)
    return session.scalar(wanted.order_by(HistoryEntry.id.desc()).limit(1))


def deeds_on(
    session: Session, subject: str, key: str, *, before_id: int | None = None, limit: int = 50
) -> Sequence[HistoryEntry]:
    """This will return what was done to something, the last deed first."""
    wanted = select(HistoryEntry).where(HistoryEntry.subject == subject, HistoryEntry.subject_key == key)
    if before_id is not None:
        wanted = wanted.where(HistoryEntry.id < before_id)
    return session.scalars(wanted.order_by(HistoryEntry.id.desc()).limit(limit)).all()
