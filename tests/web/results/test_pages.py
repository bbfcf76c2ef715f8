"""The result's pages: reviewing, changes, a restart, and the desk's side of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.factories import runs
from tests.factories.accounts import text_of
from tests.factories.crowd import statements
from tests.factories.forms import fields_of, fill_in
from tests.factories.fulfilment import kyiv
from tests.factories.people import a_customer, sign_in

DONE = kyiv("2026-11-23 15:20")
VALIDATED = kyiv("2026-12-01 10:00")
# Order, access items, pauses, history, inclusions, and what is open after the run.
MOST_FOR_THE_TRACKER_AFTER_A_RUN = 8


@pytest.fixture
def number(app: Flask, clock: FileClock) -> str:
    clock.set(VALIDATED)
    with app.app_context(), transaction() as session:
        return runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED, insurance_plan=3).number


@pytest.fixture
def desk(app: Flask, number: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, runs.manager_of(fresh(app, number)))
    return client


@pytest.fixture
def customer(app: Flask, number: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, fresh(app, number).placed_by)
    return client


def fresh(app: Flask, number: str) -> Order:
    with app.app_context(), reading() as session:
        return order_for_staff(session, number)


def test_the_tracker_shows_what_is_open_in_one_more_query(app: Flask, number: str, customer: FlaskClient) -> None:
    customer.get(f"/orders/{number}")
    with app.app_context(), statements() as sent:
        page = text_of(customer.get(f"/orders/{number}"))
    assert len(sent) == MOST_FOR_THE_TRACKER_AFTER_A_RUN
    ends = ["end of Mon 7 Dec 2026", "Mon 14 Dec 2026, 15:20", "end of Thu 31 Dec 2026", "end of Wed 6 Jan 2027"]
    panel = page[page.index('id="still-open"') :]
    assert sorted(ends, key=panel.index) == ends
    assert "Look at your new site and tell us whether everything is right, until Mon 7 Dec." in page


def test_the_tracker_asks_for_no_review_that_is_over_although_nobody_has_swept(
    number: str, customer: FlaskClient, clock: FileClock
) -> None:
    clock.set(kyiv("2026-12-08 00:00"))
    page = text_of(customer.get(f"/orders/{number}"))
    assert "The review ended: end of Mon 7 Dec 2026. We heard nothing, so the result counts as accepted" in page
    assert "Waiting for you" not in page


def test_a_problem_is_reported_answered_and_the_result_accepted(
    number: str, customer: FlaskClient, desk: FlaskClient
) -> None:
    result = f"/orders/{number}/result"
    assert fill_in(customer, result, action=f"{result}/problems", problem="  ").status_code == 422
    told = {"problem": "<b>No</b> pictures"}
    for _press in range(2):
        assert fill_in(customer, result, action=f"{result}/problems", **told).status_code == 303
    page = text_of(customer.get(result))
    assert page.count("<blockquote") == 1
    assert "Withdraw it below" in page
    bench = text_of(desk.get(f"/desk/orders/{number}"))
    assert "Answer: problem with the result" in bench
    request = f"/desk/orders/{number}/requests/1"
    assert fill_in(desk, request, action=f"{request}/take-up").status_code == 303
    stale = fill_in(desk, request, action=f"{request}/decline", answer="No.", version="1")
    assert stale.status_code == 409
    assert "No." in text_of(stale)
    fields = fields_of(desk.get(request).text, f"{request}/decline")
    done = desk.post(f"{request}/done", data={**fields, "answer": "They are there."})
    assert done.status_code == 303
    assert "They are there." in text_of(customer.get(result))
    fields = fields_of(customer.get(result).text, f"{result}/accept")
    assert [customer.post(f"{result}/accept", data=fields).status_code for _press in range(2)] == [303, 409]


def test_a_change_says_whether_it_is_included(number: str, customer: FlaskClient, clock: FileClock) -> None:
    result = f"/orders/{number}/result"
    assert "Included until end of Thu 31 Dec 2026. You have 6.0 h left." in text_of(customer.get(result))
    assert fill_in(customer, result, action=f"/orders/{number}/changes", change="A new menu.").status_code == 303
    clock.set(kyiv("2027-01-01 00:00"))
    page = text_of(customer.get(result))
    assert "This will be a quote" in page
    assert fill_in(customer, result, action=f"/orders/{number}/changes/1/withdraw").status_code == 303


def test_a_restart_is_pressed_once_and_says_why_it_cannot_be_pressed_again(
    app: Flask, number: str, customer: FlaskClient
) -> None:
    restart = f"/orders/{number}/restart"
    page = text_of(customer.get(restart))
    assert "Uses 1 of your 3 restarts. Ends Wed 6 Jan 2027." in page
    assert "This overwrites https://new.example" in page
    assert fill_in(customer, restart, action=restart, backup_on="2026-11-30").status_code == 422
    pressed = fill_in(customer, restart, action=restart, backup_on="2026-11-30", is_confirmed="y")
    assert pressed.status_code == 303
    assert "The migration is running now." in text_of(customer.get(restart))
    assert fresh(app, number).state is OrderState.MIGRATING


def test_the_desk_records_and_corrects_what_became_of_a_run(
    app: Flask, number: str, customer: FlaskClient, desk: FlaskClient, clock: FileClock
) -> None:
    base = f"/desk/orders/{number}"
    time = f"{base}/runs/1/time"
    assert fill_in(desk, time, action=time, finished_at="2026-11-23T16:00", reason="Noted late.").status_code == 303
    assert fill_in(desk, time, action=time, finished_at="2026-12-24T16:00", reason="x").status_code == 409
    checked = f"{base}/results/time"
    assert fill_in(desk, checked, action=checked, validated_at="2026-11-30T09:00", reason="Late.").status_code == 303
    insurance = f"{base}/insurance"
    assert fill_in(desk, insurance, action=insurance, last_day="2027-01-15", reason="Our delay.").status_code == 303
    restart = f"/orders/{number}/restart"
    fill_in(customer, restart, action=restart, backup_on="2026-11-30", is_confirmed="y")
    clock.set(VALIDATED + timedelta(hours=3))
    end = f"{base}/run/end"
    assert fill_in(desk, end, action=end, moved_pages="many").status_code == 422
    assert fill_in(desk, end, action=end, moved_pages="812").status_code == 303
    assert fresh(app, number).state is OrderState.IN_REVIEW
    longer = f"/orders/{number}/access/longer"
    assert fill_in(customer, longer, action=longer).status_code == 303
    assert "cannot be kept longer" in text_of(customer.get(longer))


def test_nobody_else_finds_the_result(app: Flask, number: str) -> None:
    stranger = app.test_client()
    with app.app_context(), transaction() as session:
        sign_in(stranger, a_customer(session))
    for path in ("result", "restart", "access/longer"):
        assert stranger.get(f"/orders/{number}/{path}").status_code == 404
