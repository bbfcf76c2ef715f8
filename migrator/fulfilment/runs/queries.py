"""Questions about runs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.fulfilment.runs.models import Run, RunState

ACTIVE_STATES = (RunState.REQUESTED, RunState.RUNNING)


def runs_of(session: Session, order_id: int) -> tuple[Run, ...]:
    """This will return all runs of an order, the earliest first."""
    return tuple(session.scalars(select(Run).where(Run.order_id == order_id).order_by(Run.id)))


def active_run_of(session: Session, order_id: int) -> Run | None:
    """This will return the run that is requested or running, or none."""
    return session.scalar(select(Run).where(Run.order_id == order_id, Run.state.in_(ACTIVE_STATES)))
