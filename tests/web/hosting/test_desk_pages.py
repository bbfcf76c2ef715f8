"""Hosting as our people work on it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.hosting.queries import instances_of
from migrator.hosting.restore_rules import Wish
from migrator.journeys.ask_hosting import ask_for_restore
from tests.conftest import NOW
from tests.factories.forms import fill_in
from tests.factories.hosting import an_instance
from tests.factories.people import a_customer, a_finance_person, an_account_manager, an_organisation, sign_in

LIST, NEW = "/desk/hosting/instances", "/desk/hosting/instances/new"
RESTORE, WINDOW = "/desk/hosting/restores/1", "/desk/hosting/maintenance/1"
ANNOUNCE = "/desk/hosting/maintenance/new"
INSTANCE = {
    "email": "maja@lindqvist.example",
    "name": "магазин.example",
    "plan": "start",
    "platform": "magento_1",
    "host_zone": "Europe/Kyiv",
}
WORK = {
    "title": "New servers",
    "reason": "They are faster.",
    "starts_at": "2026-11-24T21:00",
    "ends_at": "2026-11-24T23:00",
    "instances": "1",
}


@pytest.fixture
def customer(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return a_customer(session, email="maja@lindqvist.example")


@pytest.fixture
def desk(app: Flask, client: FlaskClient, customer: Person) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person = an_account_manager(session)
    sign_in(client, person)
    return client


def test_an_instance_is_added_found_and_changed(desk: FlaskClient) -> None:
    assert "No instance yet" in desk.get(LIST).text
    for wrong, status in (
        ({"email": "nobody@x.example"}, 409),
        ({"host_zone": "Mars/Base"}, 409),
        ({"name": ""}, 422),
        ({"plan": "gold"}, 422),
        ({"name": "x" * 200}, 422),
    ):
        assert fill_in(desk, NEW, action=NEW, **{**INSTANCE, **wrong}).status_code == status
    added = fill_in(desk, NEW, action=NEW, **INSTANCE)
    assert added.location == f"{LIST}/1"
    twice = fill_in(desk, NEW, action=NEW, **INSTANCE)
    assert (twice.status_code, "has an instance of that name" in twice.text) == (409, True)
    assert "магазин.example" in desk.get(f"{LIST}?q=МАГАЗИН").text
    assert "No instance has these words" in desk.get(f"{LIST}?q=100%25").text
    page = f"{LIST}/1"
    assert "No response promise on this plan" in desk.get(page).text
    assert fill_in(desk, page, action=page, plan="business", is_foreign="y").status_code == 303
    assert fill_in(desk, page, action=page, plan="start", version="1").status_code == 409
    assert "Best effort" in desk.get(LIST).text


def test_a_restore_is_taken_up_and_ended_with_words(app: Flask, desk: FlaskClient, customer: Person) -> None:
    with app.app_context(), transaction() as session:
        person = session.get_one(Person, customer.id)
        wish = Wish("database_copy", NOW.date(), "", NOW.date())
        ask_for_restore(
            session, an_instance(session, person), wish, person=person, acknowledged=True, token="t", now=NOW
        )
    assert "A copy of the database" in desk.get("/desk/hosting/restores").text
    assert fill_in(desk, RESTORE, action=f"{RESTORE}/take-up").status_code == 303
    end = f"{RESTORE}/end"
    assert fill_in(desk, RESTORE, action=end).status_code == 422
    assert fill_in(desk, RESTORE, action=end, state="done").status_code == 409
    assert fill_in(desk, RESTORE, action=end, state="done", copy_address="javascript:alert(1)").status_code == 422
    stale = fill_in(desk, RESTORE, action=end, state="not_possible", outcome="No.", version="1")
    assert (stale.status_code, "changed since you opened" in stale.text) == (409, True)
    done = fill_in(desk, RESTORE, action=end, state="done", copy_address="https://copies.example/1")
    assert done.status_code == 303
    assert "Nobody waits for a restore" in desk.get("/desk/hosting/restores").text
    assert "Done" in desk.get("/desk/hosting/restores?show=ended").text
    theirs = app.test_client()
    sign_in(theirs, customer)
    assert "Fetch it until end of Tue 1 Dec 2026" in theirs.get("/hosting/restores/1").text


def test_maintenance_is_announced_recorded_and_reported(
    app: Flask, desk: FlaskClient, customer: Person, clock: FileClock
) -> None:
    assert "There is no instance yet" in desk.get(ANNOUNCE).text
    with app.app_context(), transaction() as session:
        an_instance(session, session.get_one(Person, customer.id))
    for wrong, status in (
        ({"instances": ""}, 422),
        ({"instances": "99"}, 422),
        ({"ends_at": "2026-11-24T20:00"}, 409),
        ({"starts_at": "2026-11-20T20:00"}, 409),
        ({"starts_at": "soon"}, 422),
        ({"title": ""}, 422),
    ):
        assert fill_in(desk, ANNOUNCE, action=ANNOUNCE, **{**WORK, **wrong}).status_code == status
    assert fill_in(desk, ANNOUNCE, action=ANNOUNCE, **WORK).location == WINDOW
    assert "Withdraw the window" in desk.get(WINDOW).text
    clock.set(NOW.replace(hour=22))
    assert "Withdraw the window" not in desk.get(WINDOW).text
    record = f"{WINDOW}/record"
    half = fill_in(desk, WINDOW, action=record, down_from_at="2026-11-24T21:10")
    assert (half.status_code, "both ends" in half.text) == (409, True)
    told = fill_in(desk, WINDOW, action=record, down_from_at="2026-11-24T22:50", down_until_at="2026-11-24T23:20")
    assert told.status_code == 303
    assert "10" in desk.get("/desk/hosting/maintenance").text.split("last 90 days")[1]
    for days, lines in (
        ("from=2026-11-24&to=2026-11-24", ["shop.example,Lindqvist Books,1,10"]),
        ("to=2026-11-23", []),
    ):
        assert desk.get(f"/desk/reports/maintenance.csv?{days}").text.splitlines()[1:] == lines


def test_a_withdrawn_window_needs_its_reason(app: Flask, desk: FlaskClient, customer: Person) -> None:
    with app.app_context(), transaction() as session:
        an_instance(session, session.get_one(Person, customer.id))
    fill_in(desk, ANNOUNCE, action=ANNOUNCE, **WORK)
    withdraw = f"{WINDOW}/withdraw"
    assert fill_in(desk, WINDOW, action=withdraw).status_code == 422
    assert fill_in(desk, WINDOW, action=withdraw, reason="Not needed.").status_code == 303
    assert "Not needed." in desk.get(WINDOW).text


def test_the_list_asks_the_same_questions_for_fifty_as_for_ten(app: Flask, desk: FlaskClient) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for count in (10, 41):
        with app.app_context(), transaction() as session:
            for number in range(count):
                person = a_customer(session, organisation=an_organisation(session, name=f"Firm {count} {number}"))
                an_instance(session, person, name=f"shop{number}.example")
        asked.clear()
        assert desk.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
    page = desk.get(LIST).text
    assert "Earlier" in page
    second = desk.get(page.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&"))
    assert "Firm 10 0" in second.text


def test_hosting_at_the_desk_is_closed_to_others(app: Flask, desk: FlaskClient, customer: Person) -> None:
    with app.app_context(), transaction() as session:
        money = a_finance_person(session)
        assert instances_of(session, 1) == []
    for person in (customer, money):
        other = app.test_client()
        sign_in(other, person)
        for page in (LIST, NEW, "/desk/hosting/restores", "/desk/hosting/maintenance", ANNOUNCE):
            assert other.get(page).status_code == 404
