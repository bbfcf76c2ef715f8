"""The workbench allows what the state allows, keeps what was typed, and notices what was changed meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from migrator.access.lifecycle import ItemState
from migrator.access.models import Reveal
from migrator.access.queries import items_of
from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.fulfilment.queries import pauses_of
from migrator.history.models import HistoryEntry
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import CustomerMessage, Order, StaffNote
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.people import a_customer, a_finance_person, an_account_manager, sign_in
from tests.web.desk.bench import Desk

FRIDAY = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
CHANGED = "This was changed since you opened the page."
BAD_INPUT: list[tuple[str, dict[str, str], int, str]] = [
    ("/start", {"verified_at": "", "reason": "x"}, 422, "Enter a date and a time, such as"),
    ("/start", {"verified_at": "yesterday", "reason": "x"}, 422, "Enter a date and a time, such as"),
    ("/start", {"verified_at": "9999-12-31T23:59", "reason": "x"}, 422, "Enter a year from 2000 to 2099"),
    ("/start", {"verified_at": "0001-01-01T00:00", "reason": "x"}, 422, "Enter a year from 2000 to 2099"),
    ("/start", {"verified_at": "2026-11-24T10:00", "reason": " "}, 422, "Give the reason for the correction"),
    ("/start", {"verified_at": "2027-01-01T10:00", "reason": "kept words"}, 409, "cannot lie in the future"),
    ("/date", {"proposed_at": "2027-03-01T10:00"}, 409, "There is no date to be agreed"),
    ("/pause/question", {"label": "", "message": "kept words"}, 422, "Say in a few words what is missing"),
    ("/pause/question", {"label": "x" * 201, "message": "y"}, 422, "Use 200 characters or less"),
    ("/pause/question", {"label": "kept words", "message": ""}, 422, "Write what is missing"),
    ("/messages", {"message": "  "}, 422, "Write the message first"),
    ("/messages", {"message": "kept words\x00"}, 422, "characters that cannot be seen"),
    ("/notes", {"note": ""}, 422, "Write the note first"),
    ("/account-manager", {"account_manager": "99999"}, 422, "Choose a person"),
    ("/account-manager", {"account_manager": "nonsense"}, 422, "Choose a person"),
]


@pytest.mark.parametrize(
    ("make", "offered", "withheld"),
    [
        (stages.a_paid_order, (), ("Pause", "Send back", "Correct when", "It works")),
        (stages.an_order_being_checked, ("Send back what does not work", "It works"), ("Pause", "Correct when")),
        (stages.an_order_under_way, ("Pause", "Correct when the count started"), ("Send back", "It works")),
        (stages.a_paused_order, ("Pause", "Resume: Old site FTP or SFTP"), ("Send back", "Propose a date")),
    ],
)
def test_only_what_the_state_allows_is_offered(app, client, make, offered, withheld) -> None:  # type: ignore[no-untyped-def]
    aside = Desk(app, client, make).see().partition("<aside aria-label")[2]
    assert [words for words in offered if words not in aside] == []
    assert [words for words in withheld if f">{words}" in aside] == []


def test_the_last_item_that_works_starts_the_count(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    with desk.order() as (session, order):
        waiting = [item.id for item in items_of(session, order.id) if item.state is ItemState.SUBMITTED]
    for item_id in waiting:
        with desk.order() as (_, order):
            assert order.verified_at is None
        assert desk.send(f"/items/{item_id}/verify", form_at="").status_code == 303
    with desk.order() as (_, order):
        assert (order.state, order.verified_at) == (OrderState.IN_PROGRESS, NOW)
        assert order.due_at == datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    assert "Ready by Thu 3 Dec 2026, 11:00" in desk.see()


def test_an_item_that_was_replaced_meanwhile_is_not_confirmed(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    with desk.order() as (session, order):
        item = items_of(session, order.id)[1]
        item_id, seen = item.id, item.version
    with app.app_context(), transaction() as session:
        order = stages.order_for_staff(session, desk.number)
        stages.answer(session, order, items_of(session, order.id)[1], at=NOW + timedelta(minutes=1))
    answer = client.post(f"{desk.address}/items/{item_id}/verify", data={"version": str(seen)})
    assert (answer.status_code, CHANGED in answer.text) == (409, True)


def test_what_does_not_work_goes_back_with_words(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    with desk.order() as (session, order):
        item_id = items_of(session, order.id)[1].id
    assert "the password is refused" in desk.see(f"/problems?item_{item_id}=0").partition("<textarea")[2]
    answer = desk.send("/problems", **{f"item_{item_id}": "The password is refused. Send a new one."})
    assert answer.status_code == 303
    with desk.order() as (session, order):
        assert (order.state, order.verified_at) == (OrderState.AWAITING_ACCESS, None)
        assert items_of(session, order.id)[1].problem == "The password is refused. Send a new one."


def test_nothing_goes_back_without_a_problem(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    answer = desk.send("/problems")
    assert (answer.status_code, "Mark at least one item" in answer.text) == (409, True)
    with desk.order() as (_, order):
        assert order.state is OrderState.VERIFYING


def test_a_pause_is_previewed_then_sent(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    clock.set(FRIDAY)
    with desk.order() as (session, order):
        item_id = items_of(session, order.id)[1].id
    assert f"{desk.address}/pause/{item_id}" in desk.see("/pause")
    compose = desk.see(f"/pause/{item_id}?sentence=1")
    assert "The date is Thu 3 Dec 2026, 11:00." in compose
    assert "It becomes Thu 3 Dec 2026, 20:00 if what is missing is answered tomorrow" in compose
    assert "The server does not answer." in compose.partition("<textarea")[2]
    assert desk.send(f"/pause/{item_id}", message="Please send a new password.").status_code == 303
    with desk.order() as (session, order):
        (pause,) = pauses_of(session, order.id)
        assert (order.state, pause.started_at, pause.ended_at) == (OrderState.PAUSED, FRIDAY, None)
        assert "Please send a new password." in session.scalars(select(CustomerMessage.body)).one()


def test_a_question_that_no_item_covers_pauses_too(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    answer = desk.send("/pause/question", label="The name of the forum", message="Which forum is to be moved?")
    assert answer.status_code == 303
    with desk.order() as (session, order):
        assert [pause.item.label for pause in pauses_of(session, order.id)] == ["The name of the forum"]


def test_an_answer_by_another_way_resumes_with_its_reason(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    desk = Desk(app, client, stages.a_paused_order, paused_at=FRIDAY)
    clock.set(TUESDAY)
    with desk.order() as (session, order):
        path = f"/pauses/{pauses_of(session, order.id)[0].id}/answer"
    assert desk.send(path, reason="Sent by telephone.").status_code == 303
    with desk.order() as (_, order):
        assert (order.state, order.due_at) == (OrderState.IN_PROGRESS, datetime(2026, 12, 7, 6, 0, tzinfo=UTC))
    text = desk.see()
    assert "Reason: Sent by telephone." in text
    assert "It works" in text


def test_the_times_of_a_pause_are_corrected_with_a_reason(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    desk = Desk(app, client, stages.a_paused_order, paused_at=FRIDAY)
    clock.set(TUESDAY)
    with desk.order() as (session, order):
        pause_id = pauses_of(session, order.id)[0].id
    desk.send(f"/pauses/{pause_id}/answer", reason="By message.")
    answer = desk.send(f"/pauses/{pause_id}", ended_at="2026-11-30T12:00", reason="The answer came on Monday.")
    assert answer.status_code == 303
    with desk.order() as (session, order):
        (pause,) = pauses_of(session, order.id)
        assert (pause.started_at, pause.ended_at) == (FRIDAY, datetime(2026, 11, 30, 10, 0, tzinfo=UTC))
        assert order.due_at == datetime(2026, 12, 4, 6, 0, tzinfo=UTC)


def test_the_start_of_the_count_is_corrected_with_a_reason(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    answer = desk.send("/start", verified_at="2026-11-24T09:00:00", reason="Checked at nine.")
    assert answer.status_code == 303
    with desk.order() as (_, order):
        assert order.due_at == datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
    assert "New date Thu 3 Dec 2026, 09:00 (was Thu 3 Dec 2026, 11:00). Reason: Checked at nine." in desk.see()


def test_bad_input_gets_its_sentence_and_saves_nothing(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    with desk.order() as (session, _):
        before = session.scalar(select(func.count()).select_from(HistoryEntry))
    for path, typed, status, sentence in BAD_INPUT:
        on_the_bench = path in {"/messages", "/notes", "/account-manager"}
        answer = desk.send(path, form_at="" if on_the_bench else None, **typed)
        assert (path, answer.status_code, sentence in answer.text) == (path, status, True)
        assert all("kept words" not in value or "kept words" in answer.text for value in typed.values())
    with desk.order() as (session, order):
        assert session.scalar(select(func.count()).select_from(HistoryEntry)) == before
        assert order.state is OrderState.IN_PROGRESS


@pytest.mark.parametrize("path", ["/start", "/account-manager", "/pause/question"])
def test_a_decision_by_an_old_page_is_refused(app: Flask, client: FlaskClient, path: str) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    typed = {
        "version": "1", "verified_at": "2026-11-24T09:00", "reason": "x", "label": "x", "message": "x",
    }  # fmt: skip
    with desk.order() as (_, order):
        typed["account_manager"] = str(order.account_manager_id)
    answer = client.post(desk.address + path, data=typed)
    assert (answer.status_code, CHANGED in answer.text) == (409, True)


def test_messages_and_notes_are_kept_apart(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    desk.send("/messages", form_at="", message="Good morning")
    desk.send("/notes", form_at="", note="A difficult case")
    with desk.order() as (session, order):
        assert session.scalars(select(CustomerMessage.body)).all() == ["Good morning"]
        assert session.scalars(select(StaffNote.body)).all() == ["A difficult case"]
        sign_in(client, order.placed_by)
    customers = client.get(f"/orders/{desk.number}").text
    assert "Good morning" in customers
    assert "A difficult case" not in customers


def test_an_order_is_taken_over(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    with app.app_context(), transaction() as session:
        colleague = an_account_manager(session, name="Iryna Bondar")
        sign_in(client, colleague)
        colleague_id = colleague.id
    assert "Take over" in desk.see()
    answer = desk.send("/account-manager", form_at="", account_manager=str(colleague_id))
    assert answer.status_code == 303
    assert "Iryna Bondar looks after your order." in desk.see()


def test_a_secret_is_shown_for_a_minute_with_a_reason_that_stays(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    with desk.order() as (session, order):
        path = f"/secrets/{items_of(session, order.id)[1].secrets[0].id}"
    answer = desk.send(path, reason="Trying the login")
    assert stages.PASSWORD_SAVED in answer.text
    assert answer.headers["Refresh"] == f"60; url={desk.address}"
    assert answer.headers["Cache-Control"] == "no-store"
    text = desk.see()
    assert stages.PASSWORD_SAVED not in text
    assert "Reason: Trying the login." in text


def test_no_secret_is_shown_without_a_reason(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_being_checked)
    with desk.order() as (session, order):
        path = f"/secrets/{items_of(session, order.id)[1].secrets[0].id}"
    answer = desk.send(path, reason="  ")
    assert (answer.status_code, "Give the reason" in answer.text) == (422, True)
    assert stages.PASSWORD_SAVED not in answer.text
    with desk.order() as (session, _):
        assert session.scalar(select(func.count()).select_from(Reveal)) == 0


def test_a_secret_of_another_order_is_not_found(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        other: Order = stages.an_order_being_checked(session)
        secret_id = items_of(session, other.id)[1].secrets[0].id
    desk = Desk(app, client, stages.an_order_being_checked)
    assert client.get(f"{desk.address}/secrets/{secret_id}").status_code == 404
    assert client.post(f"{desk.address}/secrets/{secret_id}", data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["/secrets/{}", "/pause/{}", "/pauses/{}", "/pauses/{}/answer"])
def test_rows_that_cannot_be_are_not_found(app: Flask, client: FlaskClient, path: str) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    for row_id in ("0", "-1", "x", "9" * 18, "9" * 40):
        assert client.get(desk.address + path.format(row_id)).status_code == 404


@pytest.mark.parametrize("make", [a_customer, a_finance_person])
def test_the_desk_is_closed_to_others(app: Flask, client: FlaskClient, make) -> None:  # type: ignore[no-untyped-def]
    desk = Desk(app, client, stages.an_order_under_way)
    with app.app_context(), transaction() as session:
        sign_in(client, make(session))
    for path in ("", "/pause", "/start", "/date", "/problems", "/secrets/1"):
        assert client.get(desk.address + path).status_code == 404
    assert client.get("/desk").status_code == 404


def test_a_date_is_proposed_and_accepted(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_without_a_date)
    assert "Propose a date" in desk.see()
    early = desk.send("/date", proposed_at="2026-12-01T10:00")
    assert (early.status_code, "at least 22 working days" in early.text) == (409, True)
    assert desk.send("/date", proposed_at="2027-01-15T10:00").status_code == 303
    undated = client.get("/desk?group=undated").text
    assert desk.number in undated
    assert "Wait for the date’s acceptance" in undated
    assert "The customer’s" in undated
    assert desk.number not in client.get("/desk?group=overdue").text
    with desk.order() as (_, order):
        sign_in(client, order.placed_by)
        proposed_at = order.proposed_at
        assert (order.promise_at, order.shown_turn) == (None, Turn.CUSTOMER)
    assert desk.number in client.get("/orders").text
    assert client.get(f"/api/v1/orders/{desk.number}").get_json()["turn"] == "customer"
    assert "We propose: ready by Fri 15 Jan 2027, 10:00" in client.get(f"/orders/{desk.number}").text
    address = f"/orders/{desk.number}/date"
    other = (proposed_at + timedelta(hours=1)).isoformat()
    assert client.post(address, data={"proposed_at": other}).status_code == 409
    assert client.post(address, data={"proposed_at": "nonsense"}).status_code == 409
    assert client.post(address, data={"proposed_at": proposed_at.isoformat()}).status_code == 303
    with desk.order() as (_, order):
        assert (order.agreed_at, order.due_at) == (proposed_at, proposed_at)
