"""A manager corrects when a run was done or its result checked; the old time stays in the history (RULES D-10).

Every window that was counted from the corrected time is counted anew. What has ended stays ended where something
followed from it: an accepted order, lapsed hours, a destroyed copy. A review or an insurance that ended by itself,
whose new end is still to come and from whose end nothing followed, is open again; one whose new end has come, too,
counts as ended then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_the_minute
from migrator.finance.covers.operations import follow_window
from migrator.finance.ledger.posting import post_delivery
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.rules import NotThisMoment, reason_given
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.runs.queries import full_run_of, runs_of
from migrator.fulfilment.runs.result_operations import move_delivery, move_end, note_validation
from migrator.fulfilment.runs.result_rules import refuse_after, refuse_finish_at, refuse_validation_at
from migrator.fulfilment.windows.completion import completed_at
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import complete, move_closing, move_window, reopen_window
from migrator.fulfilment.windows.queries import completion_facts, windows_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.policy.types import Family

BY_ITSELF = frozenset({WindowOutcome.ACCEPTED_BY_SILENCE, WindowOutcome.LAPSED})
THE_SAME = "This is what the record says already. Change the time, or leave it as it is."


def correct_completion(
    session: Session, order: Order, run: Run, *, finished_at: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """This will set when a run was done; its windows and a package's delivery follow.

    :param run: of this order
    :raises ReasonMissing: without a reason
    :raises NotThisMoment: when the time contradicts the record, or is the one recorded
    """
    why = reason_given(reason)
    calendar = hold_as_of(session, order, now)
    old_at = run.finished_at
    if run.state is not RunState.DONE or old_at is None:
        raise NotThisMoment("This run has no result yet, so there is nothing to correct.")
    refuse_finish_at(run.started_at or run.requested_at, finished_at, now=now)
    if to_the_minute(finished_at) == old_at:
        raise NotThisMoment(THE_SAME)
    windows = [one for one in windows_of(session, order.id) if one.run_id == run.id]
    counted = [one for one in windows if one.opened_at == to_the_minute(old_at) and one.kind is not WindowKind.CHANGES]
    refuse_after(finished_at, _what_followed(session, order, run, counted))
    move_end(session, run, finished_at=finished_at)
    if run.kind is RunKind.FULL and order.family is Family.PACKAGE:
        move_delivery(session, order, delivered_at=finished_at)
    for window in counted:
        _count_anew(session, order, window, calendar, opened_at=finished_at, now=now)
    post_delivery(session, order, now=now)
    follow_window(session, order, now=now)
    facts = {"old_at": iso(old_at), "new_at": iso(run.finished_at), "run_id": run.id}
    _finish(session, "run.completion_corrected", order, calendar, facts=facts, reason=why, actor=actor, now=now)


def correct_validation(
    session: Session, order: Order, *, validated_at: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """This will set when our engineers had checked the result; a package's changes window follows.

    Requests keep what they were, included or not.

    :raises ReasonMissing: without a reason
    :raises NotThisMoment: when the time contradicts the record, or is the one recorded
    """
    why = reason_given(reason)
    calendar = hold_as_of(session, order, now)
    old_at, run = order.validated_at, full_run_of(session, order.id)
    if old_at is None or run is None or run.finished_at is None:
        raise NotThisMoment("The result has not been checked yet, so there is nothing to correct.")
    refuse_validation_at(run.finished_at, validated_at, now=now)
    if to_the_minute(validated_at) == old_at:
        raise NotThisMoment(THE_SAME)
    note_validation(session, order, validated_at=validated_at)
    for window in windows_of(session, order.id):
        if window.kind is WindowKind.CHANGES:
            _count_anew(session, order, window, calendar, opened_at=validated_at, now=now)
    facts = {"old_at": iso(old_at), "new_at": iso(order.validated_at)}
    _finish(session, "results.validation_corrected", order, calendar, facts=facts, reason=why, actor=actor, now=now)


def _what_followed(session: Session, order: Order, run: Run, windows: list[Window]) -> list[datetime]:
    later = [one.requested_at for one in runs_of(session, order.id) if one.id > run.id]
    by_hand = [one.closed_at for one in windows if one.closed_at and one.outcome not in BY_ITSELF]
    validated = [order.validated_at] if run.kind is RunKind.FULL and order.validated_at else []
    return [*later, *by_hand, *validated]


def _count_anew(
    session: Session, order: Order, window: Window, calendar: Calendar, *, opened_at: datetime, now: datetime
) -> None:
    move_window(session, window, order, opened_at=opened_at, calendar=calendar, now=now)
    if window.outcome not in BY_ITSELF:
        if window.closed_at and window.closed_at > window.ends_at:
            # What somebody did after its new end came too late to end it: it had ended by itself.
            move_closing(session, window, at=window.ends_at)
        return
    if window.ends_at <= now:
        move_closing(session, window, at=window.ends_at)
    elif _nothing_followed(session, order, window):
        reopen_window(session, window, order, calendar=calendar, now=now)


def _nothing_followed(session: Session, order: Order, window: Window) -> bool:
    if window.kind is WindowKind.INSURANCE:
        return True
    has_later = any(one.kind is window.kind and one.id > window.id for one in windows_of(session, order.id))
    return window.kind is WindowKind.REVIEW and order.state is OrderState.IN_REVIEW and not has_later


def _finish(
    session: Session,
    verb: str,
    order: Order,
    calendar: Calendar,
    *,
    facts: dict[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    ended_at = completed_at(completion_facts(session, order))
    if order.state is OrderState.COMPLETED and ended_at:
        complete(session, order, at=ended_at)
    bring_up_to_date(session, order)
    entry = record(
        session,
        verb,
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts=facts,
    )
    ends = [
        (one.kind.value, date_words(one.ends_at, calendar))
        for one in windows_of(session, order.id)
        if not one.closed_at
    ]
    words = {"is_validation": verb == "results.validation_corrected", "ends": ends, "why": reason}
    tell_customer(session, order, "result_corrected", cause=f"history:{entry.id}", now=now, words=words)
