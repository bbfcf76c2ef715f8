"""The pages of closures, from the draft to the withdrawal, as the desk and the customer see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.jobs.closures import continue_recounts
from tests.conftest import NOW
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.stages import an_order_under_way
from tests.factories.tickets import a_ticket

PAGE = "/admin/closures"
DRAFT = {
    "name": "Moving day",
    "reason": "We move to another office.",
    "first_on": "2026-12-03",
    "last_on": "2026-12-05",
}


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        sign_in(client, an_account_manager(session, name="Mia Manager"))
    return client


def work(app: Flask, clock: FileClock) -> None:
    with app.app_context():
        continue_recounts(clock)


def decide(desk: FlaskClient, closure: str, decision: str = "move") -> str:
    recount = re.search(r'name="recount" value="(\d+)"', desk.get(closure).text)
    assert recount is not None
    form = {"recount": recount[1], "decision": decision}
    answer = desk.post(f"{closure}/decide", data=form, follow_redirects=True)
    again = desk.post(f"{closure}/decide", data=form)
    assert again.status_code == 409
    assert "This was decided already." in again.text
    return answer.text


def test_a_closure_from_draft_to_withdrawal(app: Flask, desk: FlaskClient, clock: FileClock) -> None:
    with app.app_context(), transaction() as session:
        order = an_order_under_way(session)
        number, customer = order.number, order.placed_by
        request = a_ticket(session, person=customer, at=NOW + timedelta(days=6)).number
    assert "No closure yet" in desk.get(PAGE).text
    closure = desk.post(f"{PAGE}/new", data=DRAFT).location
    text = desk.get(closure).text
    assert "Closed by it: Thu 3 Dec, Fri 4 Dec." in text
    assert "Sat 5 Dec is a weekend" in text

    text = desk.post(f"{closure}/count", follow_redirects=True).text
    assert "<progress" in text
    assert 'http-equiv="refresh"' in text
    work(app, clock)
    text = desk.get(closure).text
    assert "1 order moves: 1 by 2 working days." in text
    assert "Ready by Thu 3 Dec 2026, 11:00" in text
    assert "Mon 7 Dec 2026, 11:00" in text
    assert "1 request moves: 1 by 2 working days." in text
    assert request in text
    why = desk.get(f"{closure}/orders/{number}").text
    assert "Ready by Thu 3 Dec 2026, 11:00" in why
    assert "Closed as announced, Moving day" in why
    assert "Waits for your decision" in desk.get(PAGE).text

    assert "the dates are moved" in decide(desk, closure)
    work(app, clock)
    assert "Announced: the dates of 1 order and 1 request moved." in desk.get(closure).text
    assert "Announced" in desk.get(PAGE).text
    news = desk.get("/how-we-count").text
    assert "Closed: Thu 3 Dec to Sat 5 Dec 2026" in news
    assert "Announced on Tue 24 Nov 2026" in news
    assert b"Closed: Moving day" in desk.get("/how-we-count/closed-days.ics").data
    reader = app.test_client()
    sign_in(reader, customer)
    tracker = reader.get(f"/orders/{number}?show=date-changes").text
    assert "Our desk is closed from Thu 3 Dec to Sat 5 Dec 2026." in tracker
    moved = "New date Mon 7 Dec 2026, 11:00 (was Thu 3 Dec 2026, 11:00)."
    assert f"Moving day: We move to another office. {moved}" in tracker

    assert "Answer by Mon 7 Dec 2026, 11:00" in reader.get(f"/support/{request}").text

    desk.post(f"{closure}/count")
    work(app, clock)
    assert "1 request moves: 1 by 2 working days earlier." in desk.get(closure).text
    assert "1 order moves: 1 by 2 working days earlier." in desk.get(closure).text
    assert "moved back" in decide(desk, closure)
    work(app, clock)
    assert "Open after all: Thu 3 Dec to Sat 5 Dec 2026" in desk.get("/how-we-count").text
    assert "New date Thu 3 Dec 2026, 11:00 (was Mon 7 Dec 2026, 11:00)." in reader.get(f"/orders/{number}").text


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"name": ""}, 422, "Enter a name"),
        ({"name": "x" * 201}, 422, "Use 200 characters or less"),
        ({"reason": " "}, 422, "Write why the desk is closed"),
        ({"first_on": "soon"}, 422, "Enter a date"),
        ({"first_on": "2026-11-23", "last_on": "2026-11-23"}, 409, "Past days stay as they were."),
        ({"last_on": "9999-12-31"}, 409, "A closure lasts 31 days at most."),
    ],
)
def test_what_cannot_be_announced_is_said_and_what_was_typed_stays(
    desk: FlaskClient, wrong: dict[str, str], status: int, sentence: str
) -> None:
    answer = desk.post(f"{PAGE}/new", data={**DRAFT, **wrong})
    assert answer.status_code == status
    assert sentence in answer.text
    assert ("Moving day" in answer.text) is ("name" not in wrong)


def test_a_draft_is_put_away_and_cannot_be_counted_then(desk: FlaskClient) -> None:
    closure = desk.post(f"{PAGE}/new", data=DRAFT).location
    assert "The draft is put away." in desk.post(f"{closure}/discard", follow_redirects=True).text
    assert desk.post(f"{closure}/count").status_code == 409
    assert desk.post(f"{closure}/decide", data={"recount": "99"}).status_code == 404
    assert desk.get(f"{PAGE}/99").status_code == 404


def test_customers_find_no_such_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))
    assert client.get(PAGE).status_code == 404
