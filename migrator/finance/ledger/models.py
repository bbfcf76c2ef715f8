"""The journal. Triggers on both databases refuse to change or delete its rows, or to date one in a locked month."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, one_of, stored
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.money import Money
from migrator.orders.models import Order


class JournalEntry(Base):
    """What happened once, as transfers between accounts; it balances because a transfer has two ends.

    :ivar cause: what it follows from, such as `payment:7`; unique, so that nothing is posted twice
    :ivar happened_on: the day at the desk that it counts for
    :ivar late_of: the day that it belongs to, where that day's month was locked; else none
    """

    __tablename__ = "journal_entries"
    __table_args__ = (
        one_of("kind", EntryKind),
        CheckConstraint("late_of IS NULL OR late_of < happened_on", name="late_is_after"),
        Index("ix_journal_entries_happened_on", "happened_on", "id"),
        Index("ix_journal_entries_order_id", "order_id", "id"),
        Index("ix_journal_entries_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    cause: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[EntryKind] = mapped_column(stored(EntryKind))
    happened_on: Mapped[date]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order | None] = relationship(lazy="raise_on_sql")
    words: Mapped[str] = mapped_column(String(300))
    late_of: Mapped[date | None]

    postings: Mapped[list[Posting]] = relationship(lazy="raise_on_sql", order_by="Posting.id")


class Posting(Base):
    """One transfer from the account `credit` to the account `debit`.

    :ivar order_line_id: the line that it is about, where it is about one
    :ivar cover_id: the cover that it is about: money of a premium
    """

    __tablename__ = "postings"
    __table_args__ = (
        one_of("debit", Account),
        one_of("credit", Account),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        Index("ix_postings_entry_id", "entry_id", "id"),
        Index("ix_postings_debit", "debit", "entry_id"),
        Index("ix_postings_credit", "credit", "entry_id"),
        Index("ix_postings_cover_id", "cover_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"))
    debit: Mapped[Account] = mapped_column(stored(Account))
    credit: Mapped[Account] = mapped_column(stored(Account))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("covers.id"))

    @property
    def amount(self) -> Money:
        """What moved."""
        return Money(self.amount_minor, self.currency)
