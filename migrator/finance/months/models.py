"""The months that were taken up for closing; one that has no row is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base
from migrator.database.types import Document, UtcDateTime, stored
from migrator.finance.months.lifecycle import MonthState


class AccountingMonth(Base):
    """One month of the books, by the days of the desk's zone. Triggers refuse what is dated in a locked one.

    :ivar month: such as `2026-11`
    :ivar totals: what it came to when it was locked, by currency, in minor units
    :ivar sha256: of the lines as they are exported, when it was locked
    :ivar reopening_asked_by_id: who asked to open it again; another person confirms
    """

    __tablename__ = "accounting_months"
    __table_args__ = (
        CheckConstraint("length(month) = 7", name="month_is_a_month"),
        CheckConstraint(
            "(state = 'locked') = (locked_at IS NOT NULL AND locked_by_id IS NOT NULL AND sha256 <> '')",
            name="locked_with_its_totals",
        ),
        CheckConstraint("(reopening_asked_by_id IS NULL) = (reopening_reason = '')", name="reopening_has_its_reason"),
        CheckConstraint("reopening_asked_by_id IS NULL OR state = 'locked'", name="only_locked_reopens"),
    )

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    state: Mapped[MonthState] = mapped_column(stored(MonthState, "state"), default=MonthState.OPEN)
    totals: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    locked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[locked_by_id])
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopening_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reopening_asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[reopening_asked_by_id])
    reopening_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopening_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
