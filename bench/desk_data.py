"""Databases for the desk's benchmark: one order made by hand, and a crowd like it, written in bulk.

The mix is that of a business some years old: nearly all orders are completed, a few in a hundred are open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import Engine, Table, select, text

from migrator.access.models import AccessItem
from migrator.accounts.models import Organisation, Person
from migrator.calendars.operations import fill_calendars
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.database.upgrade import bring_up_to_date
from migrator.history.actor import SYSTEM
from migrator.history.models import HistoryEntry
from migrator.orders.lifecycle import TURNS, OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.numbers import ALPHABET
from migrator.orders.search_models import SearchWord
from migrator.orders.search_rules import stem_of, words_of
from migrator.policy.loading import calendar_plans
from tests.factories import stages
from tests.factories.people import an_account_manager

ALWAYS_OPEN = 120
OPEN_OF_A_HUNDRED = 3
MANAGERS = 20
ORDERS_OF_A_CUSTOMER = 4
OPEN_STATES = (
    *[OrderState.IN_PROGRESS] * 8, *[OrderState.VERIFYING] * 4, *[OrderState.PAUSED] * 3, OrderState.PREVIEW_READY,
    OrderState.MIGRATING, OrderState.AWAITING_ACCESS, OrderState.AWAITING_ACCESS, OrderState.AWAITING_PAYMENT,
)  # fmt: skip
CLOSED_STATES = (*[OrderState.COMPLETED] * 19, OrderState.CANCELLED)
FIRST_NAMES = ("Ada", "Björn", "Chiara", "Дарина", "Elif", "Frank", "Grace", "Hans", "Inés", "Jörg", "Kofi", "Łucja",
               "Marta", "Nils", "Олег", "Priya", "Quentin", "Rosa", "Søren", "Taro")  # fmt: skip
SURNAMES = ("Abbott", "Berg", "Costa", "Dvořák", "Evans", "Fischer", "García", "Horvat", "Ivanova", "Jensen",
            "Kowalski", "Lindqvist", "Müller", "Novak", "Okafor", "Petrenko", "Quist", "Rossi", "Smith",
            "Tanaka")  # fmt: skip
TRADES = ("Bakery", "Books", "Carpets", "Dental", "Electric", "Flowers", "Garden", "Hotels", "Ironworks", "Jewels",
          "Kitchens", "Lamps", "Motors", "Nursery", "Optics", "Prints", "Quilts", "Records", "Shoes",
          "Toys")  # fmt: skip
COPIED = "COPY {table} ({columns}) FROM STDIN"
Rows = Iterator[tuple[Any, ...]]


def fill(app: Flask, size: int, now: datetime) -> str:
    """This will make a database with so many orders, and return the number of the one made by hand."""
    bring_up_to_date(app)
    with app.app_context():
        with transaction() as session:
            fill_calendars(session, plans=calendar_plans(), now=now, actor=SYSTEM)
            manager = an_account_manager(session, name="Olena Petrenko")
            order = stages.an_order_under_way(session, manager=manager, at=now - timedelta(hours=20))
            for number in range(1, MANAGERS):
                an_account_manager(session, name=f"{FIRST_NAMES[number]} {SURNAMES[-number]}")
            number, like_id = order.number, order.id
        _add_crowd(db.engine, size, like_id, now)
        db.engine.dispose()
    return number


def _add_crowd(engine: Engine, size: int, like_id: int, now: datetime) -> None:
    with engine.connect() as connection:
        like = dict(connection.execute(text("SELECT * FROM orders WHERE id = :id"), {"id": like_id}).mappings().one())
        managers = list(connection.scalars(select(Person.id).where(Person.role == "account_manager")))
        item = connection.execute(text("SELECT * FROM access_items WHERE order_id = :id LIMIT 1"), {"id": like_id})
        like_item = dict(item.mappings().one())
        deed = connection.execute(text("SELECT * FROM history WHERE order_id = :id LIMIT 1"), {"id": like_id})
        like_deed = dict(deed.mappings().one())
    customers = size // ORDERS_OF_A_CUSTOMER + 1
    orders = _Orders(like, managers, size=size, customers=customers, now=now)
    _load(engine, Organisation.__table__, ("id", "name", "created_at"), _organisations(customers, now))
    _load(engine, Person.__table__, PERSON, _people(customers, now))
    _load(engine, Order.__table__, tuple(like), orders.rows())
    _load(engine, SearchWord.__table__, ("order_id", "word", "stem"), _words(orders))
    _load(engine, AccessItem.__table__, tuple(like_item), _items(orders, like_item))
    _load(engine, HistoryEntry.__table__, tuple(like_deed), _deeds(orders, like_deed))
    _settle(engine)


PERSON = (
    "id",
    "email",
    "name",
    "role",
    "zone",
    "created_at",
    "organisation_id",
    "active",
    "fs_uniquifier",
    "confirmed_at",
)
FIRST_ID = 1_000


def _organisations(count: int, now: datetime) -> Rows:
    for number in range(count):
        yield FIRST_ID + number, _customer(number), now - timedelta(days=400)


def _people(count: int, now: datetime) -> Rows:
    joined = now - timedelta(days=400)
    for number in range(count):
        owner = FIRST_ID + number
        yield owner, _email(number), _person(number), "customer", "", joined, owner, True, f"crowd-{number}", joined


class _Orders:
    """The crowd's orders: what differs from the one that they are like, in the same way each time it is asked."""

    def __init__(
        self, like: dict[str, Any], managers: Sequence[int], *, size: int, customers: int, now: datetime
    ) -> None:
        self.like, self.managers, self.size, self.customers, self.now = like, managers, size, customers, now
        # Open orders lie among the newest, which is where a business has them.
        self.open_from = size - ALWAYS_OPEN - size * OPEN_OF_A_HUNDRED // 100

    def owner(self, number: int) -> int:
        """This will return which customer placed an order."""
        return number * 7 % self.customers

    def state(self, number: int) -> OrderState:
        """This will return where an order stands."""
        if number < self.open_from:
            return CLOSED_STATES[number % len(CLOSED_STATES)]
        return OPEN_STATES[number % len(OPEN_STATES)]

    def rows(self) -> Rows:
        """This will return the orders as the table takes them."""
        for number in range(self.size):
            yield tuple({**self.like, **self._differences(number)}.values())

    def _differences(self, number: int) -> dict[str, Any]:
        state, owner = self.state(number), self.owner(number)
        turn = TURNS[state]
        age = number - self.open_from
        ours = turn is Turn.US
        return {
            "id": FIRST_ID + number,
            "number": number_of(number),
            "organisation_id": FIRST_ID + owner,
            "placed_by_id": FIRST_ID + owner,
            "account_manager_id": self.managers[number % len(self.managers)] if number % 23 else None,
            "state": state.value,
            "turn": turn.value,
            "state_since_at": self.now - timedelta(minutes=abs(age) % 20_000),
            # From two days late to two months ahead, however many there are.
            "promise_at": self.now + timedelta(minutes=(age * 7_919) % 86_400 - 2_880) if ours else None,
            "source_address": f"https://www.{_host(owner)}",
            "target_address": f"https://new.{_host(owner)}",
            "proposed_at": None,
            "version": 1,
        }


