"""What the provider says: its balance transactions and payouts, and the files they came in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.finance.reconciliation.lifecycle import ImportState, StatementKind, TransactionSource
from migrator.money import Money

READING = text("state = 'reading'")


class StatementImport(Base):
    """One file of the provider, taken whole or not at all; the same bytes are one import, whoever sends them.

    :ivar done_rows: how many rows wait aside, checked; reading goes on after them
    :ivar row_count: how many rows the file has, once they were counted
    :ivar known_rows: how many of them were known before and said the same
    :ivar problem: why it was refused, with line and column
    :ivar notes: what was changed while reading, such as cells that would run as formulas
    """

    __tablename__ = "statement_imports"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (problem <> '')", name="refused_says_why"),
        CheckConstraint("done_rows >= 0 AND (row_count IS NULL OR done_rows <= row_count)", name="done_within_all"),
        CheckConstraint("(state IN ('refused', 'done')) = (ended_at IS NOT NULL)", name="ended_has_its_time"),
        Index("ix_statement_imports_reading", "id", sqlite_where=READING, postgresql_where=READING),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[StatementKind] = mapped_column(stored(StatementKind, "kind"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    byte_count: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ImportState] = mapped_column(stored(ImportState, "state"), default=ImportState.READING)
    row_count: Mapped[int | None]
    done_rows: Mapped[int] = mapped_column(default=0)
    known_rows: Mapped[int] = mapped_column(default=0)
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    imported_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[list[str]] = mapped_column(Document, default=list)


class ProviderPayout(Base):
    """One payout of the provider to our bank.

    :ivar arrival_on: the day on which the provider expects it at the bank
    :ivar at_bank_on: the day on which a person saw it there, with the amount that arrived
    """

    __tablename__ = "provider_payouts"
    __table_args__ = (
        CheckConstraint("(at_bank_on IS NULL) = (at_bank_minor IS NULL)", name="arrived_with_its_amount"),
        Index("ix_provider_payouts_created_at", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(120), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(40))
    arrival_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    livemode: Mapped[bool] = mapped_column(default=False)
    at_bank_on: Mapped[date | None]
    at_bank_minor: Mapped[int | None] = mapped_column(BigInteger)
    is_itemized: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def amount(self) -> Money:
        """What the provider says it paid out."""
        return Money(self.amount_minor, self.currency)


class StatementLine:
    """The columns of one movement of our balance at the provider, in minor units of its currency.

    :ivar reporting_category: the provider's word, such as `charge`, `refund`, `dispute`, `fee`, `payout`
    :ivar kind: its narrower word, where it has one
    :ivar source_id: the charge, refund, dispute or payout behind it; empty where it has none
    :ivar order_number: the order that the payment's metadata names; never the provider's own `order_id`
    :ivar order_key: our number of that order's row, as the metadata repeats it
    :ivar created_at: as the provider says; of a file without it the day it is available, or else of the import
    :ivar raw: everything that the provider said beside these, by its own names
    """

    provider_id: Mapped[str] = mapped_column(String(120))
    reporting_category: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(60), default="")
    gross_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available_on: Mapped[date | None]
    source_id: Mapped[str] = mapped_column(String(120), default="")
    charge_id: Mapped[str] = mapped_column(String(120), default="")
    payment_intent_id: Mapped[str] = mapped_column(String(120), default="")
    order_number: Mapped[str] = mapped_column(String(40), default="")
    order_key: Mapped[str] = mapped_column(String(40), default="")
    customer_email: Mapped[str] = mapped_column(String(255), default="")
    livemode: Mapped[bool] = mapped_column(default=False)
    raw: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class StatementRow(StatementLine, Base):
    """One row of a file that is being read: it waits here until the whole file is there.

    :ivar line: the line of the file on which it begins, the heading being line 1
    :ivar payout_key: the provider's id of its payout; empty where the file names none
    """

    __tablename__ = "statement_rows"
    __table_args__ = (
        CheckConstraint("net_minor = gross_minor - fee_minor", name="net_is_gross_less_fee"),
        Index("uq_statement_rows_provider_id", "import_id", "provider_id", unique=True),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("statement_imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    payout_key: Mapped[str] = mapped_column(String(120), default="")
    payout_arrival_on: Mapped[date | None]


class ProviderTransaction(StatementLine, Base):
    """One movement of our balance at the provider; written once, and only its payout is learned later."""

    __tablename__ = "provider_transactions"
    __table_args__ = (
        CheckConstraint("net_minor = gross_minor - fee_minor", name="net_is_gross_less_fee"),
        Index("uq_provider_transactions_provider_id", "provider_id", unique=True),
        Index("ix_provider_transactions_payout_id", "payout_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    source: Mapped[TransactionSource] = mapped_column(stored(TransactionSource, "source"))
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("provider_payouts.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("statement_imports.id"), index=True)

    @property
    def gross(self) -> Money:
        """What moved before the provider's fee."""
        return Money(self.gross_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider kept of it."""
        return Money(self.fee_minor, self.currency)

    @property
    def net(self) -> Money:
        """What reached or left our balance."""
        return Money(self.net_minor, self.currency)


class ProviderCursor(Base):
    """How far a kind of object was pulled; moved only when all pages of a pull have come."""

    __tablename__ = "provider_cursors"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    through_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pulled_at: Mapped[datetime] = mapped_column(UtcDateTime)
