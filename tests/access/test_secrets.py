"""Secrets: sealed, replaced, destroyed, looked at with a reason, and nowhere else to be found."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import Secret
from migrator.access.operations import (
    ReasonMissing,
    SecretGone,
    ask_again,
    destroy_all,
    destroy_secret,
    mark_changed,
    mark_unchanged,
    open_items,
    reseal_all,
    reveal,
)
from migrator.access.queries import items_of, secret_of
from migrator.access.vault import SealBroken, Vault
from migrator.accounts.models import Person
from migrator.database.base import Base
from migrator.errors import NotFound
from migrator.fulfilment.models import PauseReason
from migrator.history.actor import SYSTEM
from migrator.history.models import HistoryEntry, Visibility
from migrator.journeys.pause_delivery import pause_delivery
from migrator.orders.models import Order
from tests.factories.fulfilment import (
    ANSWERS,
    KEY,
    PASSWORD,
    VAULT,
    a_paid_order,
    an_order_under_way,
    give,
    give_everything,
    item_of_kind,
)
from tests.factories.people import a_customer, an_account_manager

OTHER = Fernet.generate_key().decode()


@pytest.fixture
def customer(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def order(session: Session, customer: Person, now: datetime) -> Order:
    order = a_paid_order(session, customer, now=now)
    give_everything(session, order, customer, now=now)
    return order


def the_ftp_secret(session: Session, order: Order) -> Secret:
    (secret,) = item_of_kind(session, order, ItemKind.FTP).secrets
    return secret


def test_a_vault_opens_what_any_of_its_keys_sealed_and_shows_none_of_them() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Vault([old]).seal(PASSWORD)
    both = Vault([new, old])
    assert PASSWORD.encode() not in sealed
    assert both.open(sealed) == PASSWORD
    assert Vault([new]).open(both.reseal(sealed)) == PASSWORD
    assert old not in repr(both)
    for broken in (lambda: Vault([new]).open(sealed), lambda: Vault([new]).reseal(sealed)):
        with pytest.raises(SealBroken):
            broken()


def test_items_are_opened_once(session: Session, order: Order, now: datetime) -> None:
    assert len(open_items(session, order, now=now)) == 7
    assert len(items_of(session, order.id)) == 7


def test_an_address_given_with_the_order_need_not_be_typed_again(
    session: Session, customer: Person, now: datetime
) -> None:
    order = a_paid_order(session, customer, now=now, source="joomla")
    for item in items_of(session, order.id):
        session.delete(item)
    order.source_address, order.target_address = "shop.example", "not an address"
    session.flush()
    items = open_items(session, order, now=now)
    addresses = [item for item in items if item.kind is ItemKind.SITE_ADDRESS]
    assert [item.state for item in addresses] == [ItemState.SUBMITTED, ItemState.NOT_STARTED]
    assert addresses[0].open_fields == {"address": "https://shop.example"}


def test_a_replaced_secret_is_destroyed_and_the_new_one_stands(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    ftp = item_of_kind(session, order, ItemKind.FTP)
    give(session, order, ftp, customer, now=now + timedelta(hours=1))
    first, second = ftp.secrets
    assert (first.sealed, first.destroyed_at) == (None, now + timedelta(hours=1))
    assert VAULT.open(second.sealed or b"") == PASSWORD


def test_a_destroyed_secret_is_gone_and_its_item_open_again(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    ftp = item_of_kind(session, order, ItemKind.FTP)
    secret = destroy_secret(session, ftp, ftp.secrets[0].id, actor=customer.actor, now=now)
    assert (secret.sealed, ftp.state) == (None, ItemState.NOT_STARTED)
    with pytest.raises(SecretGone):
        destroy_secret(session, ftp, secret.id, actor=customer.actor, now=now)
    manager = an_account_manager(session)
    found = secret_of(session, order.id, secret.id)
    with pytest.raises(SecretGone):
        reveal(session, found, reason="Check", actor=manager.actor, now=now, vault=VAULT)


def test_another_items_secret_cannot_be_destroyed(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    login = item_of_kind(session, order, ItemKind.ADMIN_LOGIN)
    with pytest.raises(NotFound):
        destroy_secret(session, login, the_ftp_secret(session, order).id, actor=customer.actor, now=now)


def test_staff_look_at_a_secret_for_a_minute_with_a_reason_that_the_customer_sees(
    session: Session, order: Order, now: datetime
) -> None:
    manager = an_account_manager(session)
    secret = secret_of(session, order.id, the_ftp_secret(session, order).id)
    shown = reveal(session, secret, reason="First check", actor=manager.actor, now=now, vault=VAULT)
    assert (shown.value, shown.hidden_at) == (PASSWORD, now + timedelta(seconds=60))
    assert PASSWORD not in repr(shown)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "secret.revealed")).one()
    assert (entry.reason, entry.visibility, entry.actor_id) == ("First check", Visibility.CUSTOMER, manager.id)
    session.expire_all()
    (look,) = item_of_kind(session, order, ItemKind.FTP).secrets[0].reveals
    assert (look.person.name, look.reason, look.hidden_at) == (manager.name, "First check", shown.hidden_at)


def test_nobody_looks_without_a_reason_and_no_customer_looks_at_all(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    secret = secret_of(session, order.id, the_ftp_secret(session, order).id)
    with pytest.raises(ReasonMissing):
        reveal(session, secret, reason=" ", actor=an_account_manager(session).actor, now=now, vault=VAULT)
    with pytest.raises(NotFound):
        reveal(session, secret, reason="Mine", actor=customer.actor, now=now, vault=VAULT)


def test_all_copies_are_destroyed_once_at_their_time_and_are_asked_for_again(
    session: Session, customer: Person, now: datetime
) -> None:
    order = an_order_under_way(session, customer, an_account_manager(session), now=now)
    at = now + timedelta(days=21)
    give(session, order, item_of_kind(session, order, ItemKind.DATABASE_DUMP), customer, now=at + timedelta(hours=1))
    gone = [destroy_all(session, order, reason="after 21 days", rule="C-084", actor=SYSTEM, now=at) for _ in range(2)]
    assert [len(each) for each in gone] == [3, 0]
    assert {(secret.sealed, secret.destroyed_at) for secret in gone[0]} == {(None, at)}
    (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "access.destroyed"))
    assert (entry.happened_at, entry.facts["rule"], len(entry.facts["items"])) == (at, "C-084", 3)

    asked = ask_again(session, order)
    assert {(item.state, item.verified_at) for item in asked} == {(ItemState.NOT_STARTED, None)}
    assert [item.label for item in asked] == entry.facts["items"]


def test_a_tick_that_a_password_was_changed_can_be_taken_back_and_falls_with_a_new_one(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    item = item_of_kind(session, order, ItemKind.FTP)
    for mark in (mark_changed, mark_changed, mark_unchanged, mark_unchanged, mark_changed):
        mark(session, item, actor=customer.actor, now=now)
    verbs = session.scalars(select(HistoryEntry.verb).where(HistoryEntry.verb.like("access.item_%changed"))).all()
    assert sorted(verbs) == ["access.item_changed"] * 2 + ["access.item_unchanged"]
    assert (item.changed_at, item.changed_by_id) == (now, customer.id)
    give(session, order, item, customer, now=now)
    assert item.changed_at is None


def test_a_secret_of_another_order_is_not_found(
    session: Session, order: Order, customer: Person, now: datetime
) -> None:
    other = a_paid_order(session, customer, now=now, source="drupal")
    with pytest.raises(NotFound):
        secret_of(session, other.id, the_ftp_secret(session, order).id)


def test_all_seals_can_be_moved_to_a_new_key(session: Session, order: Order) -> None:
    assert reseal_all(session, Vault([OTHER, KEY])) == 3
    assert Vault([OTHER]).open(the_ftp_secret(session, order).sealed or b"") == PASSWORD


def test_a_secret_is_in_no_table_no_log_and_no_representation(
    app: Flask, session: Session, customer: Person, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    with caplog.at_level(logging.DEBUG):
        manager = an_account_manager(session)
        order = an_order_under_way(session, customer, manager, now=now)
        ftp = item_of_kind(session, order, ItemKind.FTP)
        reason = PauseReason.ACCESS_WRONG
        pause_delivery(session, order, ftp, reason=reason, message="Refused.", author=manager, now=now)
        give(session, order, ftp, customer, now=now)
        secret = secret_of(session, order.id, ftp.secrets[-1].id)
        reveal(session, secret, reason="Check", actor=manager.actor, now=now, vault=VAULT)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    session.flush()
    rows = [
        str(row)
        for table in Base.metadata.sorted_tables
        for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]
    assert len(rows) > 20
    assert PASSWORD in str(ANSWERS)
    for kept in (*rows, caplog.text, repr(secret), repr(ftp)):
        assert PASSWORD not in kept
