"""Questions about runs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.fulfilment.runs.models import Run, RunKind, RunState

ACTIVE_STATES = (RunState.REQUESTED, RunState.RUNNING)


def runs_of(session: Session, order_id: int) -> tuple[Run, ...]:
    """This will return all runs of an order, the earliest first."""
    return tuple(session.scalars(select(Run).where(Run.order_id == order_id).order_by(Run.id)))


def active_run_of(session: Session, order_id: int) -> Run | None:
    """This will return the run that is requested or running, or none."""
    return session.scalar(select(Run).where(Run.order_id == order_id, Run.state.in_(ACTIVE_STATES)))


def full_run_of(session: Session, order_id: int) -> Run | None:
    """This will return the full migration that was started and has not failed, with who started it and its preview."""
    return session.scalar(
        select(Run)
        .where(Run.order_id == order_id, Run.kind == RunKind.FULL, Run.state != RunState.FAILED)
        .options(joinedload(Run.requested_by), joinedload(Run.preview))
    )
