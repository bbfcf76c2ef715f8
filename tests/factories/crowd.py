"""Thousands of orders at once, and the statements that a page sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, inspect, text
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation
from migrator.database.base import db
from migrator.orders.lifecycle import TURNS, OrderState, Turn
from migrator.orders.models import Order
from tests.conftest import NOW
from tests.factories.people import JOINED, an_account_manager

STATES = (
    OrderState.IN_PROGRESS,
    OrderState.VERIFYING,
    OrderState.PAUSED,
    OrderState.AWAITING_ACCESS,
    OrderState.COMPLETED,
)


def a_crowd(session: Session, like: Order, *, count: int, organisations: int = 100) -> None:
    """This will add many orders like one that is under way: in all states, of several customers and managers."""
    customers = [Organisation(name=f"Customer {number}", created_at=JOINED) for number in range(organisations)]
    managers = [an_account_manager(session) for _ in range(5)]
    session.add_all(customers)
    session.flush()
    columns = [column.key for column in inspect(Order).column_attrs if column.key != "id"]
    facts = {key: getattr(like, key) for key in columns}
    owners = [customer.id for customer in customers]
    session.execute(
        insert(Order),
        [
            {**facts, **_differences(number), "organisation_id": owners[number % len(owners)],
             "account_manager_id": managers[number % 5].id if number % 7 else None}
            for number in range(count)
        ],
    )  # fmt: skip
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


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
