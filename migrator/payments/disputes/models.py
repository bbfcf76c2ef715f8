"""Disputes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.money import Money
from migrator.orders.models import Order
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.models import Payment

UNDECIDED = text("closed_at IS NULL")
DECIDED = text("closed_at IS NOT NULL")


class Dispute(Base):
    """A payment that its cardholder disputes at the bank (PAYMENTS, rule 7).

    :ivar reason: the bank's, in the provider's word
    :ivar amount_minor: what the bank holds or took
    :ivar fee_minor: what the provider charges for it, after what it gave back
    :ivar answer_by_at: until when the provider takes evidence
    """

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("fee_minor >= 0", name="fee_not_negative"),
        CheckConstraint(
            "(status IN ('won', 'lost', 'warning_closed', 'prevented')) = (closed_at IS NOT NULL)",
            name="closed_in_time",
        ),
        Index("ix_disputes_order_id", "order_id", "id"),
        Index("ix_disputes_payment_id", "payment_id", "id"),
        Index("ix_disputes_undecided", "id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
        Index("ix_disputes_decided", "id", sqlite_where=DECIDED, postgresql_where=DECIDED),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    provider_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[DisputeStatus] = mapped_column(stored(DisputeStatus, "status"))
    reason: Mapped[str] = mapped_column(String(80), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def amount(self) -> Money:
        """What the bank holds or took."""
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider charges for it."""
        return Money(self.fee_minor, self.currency)
