"""Refunds and the order lines that they give back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import RefundOrigin, RefundState

AWAITING = text("state = 'awaiting_approval'")
MOVING = text("state IN ('requested', 'pending')")
UNALLOCATED = text("NOT is_allocated")


class Refund(Base):
    """Money that goes back; committed with its key before the provider hears of it (PAYMENTS rule 6, RULES X-13).

    :ivar idempotency_key: of the call; for one made in the dashboard a name of our own
    :ivar requested_by_id: who asked for it at the desk; none for one made in the dashboard
    :ivar approved_by_id: the second person, where the amount needs one; never the first
    :ivar submitted_at: when the provider was first asked to make it; it may have heard of it from then on
    :ivar failure: why it failed or was cancelled, for staff
    :ivar card: the card that the money goes to, such as `Visa ending in 4242`; empty until the provider said it
    :ivar is_allocated: whether its lines say what it gave back; money that paid for no line has none to name
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("approved_by_id <> requested_by_id", name="approved_by_another"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_has_its_time"),
        CheckConstraint("origin <> 'desk' OR requested_by_id IS NOT NULL", name="asked_for_by_somebody"),
        CheckConstraint("origin <> 'desk' OR reason <> ''", name="a_refund_has_its_reason"),
        CheckConstraint("state NOT IN ('pending', 'done') OR provider_id IS NOT NULL", name="known_once_accepted"),
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_in_time"),
        Index("ix_refunds_order_id", "order_id", "id"),
        Index("ix_refunds_payment_id", "payment_id", "id"),
        Index("ix_refunds_state", "state", "id"),
        Index("ix_refunds_awaiting", "id", sqlite_where=AWAITING, postgresql_where=AWAITING),
        Index("ix_refunds_moving", "id", sqlite_where=MOVING, postgresql_where=MOVING),
        Index("ix_refunds_unallocated", "id", sqlite_where=UNALLOCATED, postgresql_where=UNALLOCATED),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    state: Mapped[RefundState] = mapped_column(stored(RefundState, "state"))
    origin: Mapped[RefundOrigin] = mapped_column(stored(RefundOrigin, "origin"), default=RefundOrigin.DESK)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(Text, default="")
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    provider_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    requested_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[requested_by_id])
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[approved_by_id])
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")
    card: Mapped[str] = mapped_column(String(80), default="")
    is_allocated: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list[RefundLine]] = relationship(lazy="raise_on_sql", order_by="RefundLine.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.amount_minor, self.currency)


class RefundLine(Base):
    """How much of one order line a refund gives back."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("uq_refund_lines_line", "refund_id", "order_line_id", unique=True),
        Index("ix_refund_lines_order_line_id", "order_line_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    order_line: Mapped[OrderLine] = relationship(lazy="raise_on_sql")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
