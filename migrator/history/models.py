"""The history table."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.history.actor import Role


class Visibility(StrEnum):
    """Who may read an entry."""

    CUSTOMER = "customer"
    STAFF = "staff"


class HistoryEntry(Base):
    """One deed: who, what, when, why, with old and new values in `facts`. Never changed or deleted (RULES D-10).

    :ivar verb: what was done, such as `order.paused`; the wording is made from it where it is shown
    :ivar subject: what it was done to, such as `order`, with its key
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_order_id_id", "order_id", "id"),
        Index("ix_history_subject", "subject", "subject_key", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[Role] = mapped_column(stored(Role, "actor_role"))
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_key: Mapped[str] = mapped_column(String(60))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    visibility: Mapped[Visibility] = mapped_column(stored(Visibility, "visibility"))
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class HistoryIsPermanent(RuntimeError):
    """Code tried to change or delete a history entry."""


@event.listens_for(HistoryEntry, "before_update")
@event.listens_for(HistoryEntry, "before_delete")
def _refuse_change(_mapper: Mapper[Any], _connection: Any, entry: HistoryEntry) -> None:
    raise HistoryIsPermanent(f"History entry {entry.id} cannot be changed.")
