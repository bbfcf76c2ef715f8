"""Telling the customer and the staff about an order, always with the promise that counts now (RULES D-9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.clock.wording import end_text, place_text
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.fulfilment.views import PromiseKind
from migrator.notifications.operations import owe, owe_to_staff
from migrator.orders.models import Order
from migrator.policy.loading import migration_desk

NO_WORDS: Mapping[str, object] = {}


def tell_customer(
    session: Session, order: Order, kind: str, *, cause: str, now: datetime, words: Mapping[str, object] = NO_WORDS
) -> None:
    """This will owe the person who placed the order a message, in their zone, with the promise line where there is one.

    Where that person has left, their colleagues get it.

    :param order: up to date, with `placed_by` and `calendar_row` loaded
    :param words: what the message's templates name beside the order and its promise
    """
    for reader in standing_in_for(session, order.placed_by):
        owe(
            session,
            kind=kind,
            cause=cause,
            recipient=reader,
            order_id=order.id,
            context={**_context(session, order, now=now, viewer_zone=reader.zone), **words},
            now=now,
        )


def tell_staff(
    session: Session, order: Order, kind: str, *, cause: str, now: datetime, words: Mapping[str, object] = NO_WORDS
) -> None:
    """This will owe the account manager a message, or all of them where the order has none, in desk time."""
    owe_to_staff(
        session,
        kind=kind,
        cause=cause,
        order_id=order.id,
        account_manager_id=order.account_manager_id,
        context={**_context(session, order, now=now), **words},
        now=now,
    )


def opening_hours(order: Order) -> str:
    """This will return when the account manager can be reached; the order's calendar is loaded (RULES C-055b)."""
    desk = migration_desk(order.terms.policy_version)
    return f"Monday to Friday, {desk.opens} to {desk.closes} {place_text(order.calendar_row.zone)} time"


def date_words(at: datetime | None, calendar: Calendar) -> str:
    """This will return a due instant in desk time, or words for none."""
    return end_text(at, calendar.zone) if at else "no date yet"


def iso(at: datetime | None) -> str:
    """This will return an instant as history facts keep it; empty for none."""
    return at.isoformat() if at else ""


def _context(session: Session, order: Order, *, now: datetime, viewer_zone: str = "") -> dict[str, object]:
    calendar = calendar_of(session, order.calendar_row)
    view = promise_view(order, calendar, pauses_of(session, order.id), now=now, viewer_zone=viewer_zone)
    return {
        "order_number": order.number,
        "product_name": order.terms.product_name,
        "promise": view.line,
        "promise_sentence": view.sentence,
        "date_moves": view.kind is PromiseKind.DELIVERY and not view.is_late,
    }
