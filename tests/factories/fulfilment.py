"""Orders on their way: paid, with access given, sent for checking, under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.access.models import AccessItem
from migrator.access.operations import open_items
from migrator.access.queries import item_of, items_of
from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection, price, price_by_quote
from migrator.fulfilment.queries import least_loaded_manager
from migrator.journeys.save_access import save_access
from migrator.journeys.submit_access import submit_access
from migrator.journeys.verify_access import verify_item
from migrator.money import Money
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance, assign, place
from migrator.orders.queries import order_for_staff
from migrator.orders.rules import Offer, frozen_terms
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Family

KYIV = ZoneInfo("Europe/Kyiv")
PASSWORD = "correct-horse-Ünïcode-7"
KEY = Fernet.generate_key().decode()
VAULT = Vault([KEY])
FAMILIES = {"ASSIST": Family.ASSISTED, "PACK": Family.PACKAGE, "SELF": Family.SELF_SERVICE}
ANSWERS = {
    ItemKind.SITE_ADDRESS: {"address": "https://old.example"},
    ItemKind.FTP: {"protocol": "sftp", "host": "ftp.old.example", "user_name": "mover", "password": PASSWORD},
    ItemKind.ADMIN_LOGIN: {"address": "https://old.example/admin", "user_name": "mover", "password": PASSWORD},
    ItemKind.BRIDGE: {"address": "https://old.example/bridge"},
    ItemKind.API_TOKEN: {"token": PASSWORD},
    ItemKind.DATABASE_DUMP: {"address": "https://old.example/dump.zip"},
    ItemKind.INFORMATION: {"answer": "The forum goes into the category News."},
}


def kyiv(text: str) -> datetime:
    """This will read desk time such as `2026-11-24 11:00` into an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


def a_paid_order(
    session: Session,
    customer: Person,
    *,
    now: datetime,
    sku: str = "PACK-BASIC",
    source: str = "wordpress",
    target: str = "shopify",
    agreed_at: datetime | None = None,
) -> Order:
    """This will place and pay an order, which an account manager gets where there is one.

    :param agreed_at: with it, the order comes from an accepted quote
    """
    selection = Selection(FAMILIES[sku.split("-")[0]], sku, 800, source, target)
    offer = Offer(Money(900_000), 120_000, agreed_at, now + timedelta(days=14)) if agreed_at else None
    lines = price_by_quote(selection, catalogue(), offered=offer.price) if offer else price(selection, catalogue())
    terms = frozen_terms(selection, catalogue=catalogue(), desk=migration_desk(), offer=offer)
    token = f"token-{now.isoformat()}-{sku}-{customer.id}-{source}"
    order = place(session, selection=selection, lines=lines, terms=terms, person=customer, token=token, now=now)
    advance(session, order, OrderEvent.PAY, now=now)
    order.paid_at = now
    open_items(session, order, now=now)
    if manager := least_loaded_manager(session):
        assign(session, order, account_manager=manager, actor=manager.actor, now=now)
    return order_for_staff(session, order.number)


def give_everything(session: Session, order: Order, customer: Person, *, now: datetime) -> tuple[AccessItem, ...]:
    """This will save every required item."""
    for item in items_of(session, order.id):
        if item.required:
            give(session, order, item, customer, now=now)
    return items_of(session, order.id)


def give(session: Session, order: Order, item: AccessItem, customer: Person, *, now: datetime) -> None:
    """This will save usable details for one item."""
    found = item_of(session, order.id, item.id)
    save_access(session, order, found, values=ANSWERS[item.kind], vault=VAULT, actor=customer.actor, now=now)


def a_submitted_order(session: Session, customer: Person, *, now: datetime, **differences: object) -> Order:
    """This will make an order whose details wait for our check."""
    order = a_paid_order(session, customer, now=now, **differences)
    give_everything(session, order, customer, now=now)
    submit_access(session, order, actor=customer.actor, now=now)
    return order


def an_order_under_way(
    session: Session, customer: Person, manager: Person, *, now: datetime, **differences: object
) -> Order:
    """This will make an order whose count starts at `now`."""
    order = a_submitted_order(session, customer, now=now, **differences)
    verify_everything(session, order, manager, now=now)
    return order


def verify_everything(session: Session, order: Order, manager: Person, *, now: datetime) -> None:
    """This will confirm every required item."""
    for item in items_of(session, order.id):
        if item.required:
            verify_item(session, order, item, actor=manager.actor, now=now)


def item_of_kind(session: Session, order: Order, kind: ItemKind) -> AccessItem:
    """This will return the order's first item of that kind."""
    return next(item for item in items_of(session, order.id) if item.kind is kind)
