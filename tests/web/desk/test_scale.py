"""Lists and trackers cost the same with ten orders and with ten thousand."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.fulfilment.desk import Group, Limits, limits
from migrator.fulfilment.desk_queries import PAGE_LENGTH, Scope, Whose, wanted_orders
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.crowd import a_crowd, statements
from tests.factories.people import sign_in

MOST_FOR_THE_TRACKER = 4
MOST_FOR_TODAY = 4
LISTS = (
    "/desk",
    *(f"/desk?group={group.value}" for group in Group),
    "/desk?whose=mine",
    "/desk?whose=unassigned",
    "/desk?q=Customer",
)


@pytest.fixture
def number(app: Flask) -> str:
    with app.app_context(), transaction() as session:
        order = stages.an_order_under_way(session)
        a_crowd(session, order, count=10)
        return order.number


def enlarge(app: Flask, number: str) -> None:
    """This will add ten thousand orders."""
    with app.app_context(), transaction() as session:
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
    few = counts(app, customer, tracker) | counts(app, staff, desk)
    enlarge(app, number)
    assert counts(app, customer, tracker) | counts(app, staff, desk) == few
    assert few[tracker[0]] <= MOST_FOR_THE_TRACKER
    assert max(few[address] for address in LISTS) <= MOST_FOR_TODAY


def test_each_list_is_read_from_an_index_in_its_own_order(app: Flask, number: str) -> None:
    enlarge(app, number)
    edges = limits(NOW, "Europe/Kyiv")
    with app.app_context(), reading() as session:
        person_id = session.execute(text("SELECT max(account_manager_id) FROM orders")).scalar_one()
        for whose in Whose:
            for group in (None, *Group):
                plan = plan_of(session, group, scope=Scope(whose, person_id), limits=edges)
                assert "ix_orders_" in plan, plan
                for costly in ("Sort Key", "TEMP B-TREE", "Seq Scan on orders", "SCAN orders "):
                    assert costly not in plan.replace("SCAN orders USING INDEX", ""), f"{whose} {group}: {plan}"


def plan_of(session: Session, group: Group | None, *, scope: Scope, limits: Limits) -> str:
    """This will return how the database would read the first page."""
    wanted = wanted_orders(group, scope=scope, limits=limits).limit(PAGE_LENGTH + 1)
    compiled = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True})).replace("%", "%%")
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    else:
        # A group of a handful is cheaper to sort than to read in order; what is asked here is whether it can be.
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {compiled}").all()
    return "\n".join(str(row[-1]) for row in rows)
