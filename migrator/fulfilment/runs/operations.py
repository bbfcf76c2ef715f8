"""Writing runs. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.instants import to_the_minute
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.orders.models import Order


def start_full(
    session: Session, order: Order, *, preview: Preview, backup_on: date, person: Person, now: datetime
) -> Run:
    """This will write the full run of an order, running from now on; the database refuses a second one."""
    run = Run(
        order=order,
        preview=preview,
        kind=RunKind.FULL,
        state=RunState.RUNNING,
        requested_by_id=person.id,
        requested_at=now,
        backup_on=backup_on,
        started_at=to_the_minute(now),
    )
    session.add(run)
    session.flush()
    return run
