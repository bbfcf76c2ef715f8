"""The interface for programs says what the pages say, to the same people."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from tests.factories import stages
from tests.factories.people import a_customer, an_account_manager, sign_in

FRIDAY = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
PROBLEM = "application/problem+json"


def test_an_order_says_its_promise_and_its_count(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = stages.an_order_under_way(session)
        sign_in(client, order.placed_by)
        number = order.number
    found = client.get(f"/api/v1/orders/{number}").get_json()
    assert (found["number"], found["state_words"], found["turn"]) == (number, "In progress", "us")
    assert found["promise"]["line"].startswith("Ready by Thu 3 Dec 2026, 11:00 Kyiv.")
    assert found["promise"]["due_at"] == "2026-12-03T09:00:00+00:00"
    days = found["promise"]["days"]
    assert sum(day["counted_seconds"] for day in days) == 7 * 86_400 == days[-1]["running_seconds"]
    assert days[4]["sentence"] == "Sat 28 Nov 2026: weekend, nothing counted."


def test_a_pause_shows_both_dates(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    with app.app_context(), transaction() as session:
        order = stages.a_paused_order(session, paused_at=FRIDAY)
        sign_in(client, order.placed_by)
        number = order.number
    clock.set(TUESDAY)
    promise = client.get(f"/api/v1/orders/{number}").get_json()["promise"]
    assert (promise["due_at"], promise["before_pause_at"]) == (
        "2026-12-07T06:00:00+00:00",
        "2026-12-03T09:00:00+00:00",
    )


def test_the_list_comes_in_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
        numbers = [stages.an_unpaid_order(session, person=person).number for _ in range(3)]
        stages.an_unpaid_order(session)
        sign_in(client, person)
    first = client.get("/api/v1/orders?limit=2").get_json()
    second = client.get(first["next"]).get_json()
    assert [order["number"] for order in first["orders"] + second["orders"]] == numbers[::-1]
    assert second["next"] is None


def test_a_token_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = stages.an_unpaid_order(session)
        with app.test_request_context():
            token = order.placed_by.get_auth_token()
        path = f"/api/v1/orders/{order.number}"
    assert client.get(path, headers={"Authentication-Token": token}).status_code == 401
    assert client.get(path, query_string={"auth_token": token}).status_code == 401
    assert client.get("/account", query_string={"auth_token": token}).status_code == 302


def test_who_is_not_signed_in_gets_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    assert answer.get_json()["detail"] == "Sign in first."


def test_staff_and_other_customers_find_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        number = stages.an_unpaid_order(session).number
        strangers = (a_customer(session), an_account_manager(session))
    for stranger in strangers:
        sign_in(client, stranger)
        answer = client.get(f"/api/v1/orders/{number}")
        assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_a_page_that_cannot_be_is_a_problem(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))
    for query in ("limit=0", "limit=101", "limit=x", "limit=-1"):
        answer = client.get(f"/api/v1/orders?{query}")
        assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
        assert answer.get_json()["detail"].startswith("limit: ")
    assert client.post("/api/v1/orders").status_code in {400, 405}


def test_the_description_names_every_address(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").get_json()
    assert set(described["paths"]) == {
        f"/api/v1/{kind}{one}" for kind in ("orders", "tickets") for one in ("", "/{number}")
    }


def test_pages_keep_their_own_refusals(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
