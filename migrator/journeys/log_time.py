"""Staff log the time they worked: as a draft, or posted, which the customer sees and which is charged (RULES C-068)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.wording import local_time
from migrator.fulfilment.hours.models import TimeEntry, TimeKind
from migrator.fulfilment.hours.operations import change_entry, discard_entry, post_entry, use, write_entry
from migrator.fulfilment.hours.rules import (
    NothingCorrected,
    crossed,
    is_charged,
    refuse_beyond,
    refuse_closed,
    refuse_day,
    used_text,
)
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.fulfilment.operations import hold
from migrator.fulfilment.rules import reason_given
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.orders.models import Order
from migrator.orders.supplement_rules import tenths_text
from migrator.policy.loading import migration_desk

WHOLE = 100
NOTHING_MORE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody did: whole tenths of an hour, in minutes, on a day at the desk."""

    kind: TimeKind
    minutes: int
    worked_on: date
    note: str
    change_request_id: int | None = None


def check_work(order: Order, work: Work, *, now: datetime, charged_before: int = 0) -> None:
    """This will refuse time that cannot be logged, before anybody saves it.

    :param charged_before: what a corrected entry has drawn already
    :raises NotLoggable: on an order that nobody works on, or a day that cannot be
    :raises NoHoursLeft: when the order has not that much left
    """
    refuse_closed(order.state)
    zone = order.calendar_row.zone
    today, since = local_time(now, zone).date(), local_time(order.placed_at, zone).date()
    refuse_day(work.worked_on, today=today, since=since)
    taken = _charge(work.kind, work.minutes) - charged_before
    refuse_beyond(max(taken, 0), used=order.support_minutes_used, limit=order.support_minutes_limit)


def draft_time(session: Session, order: Order, work: Work, *, person: Person, now: datetime) -> TimeEntry:
    """This will keep time as a draft: staff alone see it, and nothing is charged.

    :raises NotLoggable: on an order that nobody works on, or a day that cannot be
    """
    hold(session, order)
    refuse_closed(order.state)
    zone = order.calendar_row.zone
    refuse_day(work.worked_on, today=local_time(now, zone).date(), since=local_time(order.placed_at, zone).date())
    entry = _written(session, order, work, person=person, now=now)
    _record(session, order, entry, "hours.drafted", actor=person.actor, now=now, visibility=Visibility.STAFF)
    return entry


def post_time(session: Session, order: Order, work: Work, *, person: Person, now: datetime) -> TimeEntry:
    """This will log time, charge it unless it is our own re-work, and show it to the customer.

    :raises NotLoggable: on an order that nobody works on, or a day that cannot be
    :raises NoHoursLeft: when the order has not that much left
    """
    hold(session, order)
    check_work(order, work, now=now)
    entry = _written(session, order, work, person=person, now=now)
    _post(session, order, entry, actor=person.actor, now=now)
    return entry


def post_draft(session: Session, order: Order, entry: TimeEntry, *, actor: Actor, now: datetime) -> None:
    """This will post a draft.

    :param entry: of this order
    :raises AlreadyPosted: when it is posted
    :raises NoHoursLeft: when the order has not that much left
    """
    hold(session, order)
    session.refresh(entry)
    refuse_closed(order.state)
    _post(session, order, entry, actor=actor, now=now)


def discard_draft(session: Session, order: Order, entry: TimeEntry, *, actor: Actor, now: datetime) -> None:
    """This will throw a draft away; the history keeps that it was there.

    :raises AlreadyPosted: when the customer has seen it
    """
    hold(session, order)
    session.refresh(entry)
    _record(session, order, entry, "hours.discarded", actor=actor, now=now, visibility=Visibility.STAFF)
    discard_entry(session, entry)


def correct_time(
    session: Session, order: Order, entry: TimeEntry, work: Work, *, reason: str, actor: Actor, now: datetime
) -> None:
    """This will set what a posted entry says, and charge or give back the difference; the history keeps both.

    :param entry: of this order
    :raises ReasonMissing: without a reason
    :raises NothingCorrected: for a draft, or when nothing changes
    :raises NoHoursLeft: when the order has not that much left
    """
    why = reason_given(reason)
    hold(session, order)
    session.refresh(entry)
    if entry.posted_at is None:
        raise NothingCorrected("This is a draft. Throw it away and log the time anew.")
    recorded = Work(entry.kind, entry.minutes, entry.worked_on, entry.note, entry.change_request_id)
    if work == recorded:
        raise NothingCorrected("This is what the record says already. Change something, or leave it as it is.")
    before, drawn = order.support_minutes_used, _charge(entry.kind, entry.minutes)
    check_work(order, work, now=now, charged_before=drawn)
    use(session, order, _charge(work.kind, work.minutes) - drawn)
    change_entry(session, entry, kind=work.kind, minutes=work.minutes, worked_on=work.worked_on, note=work.note)
    old = {"old_kind": recorded.kind.value, "old_minutes": recorded.minutes, "old_note": recorded.note,
           "old_worked_on": recorded.worked_on.isoformat()}  # fmt: skip
    _record(session, order, entry, "hours.corrected", actor=actor, now=now, reason=why, more=old)
    _tell_of_use(session, order, before=before, now=now)


def _written(session: Session, order: Order, work: Work, *, person: Person, now: datetime) -> TimeEntry:
    return write_entry(
        session,
        order,
        person=person,
        kind=work.kind,
        minutes=work.minutes,
        worked_on=work.worked_on,
        note=work.note,
        now=now,
        change_request_id=work.change_request_id,
    )


def _post(session: Session, order: Order, entry: TimeEntry, *, actor: Actor, now: datetime) -> None:
    before = order.support_minutes_used
    post_entry(session, order, entry, now=now)
    _record(session, order, entry, "hours.posted", actor=actor, now=now)
    _tell_of_use(session, order, before=before, now=now)


def _record(
    session: Session,
    order: Order,
    entry: TimeEntry,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    visibility: Visibility = Visibility.CUSTOMER,
    reason: str = "",
    more: Mapping[str, object] = NOTHING_MORE,
) -> None:
    facts = {
        "kind": entry.kind.value,
        "minutes": entry.minutes,
        "worked_on": entry.worked_on.isoformat(),
        "note": entry.note,
        "is_charged": entry.is_charged,
        "used": order.support_minutes_used,
        "limit": order.support_minutes_limit,
        **more,
    }
    record(
        session,
        verb,
        subject="time_entry",
        key=entry.id,
        actor=actor,
        now=now,
        order_id=order.id,
        visibility=visibility,
        reason=reason,
        facts=facts,
    )


def _tell_of_use(session: Session, order: Order, *, before: int, now: datetime) -> None:
    used, limit = order.support_minutes_used, order.support_minutes_limit
    percents = migration_desk(order.terms.policy_version).hours_notice_percent
    percent = crossed(before, used, limit=limit, percents=percents)
    if percent is None:
        return
    # Told once for each limit: whoever buys hours is told of the new ones.
    cause = f"hours:{order.id}:{limit}:{percent}"
    words = {
        "said": used_text(used, limit),
        "left": tenths_text(limit - used),
        "is_used_up": percent >= WHOLE,
    }
    tell_customer(session, order, "hours_used", cause=cause, now=now, words=words)
    tell_staff(session, order, "hours_used_staff", cause=cause, now=now, words=words)


def _charge(kind: TimeKind, minutes: int) -> int:
    return minutes if is_charged(kind) else 0
