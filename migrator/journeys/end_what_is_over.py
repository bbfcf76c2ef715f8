"""What happens by itself after a full run: each window ends once, at its own time, whenever somebody looks.

(RULES C-066, C-067, C-074, C-080, C-084). Every journey after the run begins with `hold_as_of`, so that it never acts
on a window whose end has come, even where no sweep ran.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.operations import destroy_all
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.clock.wording import counted_text
from migrator.errors import DomainError
from migrator.finance.covers.operations import follow_window
from migrator.fulfilment.changes.queries import minutes_paid_for_open_changes
from migrator.fulfilment.notices import iso
from migrator.fulfilment.operations import bring_up_to_date, hold
from migrator.fulfilment.windows import queries
from migrator.fulfilment.windows.completion import completed_at, hours_lapse_at, is_silence_held
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import close_window, complete, lapse_hours
from migrator.fulfilment.windows.rules import RULES
from migrator.history.actor import SYSTEM
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.orders.queries import order_for_staff
from migrator.policy.types import Family

MOST_OF_ONE = 1_000
OUTCOMES = {
    WindowKind.REVIEW: WindowOutcome.ACCEPTED_BY_SILENCE,
    WindowKind.CHANGES: WindowOutcome.LAPSED,
    WindowKind.INSURANCE: WindowOutcome.LAPSED,
    WindowKind.ACCESS: WindowOutcome.DESTROYED,
}
VERBS = {
    WindowKind.REVIEW: "review.accepted_by_silence",
    WindowKind.CHANGES: "changes.ended",
    WindowKind.INSURANCE: "insurance.ended",
    WindowKind.ACCESS: "access.window_ended",
}


def due_window_ids(session: Session, now: datetime, limit: int) -> list[int]:
    """This will return windows whose end has come and that can be ended, those that ended first before others."""
    return queries.over_window_ids(session, now, limit=limit)


def end_windows_of(session: Session, organisation_id: int, *, now: datetime) -> None:
    """This will end what is over of an organisation's orders, so that what is said of them is true now.

    One that cannot be ended is left as it is: the task that ends windows writes its reason down.
    """
    for window_id in queries.over_window_ids(session, now, limit=MOST_OF_ONE, organisation_id=organisation_id):
        with suppress(DomainError), session.begin_nested():
            end_window(session, window_id, now)


def end_window(session: Session, window_id: int, now: datetime) -> bool:
    """This will end a window, and with it all of its order whose end has come, at their own times; once.

    It holds the order itself: call it in a transaction of its own.

    :returns: whether anything ended
    """
    wanted = select(Order.number).join(Window, Window.order_id == Order.id).where(Window.id == window_id)
    number = session.scalar(wanted)
    if number is None:
        return False
    order = order_for_staff(session, number, for_update=True)
    if not _end_due(session, order, calendar_of(session, order.calendar_row), now=now):
        return False
    bring_up_to_date(session, order)
    return True


def hold_as_of(session: Session, order: Order, now: datetime) -> Calendar:
    """This will hold an order, end whatever of it is over by now, and return its calendar.

    :param order: with its `calendar_row` loaded
    """
    hold(session, order)
    session.refresh(order.calendar_row)
    calendar = calendar_of(session, order.calendar_row)
    _end_due(session, order, calendar, now=now)
    return calendar


def complete_if_over(session: Session, order: Order) -> bool:
    """This will let unused hours lapse and complete the order when nothing is open any more, at the instant at which
    the last thing ended (RULES C-066, C-067, C-080).

    :returns: whether it is complete now
    """
    facts = queries.completion_facts(session, order)
    at = completed_at(facts) if order.state is OrderState.IN_REVIEW else None
    if at is None:
        return False
    advance(session, order, OrderEvent.COMPLETE, now=at)
    complete(session, order, at=at)
    rule = "C-066" if order.family is Family.PACKAGE else "C-080"
    _record(session, order, "order.completed", at=at, rule=rule)
    return True


def lapse_if_over(session: Session, order: Order) -> None:
    """This will let a package's unused hours lapse with the window, or with the last request of it (RULES C-067).

    To be called when either has just ended: what is bought later does not lapse with them.
    """
    at = hours_lapse_at(queries.completion_facts(session, order))
    if at is None:
        return
    minutes = lapse_hours(session, order, kept_minutes=minutes_paid_for_open_changes(session, order.id))
    if minutes:
        _record(session, order, "hours.lapsed", at=at, rule="C-067", minutes=minutes)


def _end_due(session: Session, order: Order, calendar: Calendar, *, now: datetime) -> bool:
    has_ended = False
    for window in queries.over_windows_of(session, order.id, now):
        if window.kind is WindowKind.REVIEW and is_silence_held(queries.completion_facts(session, order)):
            continue
        _end(session, order, window, calendar, now=now)
        has_ended = True
    if has_ended:
        complete_if_over(session, order)
    return has_ended


def _end(session: Session, order: Order, window: Window, calendar: Calendar, *, now: datetime) -> None:
    at = window.ends_at
    close_window(session, window, order, outcome=OUTCOMES[window.kind], at=at, calendar=calendar)
    left = order.restarts_limit - order.restarts_used
    facts = {"restarts_left": left} if window.kind is WindowKind.INSURANCE else {}
    _record(session, order, VERBS[window.kind], at=at, rule=RULES[window.kind], window_id=window.id, **facts)
    if window.kind is WindowKind.INSURANCE:
        follow_window(session, order, now=now)
    if window.kind is WindowKind.CHANGES:
        lapse_if_over(session, order)
    if window.kind is WindowKind.ACCESS:
        days = counted_text(order.terms.purge_calendar_days, "day")
        reason = "kept longer as you asked, until now" if window.extended_to_at else f"{days} after the migration"
        # The copy is gone when it is gone: a worker that was down must not make the certificate say otherwise.
        destroy_all(session, order, reason=reason, now=now, actor=SYSTEM, rule=RULES[window.kind])


def _record(session: Session, order: Order, verb: str, *, at: datetime, rule: str, **facts: object) -> None:
    record(
        session,
        verb,
        subject="order",
        key=order.number,
        actor=SYSTEM,
        now=at,
        order_id=order.id,
        facts={"rule": rule, "at": iso(at), **facts},
    )
