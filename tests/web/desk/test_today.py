"""Today: what we owe next comes first, and every part of the list is an address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.fulfilment.desk import Group, Standing, age_text, group_of, limits, next_step
from migrator.fulfilment.desk_queries import PAGE_LENGTH
from migrator.orders.lifecycle import TURNS, OrderState, Turn
from migrator.orders.queries import order_for_staff
from migrator.policy.types import Family
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.crowd import a_crowd
from tests.factories.people import a_customer, an_account_manager, an_organisation, sign_in

EDGES = limits(NOW, "Europe/Kyiv")
PARTS: list[tuple[str, list[str]]] = [
    ("?group=overdue", ["late"]),
    ("?group=today", []),
    ("?group=week", ["checked"]),
    ("?group=later", ["calm"]),
    ("?group=new", ["checked"]),
    ("?group=waiting", ["paused"]),
    ("?group=customers", ["paused"]),
    ("?whose=mine", ["late", "checked"]),
    ("?whose=unassigned", []),
    ("?q=wool", ["calm"]),
    ("?q=%25", []),
    ("?q=shop+WOOL", ["calm"]),
    ("?q=" + "a+b+c+d+e+f+gg", []),
    ("?family=package&state=in_progress", ["late", "calm"]),
    ("?family=assisted", []),
    ("?state=paused", ["paused"]),
    ("?q=wool_s", ["calm"]),
    ("?q=wool%25s", []),
    ("?group=nonsense&whose=nonsense&after=nonsense", ["late", "checked", "calm"]),
    ("?q=%00", ["late", "checked", "calm"]),
]


@pytest.mark.parametrize(
    ("promise_at", "group"),
    [
        (NOW - timedelta(seconds=1), Group.OVERDUE),
        (NOW, Group.TODAY),
        (datetime(2026, 11, 24, 21, 59, 59, tzinfo=UTC), Group.TODAY),
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), Group.WEEK),
        (datetime(2026, 11, 29, 21, 59, 59, tzinfo=UTC), Group.WEEK),
        (datetime(2026, 11, 29, 22, 0, tzinfo=UTC), Group.LATER),
        (None, Group.UNDATED),
    ],
)
def test_the_days_of_the_desk_divide_the_list(promise_at: datetime | None, group: Group) -> None:
    assert group_of(promise_at, EDGES) is group


@pytest.mark.parametrize(
    ("state", "turn", "facts", "step"),
    [
        (OrderState.VERIFYING, Turn.US, {}, "Check the access details"),
        (OrderState.IN_PROGRESS, Turn.US, {}, "Carry on with the migration"),
        (OrderState.IN_PROGRESS, Turn.US, {"has_answers": True}, "Check the answer"),
        (OrderState.IN_PROGRESS, Turn.US, {"is_agreed": False}, "Propose a date"),
        (OrderState.IN_PROGRESS, Turn.US, {"is_agreed": False, "is_proposed": True}, "Wait for the date’s acceptance"),
        (OrderState.PAUSED, Turn.CUSTOMER, {"has_answers": True}, "Wait for the answer"),
        (OrderState.IN_REVIEW, Turn.US, {}, "Check the result"),
        (OrderState.IN_REVIEW, Turn.US, {"is_validated": True}, "Work on what the customer reported"),
        (OrderState.IN_REVIEW, Turn.US, {"family": Family.ASSISTED}, "Work on what the customer reported"),
        (OrderState.IN_REVIEW, Turn.CUSTOMER, {}, "Wait for the review"),
        (OrderState.IN_REVIEW, Turn.NOBODY, {}, "Nothing until the windows end"),
    ],
)
def test_the_next_step_is_a_verb(state: OrderState, turn: Turn, facts: dict[str, Any], step: str) -> None:
    assert next_step(Standing(state, turn, **facts)) == step


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=5), "5 days"),
    ],
)
def test_an_age_is_told_roughly(ago: timedelta, words: str) -> None:
    assert age_text(NOW - ago, now=NOW) == words


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_has_a_next_step(state: OrderState) -> None:
    assert next_step(Standing(state, TURNS[state]))


def a_desk(app: Flask, client: FlaskClient) -> dict[str, str]:
    """This will make one order of each kind and sign its account manager in."""
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
        late = stages.an_order_under_way(session, manager=manager, at=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
        checked = stages.an_order_being_checked(session, manager=manager)
        calm = stages.an_order_under_way(session, person=a_customer(session, organisation=named(session)))
        paused = stages.a_paused_order(session, at=NOW - timedelta(days=8))
        sign_in(client, manager)
        return {"late": late.number, "checked": checked.number, "calm": calm.number, "paused": paused.number}


def named(session: object) -> object:
    """This will add a customer whose name holds what a search could take for a pattern."""
    return an_organisation(session, name="100 % Wool_Shop")  # type: ignore[arg-type]


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """This will return the numbers in the order of the list."""
    answer = client.get(f"/desk{query}")
    assert answer.status_code == 200
    return re.findall(r"data-order>(MIG-[^<]+)<", answer.text)


def test_what_is_most_at_risk_comes_first(app: Flask, client: FlaskClient) -> None:
    orders = a_desk(app, client)
    assert listed(client) == [orders["late"], orders["checked"], orders["calm"]]
    text = client.get("/desk").text
    assert re.findall(r"<caption>([^<]+)</caption>", text) == ["Overdue", "Due this week", "Later"]
    assert "Late by" in text
    assert "24 working hours left" in text


def test_each_part_of_the_list_is_an_address(app: Flask, client: FlaskClient) -> None:
    orders = a_desk(app, client)
    for query, expected in PARTS:
        assert (query, listed(client, query)) == (query, [orders[name] for name in expected])


def test_a_whole_number_opens_the_order(app: Flask, client: FlaskClient) -> None:
    number = a_desk(app, client)["calm"]
    answer = client.get("/desk", query_string={"q": f" {number.lower()} "})
    assert (answer.status_code, answer.location) == (302, f"/desk/orders/{number}")


def test_the_beginning_of_a_number_finds_its_orders(app: Flask, client: FlaskClient) -> None:
    number = a_desk(app, client)["calm"]
    assert number in listed(client, f"?q={number[:6].lower()}")


@pytest.mark.parametrize("query", ["?", "?group=customers&", "?q=Customer&"])
def test_pages_hold_every_order_once(app: Flask, client: FlaskClient, query: str) -> None:
    with app.app_context(), transaction() as session:
        like = stages.an_order_under_way(session)
        a_crowd(session, order_for_staff(session, like.number), count=3 * PAGE_LENGTH)
        sign_in(client, like.account_manager)
    seen: list[str] = []
    address: str | None = f"/desk{query}"
    while address:
        text = client.get(address).text
        seen += re.findall(r"data-order>(MIG-[^<]+)<", text)
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = following.group(1).replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) > PAGE_LENGTH


def test_counts_end_at_fifty(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    with app.app_context(), transaction() as session:
        like = stages.an_order_under_way(session)
        a_crowd(session, like, count=300)
        sign_in(client, like.account_manager)
    clock.set(NOW + timedelta(days=60))
    assert 'Overdue <span class="count-of">more than 50</span>' in client.get("/desk").text
