"""Links that open a part of an order without signing in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.models import Order

STANDING = text("revoked_at IS NULL")


class OrderLink(Base):
    """One link that can be revoked. Its address holds the row's number, signed; no secret is kept here."""

    __tablename__ = "order_links"
    __table_args__ = (
        Index(
            "uq_order_links_standing",
            "order_id",
            "purpose",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    purpose: Mapped[LinkPurpose] = mapped_column(stored(LinkPurpose, "purpose"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