def number_of(number: int) -> str:
    """This will return a number as people read them, another one for each order; its check character is made up."""
    # A large odd step walks through all numbers of six characters before it comes back.
    rest, characters = number * 523_456_789 % len(ALPHABET) ** 6, []
    for _ in range(6):
        rest, place = divmod(rest, len(ALPHABET))
        characters.append(ALPHABET[place])
    return f"MIG-{''.join(characters)}-2"


def _words(orders: _Orders) -> Rows:
    for number in range(orders.size):
        of_number = words_of(number_of(number), customer="", person="", email="", addresses=())
        for word in sorted(of_number | _words_of_customer(orders.owner(number))):
            yield FIRST_ID + number, word, stem_of(word)


@cache
def _words_of_customer(owner: int) -> frozenset[str]:
    host = _host(owner)
    addresses = f"https://www.{host}", f"https://new.{host}"
    return words_of("", customer=_customer(owner), person=_person(owner), email=_email(owner), addresses=addresses)


def _items(orders: _Orders, like: dict[str, Any]) -> Rows:
    for number in range(orders.size):
        is_sent = orders.state(number) is OrderState.VERIFYING
        state = {"state": "submitted", "verified_at": None} if is_sent else {}
        yield tuple({**like, **state, "id": FIRST_ID + number, "order_id": FIRST_ID + number}.values())


def _deeds(orders: _Orders, like: dict[str, Any]) -> Rows:
    for number in range(orders.size):
        yield tuple({**like, "id": FIRST_ID + number, "order_id": FIRST_ID + number}.values())


def _customer(number: int) -> str:
    return f"{SURNAMES[number % 20]} {TRADES[number // 20 % 20]} {number}"


def _person(number: int) -> str:
    return f"{FIRST_NAMES[number % 20]} {SURNAMES[number // 7 % 20]}"


def _email(number: int) -> str:
    return f"office{number}@{_host(number)}"


def _host(number: int) -> str:
    return f"{TRADES[number // 20 % 20].lower()}{number}.example"


def _load(engine: Engine, table: Table, columns: Sequence[str], rows: Rows) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with engine.begin() as connection:
        for index in table.indexes:
            index.drop(connection)
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        if engine.dialect.name == "sqlite":
            marks = ", ".join("?" for _ in columns)
            sqlite3.register_adapter(datetime, _as_sqlite_keeps_it)
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)
        else:
            with cursor.copy(COPIED.format(table=table.name, columns=names)) as copy:
                for row in rows:
                    copy.write_row(tuple(json.dumps(value) if isinstance(value, dict) else value for value in row))
        for index in table.indexes:
            index.create(connection)


def _as_sqlite_keeps_it(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _settle(engine: Engine) -> None:
    # A database that has run for years knows its tables.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
            return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
