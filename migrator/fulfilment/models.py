"""Pauses of delivery."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.access.models import AccessItem
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.orders.models import CustomerMessage, Order

OPEN = text("ended_at IS NULL")


class PauseReason(StrEnum):
    """Why delivery waits; both can be cured by the customer alone (RULES C-061, C-062)."""

    ACCESS_WRONG = "access_wrong"
    INFORMATION_MISSING = "information_missing"


class PauseRow(Base):
    """Delivery waiting for one named item, from the message that told the customer until the answer (RULES C-063).

    Half-open; `ended_at` is empty while it lasts. The date moves by the business time inside.
    """

    __tablename__ = "pauses"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="not_reversed"),
        Index("uq_pauses_open", "item_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_pauses_order_id", "order_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    item_id: Mapped[int] = mapped_column(ForeignKey("access_items.id"))
    item: Mapped[AccessItem] = relationship(lazy="raise_on_sql")
    message_id: Mapped[int] = mapped_column(ForeignKey("customer_messages.id"))
    message: Mapped[CustomerMessage] = relationship(lazy="raise_on_sql")
    reason: Mapped[PauseReason] = mapped_column(stored(PauseReason, "reason"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
