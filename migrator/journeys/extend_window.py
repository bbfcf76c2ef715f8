"""A window gets a later end by hand: our copy of access details once, insurance where we blocked it.

(RULES C-078, C-084)
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import end_text
from migrator.errors import DomainError
from migrator.finance.covers.operations import follow_window
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.rules import reason_given
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import extend_window, reopen_window
from migrator.fulfilment.windows.queries import latest_window_of, open_window_of, windows_of
from migrator.fulfilment.windows.rules import access_may_last_to
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.orders.models import Order

LONGEST = timedelta(days=366)


class NotExtended(DomainError):
    """The window cannot get a later end."""


def extend_access(session: Session, order: Order, *, actor: Actor, now: datetime) -> datetime:
    """This will keep our copy of the access details to the end of the last window that is open, and return it.

    The customer asks for it explicitly, and once (RULES C-084).

    :raises NotExtended: when the copy is gone, was kept longer before, or nothing lasts longer
    """
    calendar = hold_as_of(session, order, now)
    window = open_window_of(session, order.id, WindowKind.ACCESS)
    if window is None:
        raise NotExtended("We keep no access details of this order that could be kept longer.")
    if window.extended_to_at is not None:
        raise NotExtended(
            "Our copy is kept longer already, and that can be asked for once. If we need it later, we ask."
        )
    to_at = access_may_last_to([(one.kind, one.ends_at) for one in windows_of(session, order.id) if not one.closed_at])
    if to_at is None or to_at <= window.ends_at:
        raise NotExtended("Nothing of your order lasts longer than our copy, so there is nothing to keep it for.")
    extend_window(session, window, order, to_at=to_at, calendar=calendar, now=now)
    bring_up_to_date(session, order)
    _record(session, "access.kept_longer", order, window, reason="", actor=actor, now=now)
    return to_at


def prolong_insurance(
    session: Session, order: Order, *, last_day: date, reason: str, actor: Actor, now: datetime
) -> None:
    """This will prolong the insurance to the end of a day, where our own delay blocked its use (RULES C-078).

    Insurance that ended meanwhile with restarts left is opened once more.

    :raises ReasonMissing: without a reason
    :raises NotExtended: without insurance or restarts left, or when the day is not later, or too far off
    """
    why = reason_given(reason)
    calendar = hold_as_of(session, order, now)
    window = latest_window_of(session, order.id, WindowKind.INSURANCE)
    if window is None or window.outcome is WindowOutcome.USED_UP or order.restarts_used >= order.restarts_limit:
        raise NotExtended("There is no insurance with restarts left that could be prolonged.")
    to_at = _end_of(last_day, calendar)
    if not max(window.ends_at, now) < to_at <= now + LONGEST:
        raise NotExtended(
            f"Enter a later day than now, within a year: it ends {end_text(window.ends_at, calendar.zone)}."
        )
    old_at = window.ends_at
    extend_window(session, window, order, to_at=to_at, calendar=calendar, now=now)
    if window.closed_at is not None:
        reopen_window(session, window, order, calendar=calendar, now=now)
    follow_window(session, order, now=now)
    bring_up_to_date(session, order)
    entry_id = _record(session, "insurance.prolonged", order, window, reason=why, actor=actor, now=now, old_at=old_at)
    words = {
        "old_date": date_words(old_at, calendar),
        "new_date": date_words(window.ends_at, calendar),
        "why": why,
        "restarts_left": order.restarts_limit - order.restarts_used,
    }
    tell_customer(session, order, "insurance_prolonged", cause=f"history:{entry_id}", now=now, words=words)


def _end_of(on: date, calendar: Calendar) -> datetime:
    return to_instant(wall_seconds(calendar.zone_info, on + timedelta(days=1)))


def _record(
    session: Session,
    verb: str,
    order: Order,
    window: Window,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    old_at: datetime | None = None,
) -> int:
    entry = record(
        session,
        verb,
        subject="window",
        key=window.id,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts={"old_end": iso(old_at), "new_end": iso(window.ends_at)},
    )
    return entry.id
