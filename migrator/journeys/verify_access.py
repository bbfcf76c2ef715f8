"""The manager confirms access details one by one; the last required one starts the count (RULES C-043, C-060)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.models import AccessItem
from migrator.access.operations import mark_verified
from migrator.access.queries import items_of
from migrator.calendars.queries import calendar_of
from migrator.errors import DomainError
from migrator.fulfilment.notices import iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date, hold, start_count
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.request_restart import waiting_restart_of
from migrator.journeys.waiting_restart import start_or_hold
from migrator.orders.lifecycle import OrderEvent, OrderState, next_state
from migrator.orders.models import Order
from migrator.orders.operations import advance

RECHECKING = frozenset({OrderState.IN_PROGRESS, OrderState.PAUSED})


class NobodyInCharge(DomainError):
    """Set-up does not begin without an account manager."""


def verify_item(session: Session, order: Order, item: AccessItem, *, actor: Actor, now: datetime) -> None:
    """This will confirm one item. While the order is under way it is a re-check, which moves no date.

    Where a restart waits for its access details, the last one starts it, unless its insurance does not count now; the
    count stays as it was (RULES C-084).

    :param item: of this order
    :raises NotNow: when the order's details are not being checked
    :raises NotSubmitted: when there is nothing to check
    :raises NobodyInCharge: when the order has no account manager yet (RULES C-055b)
    """
    hold(session, order)
    if order.state in RECHECKING:
        mark_verified(session, item, actor=actor, now=now)
        return
    next_state(order.state, OrderEvent.VERIFY_ACCESS)
    if order.account_manager_id is None:
        raise NobodyInCharge("Give the order an account manager first: the set-up does not begin without one.")
    mark_verified(session, item, actor=actor, now=now)
    if not all(each.state is ItemState.VERIFIED for each in items_of(session, order.id) if each.required):
        return
    if restart := waiting_restart_of(session, order):
        start_or_hold(session, order, restart, actor=actor, now=now)
    else:
        _start(session, order, actor=actor, now=now)


def _start(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    start_count(session, order, calendar=calendar_of(session, order.calendar_row), verified_at=now)
    advance(session, order, OrderEvent.VERIFY_ACCESS, now=now)
    bring_up_to_date(session, order)
    record(
        session,
        "access.verified",
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={"due_at": iso(order.due_at), "agree_by_at": iso(order.agree_by_at)},
    )
    tell_customer(session, order, "access_verified", cause=f"order:{order.id}", now=now)
