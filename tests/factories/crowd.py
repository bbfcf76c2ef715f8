"""Thousands of orders at once, and the statements that a page sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, event, insert, inspect, literal, select, text, true
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation
from migrator.database.base import db
from migrator.orders.lifecycle import TURNS, OrderState, Turn
from migrator.orders.models import Order
from tests.conftest import NOW
from tests.factories.people import JOINED, an_account_manager

WRITTEN = 500
WORDS = "SELECT id, 'customer', 'cu' FROM orders WHERE number LIKE 'MIG-0%'"
STATES = (
    OrderState.IN_PROGRESS,
    OrderState.VERIFYING,
    OrderState.PAUSED,
    OrderState.AWAITING_ACCESS,
    OrderState.COMPLETED,
)


def a_crowd(session: Session, like: Order, *, count: int, organisations: int = 100) -> None:
    """This will add many orders like one that is under way: in all states, of several customers and managers.

    All are found by the word “customer”. Five hundred are written one by one, further ones as copies of them.
    """
    customers = [Organisation(name=f"Customer {number}", created_at=JOINED) for number in range(organisations)]
    managers = [an_account_manager(session) for _ in range(5)]
    session.add_all(customers)
    session.flush()
    facts = {column: getattr(like, key) for key, column in _columns().items()}
    owners = [customer.id for customer in customers]
    session.execute(
        insert(Order.__table__),
        [
            {**facts, **_differences(number), "organisation_id": owners[number % len(owners)],
             "account_manager_id": managers[number % 5].id if number % 7 else None}
            for number in range(min(count, WRITTEN))
        ],
    )  # fmt: skip
    _copy(session, copies=count // WRITTEN)
    session.execute(text("INSERT INTO search_words (order_id, word, stem) " + WORDS))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE orders"))
        session.execute(text("ANALYZE search_words"))


def _columns() -> dict[str, str]:
    return {column.key: column.columns[0].name for column in inspect(Order).column_attrs if column.key != "id"}


def _copy(session: Session, *, copies: int) -> None:
    if copies < 2:
        return
    numbers = select(literal(2).label("copy")).cte(recursive=True)
    numbers = numbers.union_all(select(numbers.c.copy + 1).where(numbers.c.copy < copies))
    orders = Order.__table__
    names = list(_columns().values())
    number = orders.c.number + "-" + cast(numbers.c.copy, String)
    copied = select(*(number if name == "number" else orders.c[name] for name in names))
    rows = copied.join_from(orders, numbers, true()).where(orders.c.number.like("MIG-0%"))
    session.execute(insert(orders).from_select(names, rows))


@contextmanager
def statements() -> Iterator[list[str]]:
    """This will collect the statements of the block, but for BEGIN and the one that loads the signed-in person."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN" and "WHERE people.fs_uniquifier" not in " ".join(statement.split()):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _differences(number: int) -> dict[str, object]:
    state = STATES[number % len(STATES)]
    promise_at = NOW + timedelta(minutes=7 * number - 20_000)
    return {
        "number": f"MIG-{number:06}",
        "state": state,
        "turn": TURNS[state],
        "state_since_at": NOW - timedelta(minutes=number),
        "promise_at": promise_at if TURNS[state] is Turn.US else None,
        "version": 1,
    }
