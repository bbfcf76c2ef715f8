"""Announced closures of a calendar (RULES C-020)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored


class ClosureState(StrEnum):
    """Where a closure stands; its days count as closed while it is announced."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Closure(Base):
    """Days off that are announced beforehand: first and last day inclusive, with the reason that customers read."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="not_reversed"),
        CheckConstraint("(state IN ('announced', 'withdrawn')) = (announced_at IS NOT NULL)", name="announced_once"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_its_time"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    calendar_key: Mapped[str] = mapped_column(ForeignKey("calendars.key"))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date]
    last_on: Mapped[date]
    state: Mapped[ClosureState] = mapped_column(stored(ClosureState, "state"), default=ClosureState.DRAFT)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
