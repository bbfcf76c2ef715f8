"""The state of each task, and its failures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime


class TaskState(Base):
    """One task, with its last run. Running where it was started later than finished.

    :ivar last_count: how many rows the last run changed
    """

    __tablename__ = "task_states"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_count: Mapped[int] = mapped_column(default=0)
    runs: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)


class TaskFailure(Base):
    """One run that broke off; the next run does what it left undone."""

    __tablename__ = "task_failures"
    __table_args__ = (Index("ix_task_failures_name", "name", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text)
