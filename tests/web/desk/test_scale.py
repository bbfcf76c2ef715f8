"""Lists and trackers cost the same with ten orders and with ten thousand."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.fulfilment.desk import Group, limits
from migrator.fulfilment.desk_queries import wanted_orders
from migrator.orders.queries import order_for_staff
from migrator.orders.search_queries import search_questions
from tests.conftest import BACKENDS, NOW
from tests.factories import stages
from tests.factories.crowd import a_crowd, statements
from tests.factories.people import sign_in

pytestmark = pytest.mark.parametrize("backend", BACKENDS, indirect=True)
MOST_FOR_THE_TRACKER = 7
MOST_FOR_TODAY = 7
LISTS = (
    "/desk",
    *(f"/desk?group={group.value}" for group in Group),
    "/desk?whose=mine",
    "/desk?whose=unassigned",
    "/desk?q=Customer",
    "/desk?q=cust",
    "/desk?family=package&state=in_progress",
)
EDGES = limits(NOW, "Europe/Kyiv")
VALUES = {
    "now": EDGES.now,
    "day_ends_at": EDGES.day_ends_at,
    "week_ends_at": EDGES.week_ends_at,
    "waiting_since_at": EDGES.waiting_since_at,
    "manager_id": 1,
    "family": "package",
    "state": "in_progress",
}
# What PostgreSQL plans for a group and a state that exclude each other.
NEVER = "One-Time Filter: false"
SHAPES = [frozenset(names) for names in ((), ("manager",), ("nobody",), ("state",), ("family",), ("family", "manager"))]


@pytest.fixture
def number(app: Flask) -> str:
    with app.app_context(), transaction() as session:
        order = stages.an_order_under_way(session)
        a_crowd(session, order, count=10)
        return order.number


def enlarge(app: Flask, number: str) -> None:
    """This will add ten thousand orders."""
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM search_words WHERE word = 'customer'"))
        session.execute(text("DELETE FROM orders WHERE number LIKE 'MIG-0%'"))
        a_crowd(session, order_for_staff(session, number), count=10_000)


def counts(app: Flask, client: FlaskClient, addresses: tuple[str, ...]) -> dict[str, int]:
    """This will return the number of queries that each page takes."""
    found = {}
    for address in addresses:
        with app.app_context(), statements() as sent:
            assert client.get(address).status_code == 200
        found[address] = len(sent)
    return found


def test_tracker_and_desk_are_a_fixed_number_of_queries(app: Flask, number: str) -> None:
    staff, customer = app.test_client(), app.test_client()
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        sign_in(staff, order.account_manager)
        sign_in(customer, order.placed_by)
    tracker, desk = (f"/orders/{number}",), (*LISTS, f"/desk/orders/{number}")
    counts(app, customer, tracker)
    counts(app, staff, desk[:1])
    few = counts(app, customer, tracker) | counts(app, staff, desk)
    enlarge(app, number)
    assert counts(app, customer, tracker) | counts(app, staff, desk) == few
    assert few[tracker[0]] <= MOST_FOR_THE_TRACKER
    assert max(few[address] for address in LISTS) <= MOST_FOR_TODAY


def test_each_list_is_read_from_an_index_in_its_own_order(app: Flask, number: str) -> None:
    enlarge(app, number)
    with app.app_context(), reading() as session:
        for shape in SHAPES:
            for group in (None, *Group):
                plan = plan_of(session, wanted_orders(group, shape))
                assert "ix_orders_" in plan or NEVER in plan, plan
                assert NEVER in plan or walks(plan, "orders") == [], f"{shape} {group}: {plan}"


def test_a_search_reads_a_bounded_part_of_an_index(app: Flask, number: str) -> None:
    enlarge(app, number)
    with app.app_context(), reading() as session:
        few, walk = (plan_of(session, question) for question in search_questions(["cus", "person"]))
    assert walks(few, "search_words") in ([], ["Sort Key"], ["TEMP B-TREE FOR ORDER"]), few
    assert walks(walk, "search_words") == [], walk


def walks(plan: str, table: str) -> list[str]:
    """This will return the costly parts of a plan: sorting, and walking through a whole table."""
    costly = ("Sort Key", "TEMP B-TREE FOR ORDER", f"Seq Scan on {table}", f"SCAN {table} ")
    return [part for part in costly if part in plan.replace(f"SCAN {table} USING INDEX", "")]


def plan_of(session: Session, question: Select[Any]) -> str:
    """This will return how the database would read the first page."""
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        # A group of a handful is cheaper to sort than to read in order; what is asked here is whether it can be.
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    wanted = question.params({name: VALUES[name] for name in question.compile().params if name in VALUES})
    compiled = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True})).replace("%", "%%")
    rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{compiled}").all()
    return "\n".join(str(row[-1]) for row in rows)
