"""Full runs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.fulfilment.previews.models import Preview
from migrator.orders.models import Order

ACTIVE = text("state IN ('requested', 'running')")
FIRST = text("kind = 'full' AND state <> 'failed'")


class RunKind(StrEnum):
    """The full migration, or a restart under the insurance (RULES C-077)."""

    FULL = "full"
    RESTART = "restart"


class RunState(StrEnum):
    """Where a run stands; a restart is requested while it waits for access details (RULES C-084)."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Run(Base):
    """One full run. At most one of an order is active; a full migration happens once unless it failed.

    :ivar backup_on: the day of the own backup that the customer named before it (RULES M-006, C-077)
    :ivar started_at: from here on a restart counts as used
    :ivar failure: what went wrong, in words the customer reads
    :ivar is_our_fault: whether a failed restart was given back (RULES C-077)
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_has_its_time"),
        CheckConstraint("state IN ('requested', 'withdrawn') OR started_at IS NOT NULL", name="started_has_its_time"),
        CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name="not_reversed"),
        CheckConstraint("(state = 'failed') = (failure <> '')", name="a_failure_has_its_words"),
        Index("uq_runs_active", "order_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        Index("uq_runs_full", "order_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
        Index("ix_runs_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    preview_id: Mapped[int] = mapped_column(ForeignKey("previews.id"))
    preview: Mapped[Preview] = relationship(lazy="raise_on_sql")
    kind: Mapped[RunKind] = mapped_column(stored(RunKind, "kind"))
    state: Mapped[RunState] = mapped_column(stored(RunState, "state"))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    backup_on: Mapped[date]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")
    is_our_fault: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
