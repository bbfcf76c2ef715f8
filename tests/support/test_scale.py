"""The list of tickets is read from indexes, and costs as many queries with many tickets as with few."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.orders.search_queries import search_questions
from migrator.support.categories import Category, Desk
from migrator.support.desk import Group, limits
from migrator.support.desk_queries import Place, Scope, desk_tickets, wanted_tickets
from migrator.support.rules import Rank
from migrator.web.tickets.listed import WORDS
from tests.conftest import NOW
from tests.factories.crowd import statements
from tests.factories.people import an_account_manager, sign_in
from tests.factories.ticket_crowd import a_crowd_of_tickets
from tests.factories.tickets import a_ticket

EDGES = limits(NOW, "Europe/Kyiv")
SCOPES = (Scope(), Scope(assignee_id=1), Scope(assignee_id=0), Scope(desk=Desk.MIGRATION, category=Category.REFUND))
MOST_QUERIES = 8
LISTS = ("/desk/tickets", "/desk/tickets?group=closed", "/desk/tickets?whose=mine", "/desk/tickets?q=customer")


def test_each_list_and_the_search_are_read_from_indexes(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            a_crowd_of_tickets(session, a_ticket(session), count=2_000)
        with reading() as session:
            for group in (None, *Group):
                for scope in SCOPES:
                    plan = plan_of(session, wanted_tickets(group, scope, EDGES))
                    assert walked(plan, "tickets") == [], f"{group} {scope}: {plan}"
                    assert "ix_tickets_" in plan, f"{group} {scope}: {plan}"
            for question in search_questions(["cus"], index=WORDS):
                assert walked(plan_of(session, question), "ticket_words") == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_pages_are_a_fixed_number_of_queries(app: Flask) -> None:
    client = app.test_client()
    with app.app_context(), transaction() as session:
        sign_in(client, an_account_manager(session))
        ticket = a_ticket(session)
        a_crowd_of_tickets(session, ticket, count=100)
        number = ticket.number
    few = counts(app, client, number)
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM ticket_words WHERE word = 'customer'"))
        session.execute(text("DELETE FROM tickets WHERE number LIKE 'TIC-0%'"))
        a_crowd_of_tickets(session, a_ticket(session), count=3_000)
    assert counts(app, client, number) == few
    assert max(few[path] for path in LISTS) <= MOST_QUERIES


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("group", [None, Group.OVERDUE, Group.LATER, Group.WAITING, Group.CLOSED])
def test_the_pages_of_a_list_hold_every_ticket_once_in_one_order(app: Flask, group: Group | None) -> None:
    with app.app_context():
        with transaction() as session:
            a_crowd_of_tickets(session, a_ticket(session), count=6_000)
        with reading() as session:
            seen: list[int] = []
            after, pages = None, 0
            while pages == 0 or after:
                found = desk_tickets(session, group, scope=Scope(), limits=EDGES, after=after)
                seen += [row.id for row in found.rows]
                last = found.rows[-1]
                dated = group is None or last.promise_at is not None
                at = last.promise_at if dated else last.state_since_at
                after = Place(at, last.id, Rank(last.rank)) if found.has_more else None
                pages += 1
    assert pages > 1
    assert len(seen) == len(set(seen))


def counts(app: Flask, client: Any, number: str) -> dict[str, int]:
    found = {}
    for path in (*LISTS, f"/desk/tickets/{number}"):
        assert client.get(path).status_code == 200
        with app.app_context(), statements() as sent:
            client.get(path)
        found[path] = len(sent)
    return found


def walked(plan: str, table: str) -> list[str]:
    """This will return the lines of a plan that walk through a whole table without an index."""
    costly = f"Seq Scan on {table}", f"SCAN {table}"
    lines = (line for line in plan.splitlines() if " USING " not in line)
    return [line for line in lines if any(part in line for part in costly)]


def plan_of(session: Session, question: Select[Any]) -> str:
    """This will return how the database would read the first page."""
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    compiled = str(question.compile(db.engine, compile_kwargs={"literal_binds": True})).replace("%", "%%")
    rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{compiled}").all()
    return "\n".join(str(row[-1]) for row in rows)
