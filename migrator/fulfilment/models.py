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
OPEN_WITHOUT_ITEM = text("ended_at IS NULL AND item_id IS NULL")
REMINDED = text("ended_at IS NULL AND next_reminder_at IS NOT NULL")


class PauseReason(StrEnum):
    """Why delivery waits; each can be cured by the customer alone (RULES C-061, C-062).

    The first two name an access item; the others the preview that waits for approval (C-055g), and the pages over the
    limit that wait for a decision (C-069).
    """

    ACCESS_WRONG = "access_wrong"
    INFORMATION_MISSING = "information_missing"
    APPROVAL_MISSING = "approval_missing"
    DECISION_MISSING = "decision_missing"


LABELS = {
    PauseReason.APPROVAL_MISSING: "Your approval of the preview",
    PauseReason.DECISION_MISSING: "Your decision on the pages",
}


class PauseRow(Base):
    """Delivery waiting for one named thing, from the message that told the customer until the answer (RULES C-063).

    Half-open; `ended_at` is empty while it lasts. The date moves by the business time inside.

    :ivar item: the access item that is waited for; none where the reason itself names what is missing
    :ivar next_reminder_at: when to look whether a reminder is due; none after the last (RULES C-065)
    :ivar reminders: how many of the policy's reminders have been reached
    :ivar handed_over_at: when the account manager was asked to look after it personally (RULES C-065)
    """

    __tablename__ = "pauses"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="not_reversed"),
        CheckConstraint(
            "(item_id IS NULL) = (reason IN ('approval_missing', 'decision_missing'))", name="names_what_is_missing"
        ),
        Index("uq_pauses_open", "item_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_pauses_open_reason",
            "order_id",
            "reason",
            unique=True,
            sqlite_where=OPEN_WITHOUT_ITEM,
            postgresql_where=OPEN_WITHOUT_ITEM,
        ),
        Index("ix_pauses_reminders", "next_reminder_at", "id", sqlite_where=REMINDED, postgresql_where=REMINDED),
        Index("ix_pauses_order_id", "order_id", "started_at"),
        Index("ix_pauses_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("access_items.id"))
    item: Mapped[AccessItem | None] = relationship(lazy="raise_on_sql")
    message_id: Mapped[int] = mapped_column(ForeignKey("customer_messages.id"))
    message: Mapped[CustomerMessage] = relationship(lazy="raise_on_sql")
    reason: Mapped[PauseReason] = mapped_column(stored(PauseReason, "reason"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def label(self) -> str:
        """What is waited for, as people call it; the item is loaded where there is one."""
        return self.item.label if self.item else LABELS[self.reason]
