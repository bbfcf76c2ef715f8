"""A full run has ended well: the result is there, and the windows after it open (RULES C-074, C-080 to C-084)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.queries import items_with_secrets
from migrator.clock.calendar import Calendar
from migrator.errors import DomainError
from migrator.finance.covers.operations import open_covers
from migrator.finance.ledger.posting import post_delivery
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date, note_delivery
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.runs.queries import active_run_of
from migrator.fulfilment.runs.result_operations import finish
from migrator.fulfilment.runs.result_rules import refuse_count, refuse_finish_at
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import begin_review_anew, open_window
from migrator.fulfilment.windows.queries import open_window_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.orders.lifecycle import OrderEvent, next_state
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.policy.types import Family


class NothingRuns(DomainError):
    """No run is going on."""


def finish_run(
    session: Session, order: Order, *, moved_pages: int, finished_at: datetime, actor: Actor, now: datetime
) -> Run:
    """This will record the end of the run with the pages that it moved, and tell the customer to look at the result.

    The first full run opens review, insurance and access windows and is a package's delivery; a restart begins a new
    review and moves nothing else (RULES C-074, C-081).

    :raises NothingRuns: when no run is going on
    :raises NotNow: while the order is paused
    :raises NotACount: for a number of pages that cannot be
    :raises NotThisMoment: when the time contradicts the record
    """
    calendar = hold_as_of(session, order, now)
    run = running(session, order, OrderEvent.FINISH_RUN)
    refuse_count(moved_pages)
    refuse_finish_at(run.started_at or run.requested_at, finished_at, now=now)
    finish(session, order, run, moved_pages=moved_pages, finished_at=finished_at)
    advance(session, order, OrderEvent.FINISH_RUN, now=now)
    ended_at = run.finished_at or finished_at
    if run.kind is RunKind.FULL:
        _open_the_first(session, order, run, at=ended_at, calendar=calendar)
        post_delivery(session, order, now=now)
        open_covers(session, order, now=now)
    else:
        review_anew(session, order, run, at=ended_at, calendar=calendar)
    bring_up_to_date(session, order)
    _record_and_tell(session, order, run, calendar, actor=actor, now=now)
    return run


def running(session: Session, order: Order, event: OrderEvent) -> Run:
    """This will return the run that is going on, where the order's state allows `event` to end it.

    :raises NothingRuns: when none is
    :raises NotNow: when the state does not allow it
    """
    next_state(order.state, event)
    run = active_run_of(session, order.id)
    if run is None or run.state is not RunState.RUNNING:
        raise NothingRuns("No migration is running for this order now.")
    return run


def review_anew(session: Session, order: Order, run: Run, *, at: datetime, calendar: Calendar) -> Window:
    """This will begin a new review after a restart, and count anew the days that our new copy of access lasts."""
    keep_access_for_a_while(session, order, run, at=at, calendar=calendar)
    outcome = WindowOutcome.BEGUN_ANEW
    return begin_review_anew(session, order, run=run, at=at, outcome=outcome, calendar=calendar)


def keep_access_for_a_while(session: Session, order: Order, run: Run, *, at: datetime, calendar: Calendar) -> None:
    """This will open an access window for copies that were given again for a restart; without them none opens.

    The copies of the first run have their window already, and it does not move (RULES C-084).
    """
    if open_window_of(session, order.id, WindowKind.ACCESS) is not None:
        return
    items = items_with_secrets(session, order.id)
    if any(secret.destroyed_at is None for item in items for secret in item.secrets):
        open_window(session, order, WindowKind.ACCESS, run=run, opened_at=at, calendar=calendar)


def _open_the_first(session: Session, order: Order, run: Run, *, at: datetime, calendar: Calendar) -> None:
    kinds = [WindowKind.REVIEW, WindowKind.ACCESS]
    if order.terms.insurance is not None:
        kinds.append(WindowKind.INSURANCE)
    for kind in kinds:
        open_window(session, order, kind, run=run, opened_at=at, calendar=calendar)
    if order.family is Family.PACKAGE:
        note_delivery(session, order, delivered_at=at)


def _record_and_tell(
    session: Session, order: Order, run: Run, calendar: Calendar, *, actor: Actor, now: datetime
) -> None:
    facts = {"run_id": run.id, "kind": run.kind.value, "pages": order.moved_pages, "finished_at": iso(run.finished_at)}
    record(session, "run.finished", subject="run", key=run.id, actor=actor, now=now, order_id=order.id, facts=facts)
    review = open_window_of(session, order.id, WindowKind.REVIEW)
    words = {
        "is_restart": run.kind is RunKind.RESTART,
        "pages": order.moved_pages,
        "review_ends": date_words(review.ends_at if review else None, calendar),
        "is_package": order.family is Family.PACKAGE,
    }
    tell_customer(session, order, "run_finished", cause=f"run:{run.id}", now=now, words=words)
