"""Windows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.fulfilment.runs.models import Run
from migrator.orders.models import Order

OPEN = text("closed_at IS NULL")
NOTICED = text("next_notice_at IS NOT NULL")


class WindowKind(StrEnum):
    """What may be done while it is open; of access details, until when our copy lasts."""

    REVIEW = "review"
    CHANGES = "changes"
    INSURANCE = "insurance"
    ACCESS = "access"


class WindowOutcome(StrEnum):
    """How a window ended."""

    ACCEPTED = "accepted"
    ACCEPTED_BY_SILENCE = "accepted_by_silence"
    PROBLEM_REPORTED = "problem_reported"
    BEGUN_ANEW = "begun_anew"
    LAPSED = "lapsed"
    USED_UP = "used_up"
    DESTROYED = "destroyed"


class Window(Base):
    """One window of an order, half-open from `opened_at` to `ends_at`. An ended one keeps its row (RULES C-081).

    :ivar ends_at: computed from `opened_at`, the order's terms and the calendar, equal to it at all times (RULES D-7)
    :ivar extended_to_at: the later end that was given by hand (RULES C-078, C-084); it takes the computed one's place
    :ivar closed_at: when it ended: at its end or before; what happens by itself has the time of the window's end
    :ivar next_notice_at: when the daily letter has to look at it; none when there is nothing more to say
    """

    __tablename__ = "windows"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_has_its_outcome"),
        CheckConstraint("ends_at > opened_at", name="not_reversed"),
        Index("uq_windows_open", "order_id", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_windows_ends", "ends_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_windows_notices", "next_notice_at", "id", sqlite_where=NOTICED, postgresql_where=NOTICED),
        Index("ix_windows_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    run: Mapped[Run] = relationship(lazy="raise_on_sql")
    kind: Mapped[WindowKind] = mapped_column(stored(WindowKind, "kind"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[WindowOutcome | None] = mapped_column(stored(WindowOutcome, "outcome"))
    next_notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
