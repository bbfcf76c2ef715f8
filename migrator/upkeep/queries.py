"""Questions about what ran by itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.upkeep.models import TaskFailure, TaskState

FAILURES = 50


def task_states(session: Session) -> Sequence[TaskState]:
    """This will return the state of each task that ever ran, by name."""
    return session.scalars(select(TaskState).order_by(TaskState.name)).all()


def latest_failures(session: Session) -> Sequence[TaskFailure]:
    """This will return the last failures, the newest first."""
    return session.scalars(select(TaskFailure).order_by(TaskFailure.id.desc()).limit(FAILURES)).all()
