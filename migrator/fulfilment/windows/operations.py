"""Opening, moving, extending and closing windows. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_the_minute
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.queries import open_window_of
from migrator.fulfilment.windows.rules import ends_at, next_letter_at, notices_at
from migrator.orders.models import Order
from migrator.policy.loading import migration_desk


def open_window(
    session: Session, order: Order, kind: WindowKind, *, run: Run, opened_at: datetime, calendar: Calendar
) -> Window:
    """This will open a window after a run; the database refuses a second open one of a kind."""
    opened_at = to_the_minute(opened_at)
    window = Window(
        order=order,
        run=run,
        kind=kind,
        opened_at=opened_at,
        ends_at=ends_at(kind, opened_at, terms=order.terms, calendar=calendar),
    )
    session.add(window)
    plan_notice(window, order, calendar=calendar, after=opened_at)
    session.flush()
    return window


def close_window(
    session: Session, window: Window, order: Order, *, outcome: WindowOutcome, at: datetime, calendar: Calendar
) -> None:
    """This will end a window. What ended by itself or by a restart is told in the next daily letter.

    :param at: when it ended, not after its end
    """
    window.closed_at, window.outcome = at, outcome
    is_told_later = outcome in {WindowOutcome.ACCEPTED_BY_SILENCE, WindowOutcome.LAPSED, WindowOutcome.DESTROYED}
    desk = migration_desk(order.terms.policy_version)
    window.next_notice_at = next_letter_at(at, desk=desk, calendar=calendar) if is_told_later else None
    session.flush()


def begin_review_anew(
    session: Session, order: Order, *, run: Run, at: datetime, outcome: WindowOutcome, calendar: Calendar
) -> Window:
    """This will end the review that is open, if any, and open another one; the old one keeps its row (RULES C-081).

    :param outcome: how the old one ended
    """
    old = open_window_of(session, order.id, WindowKind.REVIEW)
    if old is not None:
        close_window(
            session, old, order, outcome=outcome, at=max(min(at, old.ends_at), old.opened_at), calendar=calendar
        )
    return open_window(session, order, WindowKind.REVIEW, run=run, opened_at=at, calendar=calendar)


def reopen_window(session: Session, window: Window, order: Order, *, calendar: Calendar, now: datetime) -> None:
    """This will open an ended window once more, such as insurance whose last restart was given back (RULES C-077)."""
    window.closed_at, window.outcome = None, None
    plan_notice(window, order, calendar=calendar, after=now)
    session.flush()


def move_closing(session: Session, window: Window, *, at: datetime) -> None:
    """This will set when a window ended by itself, after its end was computed anew (RULES D-10)."""
    window.closed_at = at
    session.flush()


def complete(session: Session, order: Order, *, at: datetime) -> None:
    """This will note when the last thing that was open ended."""
    order.completed_at = at
    session.flush()


def lapse_hours(session: Session, order: Order, *, kept_minutes: int) -> int:
    """This will end what was not used of the support hours, and return the minutes (RULES C-067).

    :param kept_minutes: what was bought with a change that is still worked on
    """
    lapsed = max(0, order.support_minutes_limit - order.support_minutes_used - kept_minutes)
    order.support_minutes_limit -= lapsed
    session.flush()
    return lapsed


def move_window(
    session: Session, window: Window, order: Order, *, opened_at: datetime, calendar: Calendar, now: datetime
) -> None:
    """This will set when a window opened and compute its end anew (RULES D-10); an extension by hand stays."""
    window.opened_at = to_the_minute(opened_at)
    computed_at = ends_at(window.kind, window.opened_at, terms=order.terms, calendar=calendar)
    window.ends_at = max(computed_at, window.extended_to_at) if window.extended_to_at else computed_at
    if window.closed_at is None:
        plan_notice(window, order, calendar=calendar, after=now)
    session.flush()


def extend_window(
    session: Session, window: Window, order: Order, *, to_at: datetime, calendar: Calendar, now: datetime
) -> None:
    """This will give a window a later end by hand (RULES C-078, C-084)."""
    window.extended_to_at = to_at
    window.ends_at = max(window.ends_at, to_at)
    plan_notice(window, order, calendar=calendar, after=now)
    session.flush()


def plan_notice(window: Window, order: Order, *, calendar: Calendar, after: datetime) -> None:
    """This will note the first day after an instant on which an open window is spoken of; none after the last."""
    desk = migration_desk(order.terms.policy_version)
    planned = notices_at(window.kind, window.opened_at, window.ends_at, desk=desk, calendar=calendar)
    window.next_notice_at = next((at for at in planned if at > after), None)


def say_no_more(session: Session, window: Window) -> None:
    """This will note that all has been said of a window."""
    window.next_notice_at = None
    session.flush()
