"""A manager corrects when access was verified or a pause ran; the old value stays in the history (RULES D-10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date, hold, move_pause, start_count
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.rules import NotThisMoment, reason_given, refuse_pause_between, refuse_verification_at
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.orders.models import Order


def correct_verification(
    session: Session, order: Order, *, verified_at: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """This will set when the access details were found right, and compute the dates anew.

    :raises ReasonMissing: without a reason
    :raises NotThisMoment: when the time contradicts the record, or is the one recorded
    """
    why = reason_given(reason)
    hold(session, order)
    old_at, old_due = order.verified_at, order.due_at
    if old_at is None:
        raise NotThisMoment("The access details have not been found right yet, so there is nothing to correct.")
    refuse_verification_at(facts_of(order, pauses_of(session, order.id)), verified_at, now=now)
    _refuse_the_same(old_at, verified_at)
    start_count(session, order, calendar=calendar_of(session, order.calendar_row), verified_at=verified_at)
    facts = {"old_at": iso(old_at), "new_at": iso(verified_at)}
    _finish(
        session, order, "access.verification_corrected", old_due=old_due, facts=facts, reason=why, actor=actor, now=now
    )


def correct_pause(
    session: Session,
    order: Order,
    pause: PauseRow,
    *,
    started_at: datetime,
    ended_at: datetime | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """This will set when a pause began and ended, and compute the dates anew.

    :param pause: of this order, with its `item` loaded
    :param ended_at: none for a pause that is still open
    :raises ReasonMissing: without a reason
    :raises NotThisMoment: when the times contradict the record, or are the ones recorded
    """
    why = reason_given(reason)
    hold(session, order)
    if (ended_at is None) != (pause.ended_at is None):
        raise NotThisMoment("A correction neither ends nor reopens a pause. Record the answer, or pause again.")
    refuse_pause_between(order.verified_at or pause.started_at, started_at, ended_at, now=now)
    _refuse_the_same((pause.started_at, pause.ended_at), (started_at, ended_at))
    old_due = order.due_at
    facts = {
        "item": pause.label,
        "old_start": iso(pause.started_at),
        "old_end": iso(pause.ended_at),
        "new_start": iso(started_at),
        "new_end": iso(ended_at),
    }
    move_pause(session, pause, started_at=started_at, ended_at=ended_at)
    _finish(session, order, "order.pause_corrected", old_due=old_due, facts=facts, reason=why, actor=actor, now=now)


def _refuse_the_same(recorded: object, typed: object) -> None:
    if typed == recorded:
        raise NotThisMoment("This is what the record says already. Change a time, or leave it as it is.")


def _finish(
    session: Session,
    order: Order,
    verb: str,
    *,
    old_due: datetime | None,
    facts: dict[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    calendar = bring_up_to_date(session, order)
    entry = record(
        session,
        verb,
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts={**facts, "old_due": iso(old_due), "new_due": iso(order.due_at)},
    )
    if order.due_at != old_due:
        words = {
            "old_date": date_words(old_due, calendar),
            "new_date": date_words(order.due_at, calendar),
            "why": reason,
        }
        tell_customer(session, order, "date_corrected", cause=f"history:{entry.id}", now=now, words=words)
