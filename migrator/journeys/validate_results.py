"""Our engineers have checked the result: a package's included changes begin to run (RULES C-055h, C-066)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.errors import DomainError
from migrator.fulfilment.changes.rules import hours_words
from migrator.fulfilment.checks.models import CheckList
from migrator.fulfilment.checks.queries import standing_of
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.runs.queries import full_run_of
from migrator.fulfilment.runs.result_operations import note_validation
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.operations import open_window
from migrator.fulfilment.windows.queries import open_window_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.orders.lifecycle import WORDS, NotNow, OrderState
from migrator.orders.models import Order
from migrator.policy.types import Family


class NotChecked(DomainError):
    """The list of the result is not complete."""


class ValidatedAlready(DomainError):
    """The result was checked before."""


def validate_results(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """This will record that the result was checked and is right; a package's changes window opens with it.

    A restart later changes neither the time nor the window: its own result is reviewed by the customer (RULES C-081).

    :raises NotNow: before a result is there
    :raises ValidatedAlready: when it was checked before
    :raises NotChecked: while something of the list is not looked at, or failed
    """
    calendar = hold_as_of(session, order, now)
    if order.validated_at is not None:
        raise ValidatedAlready("The result has been checked already. Correct the time if it is wrong.")
    run = full_run_of(session, order.id)
    if order.state is not OrderState.IN_REVIEW or run is None:
        raise NotNow(f"This cannot be done now: the order is “{WORDS[order.state]}”.")
    if not standing_of(session, order.id, CheckList.RESULTS).is_complete:
        raise NotChecked("Look at every item of the result’s list first; none may have failed.")
    note_validation(session, order, validated_at=now)
    if order.family is Family.PACKAGE:
        open_window(session, order, WindowKind.CHANGES, run=run, opened_at=now, calendar=calendar)
    bring_up_to_date(session, order)
    _record_and_tell(session, order, calendar, actor=actor, now=now)


def _record_and_tell(session: Session, order: Order, calendar: Calendar, *, actor: Actor, now: datetime) -> None:
    entry = record(
        session,
        "results.validated",
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={"validated_at": iso(order.validated_at)},
    )
    changes = open_window_of(session, order.id, WindowKind.CHANGES)
    words = {
        "engineer": actor.name,
        "changes_end": date_words(changes.ends_at, calendar) if changes else "",
        "hours_left": hours_words(order.support_minutes_limit - order.support_minutes_used),
    }
    tell_customer(session, order, "results_validated", cause=f"history:{entry.id}", now=now, words=words)
