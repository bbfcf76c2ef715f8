"""Orders brought to a stage by the journeys that people take."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.models import AccessItem
from migrator.access.operations import open_items
from migrator.access.queries import item_of, items_of
from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.queries import pauses_of
from migrator.journeys.pause_delivery import pause_delivery
from migrator.journeys.place_order import place_order
from migrator.journeys.save_access import save_access
from migrator.journeys.submit_access import submit_access
from migrator.journeys.verify_access import verify_item
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance, assign
from migrator.orders.queries import order_for_staff
from migrator.orders.rules import Declaration
from migrator.policy.types import Family
from tests.conftest import KEYS, NOW
from tests.factories.people import a_customer, an_account_manager

PASSWORD_SAVED = "hunter-of-the-lost-files"
MESSAGE = "The server refuses the password. Please send a new one."
_tokens = itertools.count(1)


def an_unpaid_order(
    session: Session, *, person: Person | None = None, at: datetime = NOW, **differences: object
) -> Order:
    """This will place a Package Basic with insurance plan 2 for a site of 812 pages."""
    selection = {
        "family": Family.PACKAGE,
        "sku": "PACK-BASIC",
        "pages": 812,
        "source_platform": "wordpress",
        "target_platform": "joomla",
        "insurance_plan": 2,
    }
    order = place_order(
        session,
        selection=Selection(**{**selection, **differences}),  # type: ignore[arg-type]
        declaration=Declaration("https://old.example", "https://new.example", min(date(2026, 11, 2), at.date())),
        person=person or a_customer(session),
        token=f"token-{next(_tokens)}",
        now=at,
    )
    return order_for_staff(session, order.number)


def a_paid_order(
    session: Session, *, manager: Person | None = None, person: Person | None = None, at: datetime = NOW,
    **differences: object,
) -> Order:  # fmt: skip
    """This will place an order that was paid a moment ago and has its account manager."""
    order = an_unpaid_order(session, person=person, at=at, **differences)
    advance(session, order, OrderEvent.PAY, now=at)
    order.paid_at = at
    open_items(session, order, now=at)
    manager = manager or an_account_manager(session)
    assign(session, order, account_manager=manager, actor=manager.actor, now=at)
    return order_for_staff(session, order.number)


def an_order_being_checked(session: Session, *, at: datetime = NOW, **differences: object) -> Order:
    """This will place an order whose access details have all been sent."""
    return _submitted(session, a_paid_order(session, at=at, **differences), at=at)  # type: ignore[arg-type]


def an_order_under_way(session: Session, *, at: datetime = NOW, **differences: object) -> Order:
    """This will place an order whose access details were found right at `at`; sent the day before."""
    order = a_paid_order(session, at=at - timedelta(days=1), **differences)  # type: ignore[arg-type]
    return _brought_under_way(session, order, at=at)


def an_order_without_a_date(session: Session, *, at: datetime = NOW) -> Order:
    """This will place an order under way whose quoted date has come too near, so that another is to be agreed."""
    order = a_paid_order(session, at=at)
    order.terms_document = {**order.terms_document, "promise_unit": "agreed", "agreed_at": ""}
    return _brought_under_way(session, order, at=at)


def a_paused_order(session: Session, *, at: datetime = NOW, paused_at: datetime | None = None) -> Order:
    """This will place an order under way since `at` that waits for the FTP login of the old site."""
    order = an_order_under_way(session, at=at)
    item = next(item for item in items_of(session, order.id) if item.label == "Old site FTP or SFTP")
    pause(session, order, item, at=paused_at or at + timedelta(hours=1))
    return order_for_staff(session, order.number)


def pause(session: Session, order: Order, item: AccessItem, *, at: datetime) -> PauseRow:
    """This will pause an order for an item."""
    pause_delivery(
        session, order, item, reason=PauseReason.ACCESS_WRONG, message=MESSAGE, author=_manager(order), now=at
    )
    return pauses_of(session, order.id)[-1]


def answer(session: Session, order: Order, item: AccessItem, *, at: datetime) -> None:
    """This will save what the customer would type for an item."""
    typed = {
        "protocol": "sftp",
        "host": "ftp.old.example",
        "user_name": "migration",
        "password": PASSWORD_SAVED,
        "address": "https://old.example/admin",
        "token": PASSWORD_SAVED,
        "answer": "The folder is called shop.",
    }
    actor = order.placed_by.actor
    found = item_of(session, order.id, item.id)
    save_access(session, order, found, values=typed, vault=Vault(KEYS.access_keys), actor=actor, now=at)


def _submitted(session: Session, order: Order, *, at: datetime) -> Order:
    for item in items_of(session, order.id):
        if item.required:
            answer(session, order, item, at=at)
    submit_access(session, order, actor=order.placed_by.actor, now=at)
    return order_for_staff(session, order.number)


def _brought_under_way(session: Session, order: Order, *, at: datetime) -> Order:
    _submitted(session, order, at=at - timedelta(days=1))
    for item in items_of(session, order.id):
        if item.state is ItemState.SUBMITTED:
            verify_item(session, order, item, actor=_manager(order).actor, now=at)
    return order_for_staff(session, order.number)


def _manager(order: Order) -> Person:
    assert order.account_manager is not None
    return order.account_manager
