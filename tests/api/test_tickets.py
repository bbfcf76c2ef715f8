"""The interface for programs says of requests what the pages say, to the same people."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import transaction
from tests.factories.people import a_customer, sign_in
from tests.factories.tickets import BODY, a_ticket

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_a_request_says_its_thread_and_the_count_of_its_answer(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        ticket = a_ticket(session)
        sign_in(client, ticket.opened_by)
        number = ticket.number
    found = client.get(f"/api/v1/tickets/{number}").get_json()
    assert (found["number"], found["state"], found["firmness"]) == (number, "open", "guaranteed")
    assert found["answer"]["line"].startswith("Answer by Fri 27 Nov 2026, 11:00 Kyiv. 72 working hours")
    assert found["answer"]["due_at"] == found["answer_by_at"] == "2026-11-27T09:00:00+00:00"
    assert sum(day["counted_seconds"] for day in found["answer"]["days"]) == 72 * 3_600
    assert [message["body"] for message in found["messages"]] == [BODY]


def test_the_list_comes_in_pages_and_holds_nobody_else_s(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
        numbers = [a_ticket(session, person=person).number for _ in range(3)]
        other = a_ticket(session).number
        sign_in(client, person)
    first = client.get("/api/v1/tickets?limit=2").get_json()
    second = client.get(first["next"]).get_json()
    assert [ticket["number"] for ticket in first["tickets"] + second["tickets"]] == numbers[::-1]
    assert second["next"] is None
    assert client.get(f"/api/v1/tickets/{other}").status_code == 404
    assert app.test_client().get("/api/v1/tickets").status_code == 401
