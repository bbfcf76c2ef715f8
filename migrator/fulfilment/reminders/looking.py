"""Looking at what is due of an organisation: what is to be said of each thing now, and when to look at it next."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.reminders.notices import order_notice, pause_notice, window_notice
from migrator.fulfilment.reminders.operations import plan
from migrator.fulfilment.reminders.queries import DueThings, moments_of_order, moments_of_pause
from migrator.fulfilment.reminders.rules import is_spoken_of
from migrator.fulfilment.reminders.words import Notice, Reader
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.operations import plan_notice, say_no_more
from migrator.fulfilment.windows.queries import open_window_of
from migrator.fulfilment.windows.rules import notices_at
from migrator.orders.lifecycle import ENDED
from migrator.orders.models import Order
from migrator.policy.loading import migration_desk

Say = Callable[[Reader], Notice | None]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is looked at today.

    :ivar say: makes its words for a reader; none where nothing is to be said
    :ivar move_on: notes when it is to be looked at next
    """

    order: Order
    say: Say | None
    move_on: Callable[[], None]

    def words_for(self, viewer_zone: str) -> Notice | None:
        """This will return what is said to a reader."""
        return self.say(Reader(self.order.calendar_row.zone, viewer_zone)) if self.say else None


def looked_at(session: Session, things: DueThings, *, being_paid: Collection[int], now: datetime) -> list[Due]:
    """This will judge each thing by what is true now; what has to wait for something else is left out.

    :param being_paid: the ids of orders that are not spoken of while their payment is under way
    """
    return [
        *(_window(session, window, now=now) for window in things.windows if _is_ready(window, now=now)),
        *(_pause(session, pause, now=now) for pause in things.pauses),
        *(_order(session, order, now=now) for order in things.orders if order.id not in being_paid),
    ]


def _is_ready(window: Window, *, now: datetime) -> bool:
    # A window that is over has to be ended first; how it ended is told then.
    return window.outcome is not None or window.ends_at > now


def _window(session: Session, window: Window, *, now: datetime) -> Due:
    order, days = window.order, calendar_of(session, window.order.calendar_row)
    if window.outcome is not None:
        return Due(order, _saying(session, window), lambda: say_no_more(session, window))
    desk = migration_desk(order.terms.policy_version)
    planned = notices_at(window.kind, window.opened_at, window.ends_at, desk=desk, calendar=days)
    is_due = is_spoken_of(planned, noted_at=window.next_notice_at or now, now=now) and _offers_something(window)
    say = _saying(session, window) if is_due else None
    return Due(order, say, lambda: plan_notice(window, order, calendar=days, after=now))


def _saying(session: Session, window: Window) -> Say:
    order = window.order
    insurance = open_window_of(session, order.id, WindowKind.INSURANCE) if window.kind is WindowKind.ACCESS else None
    until_at = insurance.ends_at if insurance and order.restarts_used < order.restarts_limit else None
    return lambda reader: window_notice(window, reader, insured_until_at=until_at)


def _offers_something(window: Window) -> bool:
    order = window.order
    return window.kind is not WindowKind.INSURANCE or order.restarts_used < order.restarts_limit


def _pause(session: Session, pause: PauseRow, *, now: datetime) -> Due:
    moments = moments_of_pause(session, pause)
    reached = moments.reached(now)
    is_due = reached > pause.reminders and pause.order.state not in ENDED
    say: Say | None = (lambda reader: pause_notice(pause, reader)) if is_due else None
    return Due(pause.order, say, lambda: plan(session, pause, moments, reminders=reached))


def _order(session: Session, order: Order, *, now: datetime) -> Due:
    moments = moments_of_order(session, order)
    if moments is None:
        return Due(order, None, lambda: plan(session, order, None))
    reached = moments.reached(now)
    say: Say | None = (lambda reader: order_notice(order, reader, moments)) if reached > order.reminders else None
    return Due(order, say, lambda: plan(session, order, moments, reminders=reached))
