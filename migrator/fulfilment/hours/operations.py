"""Writing, posting and correcting time, and running timers. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.hours.models import EntryState, TimeEntry, TimeKind, Timer
from migrator.fulfilment.hours.rules import AlreadyPosted, TimerRuns, no_hours_left, refuse_beyond
from migrator.orders.models import Order

LIMIT_CONSTRAINT = "hours_within_limit"


def write_entry(
    session: Session,
    order: Order,
    *,
    person: Person,
    kind: TimeKind,
    minutes: int,
    worked_on: date,
    note: str,
    now: datetime,
    change_request_id: int | None = None,
) -> TimeEntry:
    """This will write a draft that staff alone see and that charges nothing.

    :param minutes: whole tenths of an hour
    """
    entry = TimeEntry(
        order=order,
        person=person,
        change_request_id=change_request_id,
        kind=kind,
        minutes=minutes,
        worked_on=worked_on,
        note=note,
        written_at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def post_entry(session: Session, order: Order, entry: TimeEntry, *, now: datetime) -> None:
    """This will show an entry to the customer and charge it.

    :param order: held
    :raises AlreadyPosted: when it is posted
    :raises NoHoursLeft: when the order has not that much left
    """
    if entry.state is EntryState.POSTED:
        raise AlreadyPosted("This entry is posted already.")
    use(session, order, entry.minutes if entry.is_charged else 0)
    entry.state, entry.posted_at = EntryState.POSTED, now
    session.flush()


def discard_entry(session: Session, entry: TimeEntry) -> None:
    """This will throw a draft away.

    :raises AlreadyPosted: when the customer has seen it
    """
    if entry.state is EntryState.POSTED:
        raise AlreadyPosted("This entry is posted. Correct it, with a reason.")
    session.delete(entry)
    session.flush()


def change_entry(
    session: Session, entry: TimeEntry, *, kind: TimeKind, minutes: int, worked_on: date, note: str
) -> None:
    """This will set what an entry says (RULES D-10)."""
    entry.kind, entry.minutes, entry.worked_on, entry.note = kind, minutes, worked_on, note
    session.flush()


def use(session: Session, order: Order, minutes: int) -> None:
    """This will draw time from the hours of the order, or give some back where it is negative.

    The database refuses what the rule has overlooked, and it reads the same (RULES C-068).

    :raises NoHoursLeft: when the order has not that much left
    """
    used, limit = order.support_minutes_used, order.support_minutes_limit
    refuse_beyond(minutes, used=used, limit=limit)
    order.support_minutes_used = used + minutes
    try:
        session.flush()
    except IntegrityError as error:
        if LIMIT_CONSTRAINT in str(error.orig):
            raise no_hours_left(minutes, left=limit - used) from error
        raise


def start_timer(session: Session, order: Order, person: Person, *, now: datetime) -> Timer:
    """This will start a person's timer; one that runs on this order already goes on.

    :raises TimerRuns: when it runs on another order, or was started twice at once
    """
    running = session.get(Timer, person.id)
    if running is None:
        return _started(session, order, person, now=now)
    if running.order_id != order.id:
        raise TimerRuns("Your timer runs on another order. Stop it there first: one person has one timer.")
    return running


def stop_timer(session: Session, timer: Timer) -> None:
    """This will end a timer."""
    session.delete(timer)
    session.flush()


def _started(session: Session, order: Order, person: Person, *, now: datetime) -> Timer:
    timer = Timer(person_id=person.id, order_id=order.id, started_at=now)
    session.add(timer)
    try:
        session.flush()
    except IntegrityError as error:
        raise TimerRuns("Your timer was started a moment ago. Look at it once more.") from error
    return timer
