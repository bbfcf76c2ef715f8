"""Time entries and running timers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.orders.models import Order


class TimeKind(StrEnum):
    """What time was spent on; our own re-work is never charged (RULES C-068)."""

    SUPPORT = "support"
    CUSTOMISATION = "customisation"
    CHANGE = "change"
    REWORK = "rework"


class EntryState(StrEnum):
    """Drafts are seen by staff alone and charge nothing; posted entries are seen by the customer."""

    DRAFT = "draft"
    POSTED = "posted"


class TimeEntry(Base):
    """Time that somebody worked on an order, in whole tenths of an hour (RULES C-068)."""

    __tablename__ = "time_entries"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND minutes % 6 = 0", name="tenths_of_an_hour"),
        CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name="posted_has_its_time"),
        Index("ix_time_entries_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_requests.id"), index=True)
    kind: Mapped[TimeKind] = mapped_column(stored(TimeKind, "kind"))
    state: Mapped[EntryState] = mapped_column(stored(EntryState, "state"), default=EntryState.DRAFT)
    minutes: Mapped[int]
    worked_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def is_charged(self) -> bool:
        """Whether the entry draws on the hours of the order."""
        return self.kind is not TimeKind.REWORK


class Timer(Base):
    """The one timer that a person may have running."""

    __tablename__ = "timers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
