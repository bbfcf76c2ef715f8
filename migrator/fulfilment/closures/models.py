"""Recounts of all open promises under a changed calendar, and the moves that they found."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.calendars.closure_models import Closure
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored

ACTIVE = text("state IN ('counting', 'counted', 'telling')")
UNTOLD = text("told_at IS NULL")


class Direction(StrEnum):
    """Whether the closure's days are to become closed, or to count again."""

    ANNOUNCE = "announce"
    WITHDRAW = "withdraw"


class RecountState(StrEnum):
    """Where a recount stands: counting, waiting for a person's word, then switched and telling, then done."""

    COUNTING = "counting"
    COUNTED = "counted"
    TELLING = "telling"
    DONE = "done"
    DISCARDED = "discarded"


class Recount(Base):
    """One pass over the open orders of a calendar, resumed where it stood after a kill.

    :ivar calendar_version: the version of the calendar that was counted with
    :ivar cursor: the id of the last order that was looked at
    :ivar to_see: how many orders there were to look at when it began
    :ivar seen: how many were looked at
    :ivar told: how many moves were told to their customers
    """

    __tablename__ = "recounts"
    __table_args__ = (
        Index("uq_recounts_active", "closure_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        Index("ix_recounts_state", "state", "id", sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        CheckConstraint("seen >= 0 AND told >= 0", name="progress_not_negative"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    closure_id: Mapped[int] = mapped_column(ForeignKey("closures.id"))
    closure: Mapped[Closure] = relationship(lazy="raise_on_sql")
    direction: Mapped[Direction] = mapped_column(stored(Direction, "direction"))
    state: Mapped[RecountState] = mapped_column(stored(RecountState, "state"), default=RecountState.COUNTING)
    calendar_version: Mapped[int]
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    to_see: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class Move(Base):
    """What a recount does to one order. Until the switch it is a preview; the order's row says the old dates.

    :ivar order_version: the order's version that was counted with; a later one is counted again at the switch
    :ivar facts: old and new dates as the history keeps them, ready to be copied
    :ivar moved_business_days: by how many whole working days the promise moves, for the preview; earlier is negative
    :ivar is_open: whether what moves is still promised or may still be used; of the rest nobody is told
    """

    __tablename__ = "moves"
    __table_args__ = (
        Index("ix_moves_untold", "recount_id", "order_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        Index("ix_moves_order_id", "order_id"),
    )

    recount_id: Mapped[int] = mapped_column(ForeignKey("recounts.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    order_version: Mapped[int]
    check_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agree_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    old_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promise_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    old_insurance_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    insurance_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_business_days: Mapped[int]
    is_open: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
