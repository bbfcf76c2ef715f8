"""Which requests were joined, with what is needed to part them again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime

STANDING = text("undone_at IS NULL")


class TicketMerge(Base):
    """One request that was put into another.

    :ivar before: the facts of both as they were, and what was moved, so that undoing restores exactly that
    """

    __tablename__ = "ticket_merges"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two_requests"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        Index("uq_ticket_merges_standing", "merged_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("ix_ticket_merges_kept_id", "kept_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    before: Mapped[dict[str, Any]] = mapped_column(Document)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undo_until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
