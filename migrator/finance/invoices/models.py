"""What was issued to customers, the numbers that it took, and who sold. Rows of the first are never changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.money import Money


class Seller(Base):
    """Who sells, and where tax is charged, since a moment; a change of the settings adds a row at the next start.

    :ivar address: lines of the postal address
    :ivar tax_countries: ISO codes of the countries in which tax is charged, with commas between
    """

    __tablename__ = "sellers"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text, default="")
    tax_id: Mapped[str] = mapped_column(String(60), default="")
    tax_countries: Mapped[str] = mapped_column(Text, default="")
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NumberSeries(Base):
    """The last number that was given in a series, such as `INV-2026`; its row is locked while one is given.

    :ivar last_at: when that number was issued; no later number is dated before it
    """

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invoice(Base):
    """One document as it was issued: an invoice or a receipt of a payment, a refund's credit note, or its cancellation.

    Triggers on both databases refuse to change or delete it, or to date it in a locked month.

    :ivar issued_on: the day at the desk
    :ivar content: everything that it says, frozen: people, lines, amounts in minor units
    :ivar against: the number of what a credit note takes back, or of the credit note that is cancelled; else empty
    """

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("total_minor > 0", name="total_positive"),
        CheckConstraint("tax_minor >= 0 AND tax_minor <= total_minor", name="tax_within_total"),
        CheckConstraint(
            "(kind IN ('credit_note', 'cancellation')) = (refund_id IS NOT NULL) "
            "AND (kind IN ('credit_note', 'cancellation')) = (payment_id IS NULL)",
            name="has_its_cause",
        ),
        Index("uq_invoices_payment_id", "payment_id", "kind", unique=True),
        Index("uq_invoices_refund_id", "refund_id", "kind", unique=True),
        Index("ix_invoices_organisation_id", "organisation_id", "issued_at", "id"),
        Index("ix_invoices_order_id", "order_id", "id"),
        Index("ix_invoices_issued_on", "issued_on", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[InvoiceKind] = mapped_column(stored(InvoiceKind, "kind"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))
    against: Mapped[str] = mapped_column(String(30), default="")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    content: Mapped[dict[str, Any]] = mapped_column(Document)

    @property
    def total(self) -> Money:
        """What it comes to, with tax."""
        return Money(self.total_minor, self.currency)
