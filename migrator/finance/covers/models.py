"""Covers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.finance.covers.lifecycle import CoverState
from migrator.money import Money
from migrator.orders.models import Order, OrderLine

OPEN = text("state = 'open'")


class Cover(Base):
    """One insurance line that was paid: what was sold, how much of it is earned, and what went back.

    The window is the order's (`fulfilment/windows`); its beginning and end are kept here to sort and to earn by.

    :ivar restarts_allowed: of the plan; an upgrade's premium raises the price of the same restarts (RULES X-11)
    :ivar sold_at: when it was paid
    :ivar refunded_minor: what went back or was charged back, the unearned part first
    :ivar earned_through: the last day at the desk up to which the premium was earned; none before the window opens
    """

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint("premium_minor = (base_minor * rate_bp + 5000) / 10000", name="premium_half_up"),
        CheckConstraint("earned_minor >= 0 AND refunded_minor >= 0", name="amounts_not_negative"),
        CheckConstraint("earned_minor + refunded_minor <= premium_minor", name="within_the_premium"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="a_window_has_both_ends"),
        CheckConstraint("ends_at > starts_at", name="not_reversed"),
        CheckConstraint("state NOT IN ('open', 'ended') OR starts_at IS NOT NULL", name="open_has_its_window"),
        CheckConstraint("state <> 'open' OR earned_through IS NOT NULL", name="open_has_its_day"),
        CheckConstraint(
            "earned_minor = 0 OR starts_at IS NOT NULL OR state = 'void'", name="nothing_earned_before_it_opens"
        ),
        CheckConstraint(
            "state NOT IN ('ended', 'void') OR earned_minor + refunded_minor = premium_minor", name="ended_is_settled"
        ),
        Index("ix_covers_order_id", "order_id", "id"),
        Index("ix_covers_sold_at", "sold_at", "id"),
        Index("ix_covers_state", "state", "sold_at", "id"),
        Index("ix_covers_plan", "plan", "sold_at", "id"),
        Index("ix_covers_earning", "earned_through", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    order_line: Mapped[OrderLine] = relationship(lazy="raise_on_sql")
    plan: Mapped[int]
    base_minor: Mapped[int] = mapped_column(BigInteger)
    rate_bp: Mapped[int]
    premium_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    restarts_allowed: Mapped[int]
    business_days: Mapped[int]
    state: Mapped[CoverState] = mapped_column(stored(CoverState, "state"), default=CoverState.SOLD)
    sold_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    earned_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    earned_through: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def unearned_minor(self) -> int:
        """What we still owe cover for."""
        return self.premium_minor - self.earned_minor - self.refunded_minor

    @property
    def premium(self) -> Money:
        """What was paid for it."""
        return Money(self.premium_minor, self.currency)
