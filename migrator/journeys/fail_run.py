"""A run has ended badly: the customer reads why, and gets the restart back where the fault is ours (RULES C-077)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.finance.covers.operations import follow_window
from migrator.fulfilment.notices import tell_customer
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.runs.queries import active_run_of, runs_of
from migrator.fulfilment.runs.result_operations import fail, give_back, repeat_full_run
from migrator.fulfilment.runs.result_rules import words_given
from migrator.fulfilment.windows.models import WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import reopen_window
from migrator.fulfilment.windows.queries import latest_window_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.journeys.finish_run import NothingRuns, review_anew, running
from migrator.orders.lifecycle import OrderEvent, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import advance

REASON_MISSING = "Say what went wrong: the customer reads it."


def fail_run(session: Session, order: Order, *, failure: str, is_our_fault: bool, actor: Actor, now: datetime) -> Run:
    """This will end the run that is going on without a result.

    After the first full run the order stays where it is, until `start_again`. A restart has touched the new site, so
    a new review begins, and it is given back where the fault is ours.

    :raises NothingRuns: when no run is going on
    :raises NotNow: while the order is paused
    :raises WordsMissing: without the reason
    """
    calendar = hold_as_of(session, order, now)
    words = words_given(failure, REASON_MISSING)
    run = running(session, order, OrderEvent.FINISH_RUN)
    fail(session, run, failure=words, is_our_fault=is_our_fault, now=now)
    if run.kind is RunKind.RESTART:
        _return_to_review(session, order, run, calendar, now=now)
    bring_up_to_date(session, order)
    _record(session, "run.failed", order, run, actor=actor, now=now)
    told = {
        "failure": words,
        "is_restart": run.kind is RunKind.RESTART,
        "is_given_back": run.kind is RunKind.RESTART and is_our_fault,
        "restarts_left": order.restarts_limit - order.restarts_used,
    }
    tell_customer(session, order, "run_failed", cause=f"run:{run.id}", now=now, words=told)
    return run


def start_again(session: Session, order: Order, *, actor: Actor, now: datetime) -> Run:
    """This will start the full migration once more after it failed, under the customer's same approval.

    :raises NothingRuns: when the full migration has not failed, or is running again
    """
    hold_as_of(session, order, now)
    failed = next((run for run in reversed(runs_of(session, order.id)) if run.state is RunState.FAILED), None)
    if order.state is not OrderState.MIGRATING or failed is None or active_run_of(session, order.id):
        raise NothingRuns("There is no failed migration to start again.")
    run = repeat_full_run(session, order, failed, now=now)
    bring_up_to_date(session, order)
    _record(session, "run.started_again", order, run, actor=actor, now=now)
    return run


def _return_to_review(session: Session, order: Order, run: Run, calendar: Calendar, *, now: datetime) -> None:
    if run.is_our_fault:
        give_back(session, order)
        insurance = latest_window_of(session, order.id, WindowKind.INSURANCE)
        if insurance and insurance.outcome is WindowOutcome.USED_UP and now < insurance.ends_at:
            reopen_window(session, insurance, order, calendar=calendar, now=now)
            follow_window(session, order, now=now)
    advance(session, order, OrderEvent.FAIL_RESTART, now=now)
    review_anew(session, order, run, at=now, calendar=calendar)


def _record(session: Session, verb: str, order: Order, run: Run, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        verb,
        subject="run",
        key=run.id,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=run.failure,
        facts={
            "kind": run.kind.value,
            "is_given_back": run.kind is RunKind.RESTART and run.is_our_fault,
            "restarts_left": order.restarts_limit - order.restarts_used,
        },
    )
