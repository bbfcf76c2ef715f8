"""Calendars as rows: what a deadline is counted by (RULES D-6)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.clock.calendar import ClosedKind
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored


class CalendarRow(Base):
    """A calendar; `version` rises with each change to its days, so that what was built from it can be kept."""

    __tablename__ = "calendars"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(60))
    week: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)


class FilledYear(Base):
    """A year whose closed days stand; filled once, then frozen. `source` names the library and its version."""

    __tablename__ = "filled_years"

    calendar_key: Mapped[str] = mapped_column(ForeignKey("calendars.key"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    filled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(200))


class ClosedDayRow(Base):
    """A day on which nothing is counted; a withdrawn closure keeps its row and counts again (RULES C-020)."""

    __tablename__ = "closed_days"
    __table_args__ = (
        CheckConstraint("(kind = 'substitute') = (substitute_for IS NOT NULL)", name="substitutes_name_their_day"),
        CheckConstraint("withdrawn_at IS NULL OR kind = 'announced'", name="only_announced_days_are_withdrawn"),
        Index(
            "uq_closed_days_standing",
            "calendar_key",
            "on",
            "kind",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    calendar_key: Mapped[str] = mapped_column(ForeignKey("calendars.key"))
    on: Mapped[date]
    kind: Mapped[ClosedKind] = mapped_column(stored(ClosedKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    name_uk: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(200))
    substitute_for: Mapped[date | None]
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closures.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
