"""Asking for, starting and ending runs. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.instants import to_the_minute
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.orders.models import Order


def ask_for_restart(
    session: Session, order: Order, *, first: Run, person: Person, backup_on: date, now: datetime
) -> Run:
    """This will write down that a restart is asked for; the database refuses a second active run.

    :param first: the full run whose source, target and options it repeats (RULES C-077)
    """
    run = Run(
        order=order,
        preview_id=first.preview_id,
        kind=RunKind.RESTART,
        state=RunState.REQUESTED,
        requested_by_id=person.id,
        requested_at=now,
        backup_on=backup_on,
    )
    session.add(run)
    session.flush()
    return run


def start_restart(session: Session, order: Order, run: Run, *, now: datetime) -> None:
    """This will start a restart that was asked for; from now on it counts as used (RULES C-077).

    The database holds the number to the cover, and an order that is worked on again is no longer completed.
    """
    run.state, run.started_at = RunState.RUNNING, now
    order.restarts_used += 1
    order.completed_at = None
    session.flush()


def repeat_full_run(session: Session, order: Order, failed: Run, *, now: datetime) -> Run:
    """This will start the full migration once more after it failed, under the customer's same approval."""
    run = Run(
        order=order,
        preview_id=failed.preview_id,
        kind=RunKind.FULL,
        state=RunState.RUNNING,
        requested_by_id=failed.requested_by_id,
        requested_at=failed.requested_at,
        backup_on=failed.backup_on,
        started_at=now,
    )
    session.add(run)
    session.flush()
    return run


def finish(session: Session, order: Order, run: Run, *, moved_pages: int, finished_at: datetime) -> None:
    """This will end a run well, with the pages that it moved; whole minutes, but never before its start."""
    run.state, run.finished_at = RunState.DONE, _end(run, finished_at)
    order.moved_pages = moved_pages
    session.flush()


def fail(session: Session, run: Run, *, failure: str, is_our_fault: bool, now: datetime) -> None:
    """This will end a run badly, with the words that the customer reads."""
    run.state, run.finished_at = RunState.FAILED, _end(run, now)
    run.failure, run.is_our_fault = failure, is_our_fault
    session.flush()


def give_back(session: Session, order: Order) -> None:
    """This will take a restart off those that are used (RULES C-077)."""
    order.restarts_used -= 1
    session.flush()


def withdraw(session: Session, run: Run) -> None:
    """This will take back a restart that has not started; it was never used."""
    run.state = RunState.WITHDRAWN
    session.flush()


def note_validation(session: Session, order: Order, *, validated_at: datetime) -> None:
    """This will record when our engineers had checked the result, in whole minutes (RULES C-055h, D-4)."""
    order.validated_at = to_the_minute(validated_at)
    session.flush()


def move_delivery(session: Session, order: Order, *, delivered_at: datetime) -> None:
    """This will set the corrected time at which a package was delivered (RULES D-10)."""
    order.delivered_at = to_the_minute(delivered_at)
    session.flush()


def move_end(session: Session, run: Run, *, finished_at: datetime) -> None:
    """This will set the corrected end of a run (RULES D-10)."""
    run.finished_at = _end(run, finished_at)
    session.flush()


def _end(run: Run, at: datetime) -> datetime:
    # Ends are whole minutes (RULES D-4); a run that ends in the minute of its start ends with it.
    return max(to_the_minute(at), run.started_at) if run.started_at else to_the_minute(at)
