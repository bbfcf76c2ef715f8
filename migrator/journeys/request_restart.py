"""The customer restarts the migration under the insurance (RULES C-070 to C-078, C-081, C-084)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.access.operations import ask_again
from migrator.access.queries import has_copies
from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.clock.wording import day_text, local_time
from migrator.errors import DomainError
from migrator.finance.covers.operations import use_restart
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.runs.models import Run, RunState
from migrator.fulfilment.runs.queries import active_run_of, full_run_of
from migrator.fulfilment.runs.result_operations import ask_for_restart, start_restart, withdraw
from migrator.fulfilment.runs.result_rules import NoRestart, RestartFacts, refuse_restart
from migrator.fulfilment.windows.models import WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import close_window
from migrator.fulfilment.windows.queries import AfterRun, after_run, latest_window_of, open_window_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import complete_if_over, hold_as_of
from migrator.journeys.finish_run import keep_access_for_a_while, review_anew
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.orders.rules import check_backup
from migrator.payments.disputes.cover_queries import cover_suspension


class BackupNotConfirmed(DomainError):
    """A restart overwrites the new site, so its consequences have to be confirmed."""


def restart_facts(order: Order, after: AfterRun, *, suspension: str) -> RestartFacts:
    """This will return what a restart of an order depends on.

    :param suspension: why its insurance does not count now (`cover_suspension`)
    """
    insurance = after.latest(WindowKind.INSURANCE)
    return RestartFacts(
        state=order.state,
        limit=order.restarts_limit,
        used=order.restarts_used,
        active=after.active,
        window_ends_at=insurance.ends_at if insurance else None,
        is_window_open=insurance is not None and insurance.closed_at is None,
        suspension=suspension,
    )


def request_restart(
    session: Session, order: Order, *, backup_on: date | None, is_confirmed: bool, person: Person, now: datetime
) -> Run:
    """This will restart the migration at once where we still have the access details, or else ask for them again.

    What was asked for in time stays a restart of the insurance however long the access details take.

    :param backup_on: the day of the customer's own backup
    :param is_confirmed: whether the customer ticked that the new site is overwritten
    :raises NoRestart: saying why none can be asked for now
    :raises BackupMissing: without a day; :raises BackupInTheFuture: with one to come
    :raises BackupNotConfirmed: without the tick
    """
    calendar = hold_as_of(session, order, now)
    suspension = cover_suspension(session, order.id) if order.restarts_limit else ""
    facts = restart_facts(order, after_run(session, order.id), suspension=suspension)
    refuse_restart(facts, now=now, zone=calendar.zone)
    first = full_run_of(session, order.id)
    if first is None:
        raise NoRestart("Nothing has been migrated yet, so there is nothing to restart.")
    check_backup(backup_on, today=local_time(now, calendar.zone).date())
    if not is_confirmed or backup_on is None:
        raise BackupNotConfirmed("Confirm that a restart overwrites the new site and that you have a backup of it.")
    run = ask_for_restart(session, order, first=first, person=person, backup_on=backup_on, now=now)
    _record(session, "run.restart_requested", order, run, actor=person.actor, now=now)
    if has_copies(session, order.id):
        _start(session, order, run, calendar, actor=person.actor, now=now)
    else:
        _ask_access_again(session, order, run, calendar, now=now)
    return run


def waiting_restart_of(session: Session, order: Order) -> Run | None:
    """This will return the restart that waits for access details, or none."""
    run = active_run_of(session, order.id)
    return run if run and run.state is RunState.REQUESTED else None


def start_waiting_restart(session: Session, order: Order, run: Run, *, actor: Actor, now: datetime) -> None:
    """This will start a restart whose access details have all been found right; the delivery count is untouched.

    :param order: held, its details being checked
    """
    _start(session, order, run, calendar_of(session, order.calendar_row), actor=actor, now=now)


def withdraw_restart(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """This will take back a restart that waits for access details; none is used, and the review goes on.

    A review whose end came meanwhile begins anew, because silence meant nothing while we waited.

    :raises NoRestart: when no restart waits
    """
    calendar = hold_as_of(session, order, now)
    run = waiting_restart_of(session, order)
    if run is None:
        raise NoRestart("No restart waits for access details now.")
    withdraw(session, run)
    advance(session, order, OrderEvent.WITHDRAW_RESTART, now=now)
    review = open_window_of(session, order.id, WindowKind.REVIEW)
    first = full_run_of(session, order.id)
    if first and review and review.ends_at <= now:
        review_anew(session, order, first, at=now, calendar=calendar)
    elif first:
        keep_access_for_a_while(session, order, first, at=now, calendar=calendar)
    complete_if_over(session, order)
    bring_up_to_date(session, order)
    _record(session, "run.restart_withdrawn", order, run, actor=actor, now=now)
    words = {"is_customers": actor.person_id is not None}
    tell_staff(session, order, "restart_withdrawn", cause=f"run:{run.id}", now=now, words=words)


def _ask_access_again(session: Session, order: Order, run: Run, calendar: Calendar, *, now: datetime) -> None:
    # Copies that the customer sends now are for the restart: the window of the earlier ones must not destroy them.
    if window := open_window_of(session, order.id, WindowKind.ACCESS):
        close_window(session, window, order, outcome=WindowOutcome.BEGUN_ANEW, at=now, calendar=calendar)
    items = ask_again(session, order)
    advance(session, order, OrderEvent.ASK_ACCESS_AGAIN, now=now)
    bring_up_to_date(session, order)
    words = {"items": [item.label for item in items if item.required]}
    tell_customer(session, order, "restart_needs_access", cause=f"run:{run.id}", now=now, words=words)
    tell_staff(session, order, "restart_requested", cause=f"run:{run.id}", now=now, words={"has_started": False})


def _start(session: Session, order: Order, run: Run, calendar: Calendar, *, actor: Actor, now: datetime) -> None:
    start_restart(session, order, run, now=now)
    advance(session, order, OrderEvent.START_RUN, now=now)
    insurance = latest_window_of(session, order.id, WindowKind.INSURANCE)
    left = order.restarts_limit - order.restarts_used
    if insurance and insurance.closed_at is None and not left:
        close_window(session, insurance, order, outcome=WindowOutcome.USED_UP, at=now, calendar=calendar)
    use_restart(session, order, now=now)
    bring_up_to_date(session, order)
    _record(session, "run.restart_started", order, run, actor=actor, now=now)
    words = {"restarts_left": left, "backup_day": day_text(run.backup_on)}
    tell_customer(session, order, "restart_started", cause=f"run:{run.id}", now=now, words=words)
    tell_staff(session, order, "restart_requested", cause=f"run:{run.id}:start", now=now, words={"has_started": True})


def _record(session: Session, verb: str, order: Order, run: Run, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        verb,
        subject="run",
        key=run.id,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={
            "restarts_left": order.restarts_limit - order.restarts_used,
            "restarts_limit": order.restarts_limit,
            "backup_on": run.backup_on.isoformat(),
        },
    )
