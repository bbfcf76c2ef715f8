"""Writing down what ran by itself. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from migrator.upkeep.models import TaskFailure, TaskState
from migrator.upkeep.rules import FAILURES_KEPT, SAID_AGAIN_AFTER

INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def note_start(session: Session, name: str, *, now: datetime) -> None:
    """This will write down that a task has begun."""
    insert = INSERTS[session.get_bind().dialect.name](TaskState)
    begun = insert.values(name=name, last_started_at=now, last_count=0, runs=0, failures=0)
    session.execute(begun.on_conflict_do_update(index_elements=["name"], set_={"last_started_at": now}))


def note_end(session: Session, name: str, *, count: int, now: datetime) -> None:
    """This will write down that a task has come to its end, and how many rows it changed."""
    values = {"last_finished_at": now, "last_count": count, "runs": TaskState.runs + 1}
    session.execute(update(TaskState).where(TaskState.name == name).values(values))


def note_failure(session: Session, name: str, *, error: str, now: datetime) -> None:
    """This will write down what broke off a task, or one row of its work; the same words once an hour at most."""
    values = {"last_failed_at": now, "failures": TaskState.failures + 1}
    session.execute(update(TaskState).where(TaskState.name == name).values(values))
    said = select(TaskFailure.id).where(
        TaskFailure.name == name, TaskFailure.error == error, TaskFailure.failed_at > now - SAID_AGAIN_AFTER
    )
    if session.scalar(said.limit(1)) is None:
        session.add(TaskFailure(name=name, failed_at=now, error=error))
        session.flush()


def forget_old_failures(session: Session, *, now: datetime) -> int:
    """This will remove failures that nobody looks at any more, and return how many there were."""
    gone = session.scalars(
        delete(TaskFailure).where(TaskFailure.failed_at < now - FAILURES_KEPT).returning(TaskFailure.id)
    )
    return len(gone.all())
