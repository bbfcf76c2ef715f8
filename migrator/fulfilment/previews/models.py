"""Previews with their pairs and counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.orders.models import Order


class Verdict(StrEnum):
    """What the customer says of a pair."""

    UNSEEN = "unseen"
    RIGHT = "right"
    WRONG = "wrong"


class Preview(Base):
    """One published preview of an order; a later one takes its place and the earlier ones are kept.

    :ivar number: 1 for the order's first
    :ivar words: what our engineers say about it
    :ivar returned_at: when the customer sent it back with something wrong
    """

    __tablename__ = "previews"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    published_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pairs: Mapped[list[PreviewPair]] = relationship(lazy="raise_on_sql", order_by="PreviewPair.position")
    counts: Mapped[list[PreviewCount]] = relationship(lazy="raise_on_sql", order_by="PreviewCount.position")


class PreviewPair(Base):
    """An address of the old site beside the one that shows the same on the preview, and what the customer says."""

    __tablename__ = "preview_pairs"
    __table_args__ = (
        UniqueConstraint("preview_id", "position"),
        CheckConstraint("verdict <> 'wrong' OR remark <> ''", name="wrong_says_what"),
        CheckConstraint("(verdict = 'unseen') = (judged_at IS NULL)", name="judged_has_its_time"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    preview_id: Mapped[int] = mapped_column(ForeignKey("previews.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    old_address: Mapped[str] = mapped_column(String(500))
    new_address: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[Verdict] = mapped_column(stored(Verdict, "verdict"), default=Verdict.UNSEEN)
    remark: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PreviewCount(Base):
    """How many of a kind of data were expected, moved and skipped, and why any was skipped."""

    __tablename__ = "preview_counts"
    __table_args__ = (
        UniqueConstraint("preview_id", "position"),
        CheckConstraint("expected >= 0 AND moved >= 0 AND skipped >= 0", name="counts_not_negative"),
        CheckConstraint("expected = moved + skipped", name="everything_is_accounted_for"),
        CheckConstraint("skipped = 0 OR reason <> ''", name="skipped_has_its_reason"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    preview_id: Mapped[int] = mapped_column(ForeignKey("previews.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    expected: Mapped[int]
    moved: Mapped[int]
    skipped: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
