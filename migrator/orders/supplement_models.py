"""Supplements: what is bought for an order after it was placed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.money import Money
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order

OPEN = text("state = 'offered'")
# Several late changes may be quoted at once; of everything else one offer of a kind is open at most.
OPEN_ALONE = text("state = 'offered' AND kind <> 'change'")


class Supplement(Base):
    """A priced addition to an order: an upgrade, pages, hours, a change or insurance. It applies when it is paid.

    :ivar title: what people call it, such as `Package Extended instead of Basic`
    :ivar lines: the priced lines that it adds to the order when it is paid, as documents
    :ivar details: what it grants, as a document: `sku` and terms of an upgrade, `pages`, `minutes`, `plan`
    :ivar accepted_at: when the customer pressed the button that accepts the price; then it is an unpaid balance
    :ivar expires_at: the end of the offer's last day (RULES D-4)
    """

    __tablename__ = "supplements"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("state <> 'paid' OR accepted_at IS NOT NULL", name="paid_was_accepted"),
        CheckConstraint("(state = 'offered') = (ended_at IS NULL)", name="ended_has_its_time"),
        Index(
            "uq_supplements_open",
            "order_id",
            "kind",
            unique=True,
            sqlite_where=OPEN_ALONE,
            postgresql_where=OPEN_ALONE,
        ),
        Index("ix_supplements_order_id", "order_id", "id"),
        Index("ix_supplements_expiry", "expires_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    kind: Mapped[SupplementKind] = mapped_column(stored(SupplementKind, "kind"))
    state: Mapped[SupplementState] = mapped_column(stored(SupplementState, "state"), default=SupplementState.OFFERED)
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    details: Mapped[dict[str, Any]] = mapped_column(Document)
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    offered_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[offered_by_id])
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def amount(self) -> Money:
        """What it costs."""
        return Money(self.amount_minor, self.currency)
