"""One click starts the full migration: once, with who, when, which preview, and the customer's own backup.

(RULES C-035, C-069, M-006)
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.wording import day_text, instant_text, local_time
from migrator.errors import DomainError, StaleEdit
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.fulfilment.operations import hold
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.runs.operations import start_full
from migrator.fulfilment.runs.queries import full_run_of
from migrator.fulfilment.runs.rules import Obstacle, obstacles, refuse_obstacles
from migrator.history.operations import record
from migrator.journeys.answer_preview import ANOTHER, end_approval
from migrator.orders.lifecycle import OrderEvent, next_state
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.orders.rules import check_backup
from migrator.orders.supplement_queries import has_unpaid_balance
from migrator.policy.loading import migration_desk


class AlreadyStarted(DomainError):
    """The full migration was started before."""


def start_full_run(
    session: Session, order: Order, *, number: int, backup_on: date | None, person: Person, now: datetime
) -> Run:
    """This will start the full migration from the preview that the customer saw.

    :param number: of that preview
    :param backup_on: the day of the own backup, by the desk's calendar
    :raises AlreadyStarted: naming who started it and when
    :raises NotNow: when no preview waits for the customer
    :raises StaleEdit: when there is another preview
    :raises BackupMissing: without the day of an own backup; :raises BackupInTheFuture: for one after today
    :raises Blocked: by an unpaid balance or too many pages
    """
    hold(session, order)
    refuse_second(session, order)
    next_state(order.state, OrderEvent.REWORK_PREVIEW)
    preview = latest_preview(session, order.id)
    if preview is None or preview.number != number:
        raise StaleEdit(ANOTHER)
    check_backup(backup_on, today=local_time(now, order.calendar_row.zone).date())
    assert backup_on is not None, "its absence was refused"
    refuse_obstacles(obstacles_of(session, order, now=now))
    run = start_full(session, order, preview=preview, backup_on=backup_on, person=person, now=now)
    advance(session, order, OrderEvent.START_RUN, now=now)
    _record_and_tell(session, order, run, person=person, waited=end_approval(session, order, now=now), now=now)
    return run


def obstacles_of(session: Session, order: Order, *, now: datetime) -> tuple[Obstacle, ...]:
    """This will return why the order's full run cannot start now; nothing else is in its way (RULES C-035)."""
    return obstacles(
        has_unpaid_balance=has_unpaid_balance(session, order.id, now=now),
        measured_pages=order.measured_pages,
        page_limit=order.page_limit,
        tolerance_percent=migration_desk(order.terms.policy_version).page_tolerance_percent,
    )


def refuse_second(session: Session, order: Order) -> None:
    """This will refuse when the full migration was started before.

    :raises AlreadyStarted: naming who started it and when
    """
    run = full_run_of(session, order.id)
    if run is not None and run.started_at is not None:
        when = instant_text(run.started_at, order.calendar_row.zone)
        raise AlreadyStarted(f"{run.requested_by.display_name} started the full migration on {when}.")


def _record_and_tell(
    session: Session, order: Order, run: Run, *, person: Person, waited: dict[str, object], now: datetime
) -> None:
    number = run.preview.number
    record(
        session,
        "run.started",
        subject="run",
        key=run.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        facts={
            "kind": run.kind,
            "preview_id": run.preview_id,
            "number": number,
            "backup_on": run.backup_on.isoformat(),
            **waited,
        },
    )
    words = {"preview_number": number, "who": person.display_name, "backup_day": day_text(run.backup_on)}
    tell_customer(session, order, "run_started", cause=f"run:{run.id}", now=now, words=words)
    tell_staff(session, order, "run_to_do", cause=f"run:{run.id}", now=now, words=words)
