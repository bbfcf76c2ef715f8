"""Taking one's data along, and closing the account by hand (RULES X-14)."""

from __future__ import annotations

import json

from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import transaction
from migrator.orders.operations import send_message, write_note
from tests.conftest import NOW
from tests.factories.accounts import PASSWORD, a_person_with_password, enter, fresh, is_signed_in, submit, text_of
from tests.factories.people import an_account_manager, sign_in
from tests.factories.stages import a_paid_order, an_unpaid_order


def test_closing_ends_the_account_for_good(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    answer = submit(client, "/account/close", password=PASSWORD, understood="y")
    assert answer.headers["Location"] == "/account/closed"
    assert not is_signed_in(client)
    assert "The account is closed" in text_of(client.get("/account/closed"))
    assert enter(client, person).status_code == 422
    assert not is_signed_in(client)


def test_who_is_signed_in_is_not_told_that_their_account_is_closed(app: Flask, client: FlaskClient) -> None:
    enter(client, a_person_with_password(app))
    assert client.get("/account/closed").headers["Location"] == "/account"


def test_nothing_is_closed_without_the_password_and_the_tick(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    for fields, words in (
        ({"password": "wrong password here", "understood": "y"}, "password"),
        ({"password": PASSWORD}, "Tick this to say that you mean it."),
    ):
        answer = submit(client, "/account/close", **fields)
        assert answer.status_code == 422
        assert words in text_of(answer)
    assert fresh(app, person).active


def test_the_page_says_what_becomes_of_each_open_order(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    with app.app_context(), transaction() as session:
        order = an_unpaid_order(session, person=person)
        number = order.number
    enter(client, person)
    shown = text_of(client.get("/account/close"))
    assert number in shown
    assert "ends; nothing was paid for it" in shown


def test_the_data_that_is_taken_along_is_one_s_own_and_holds_no_note(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = a_paid_order(session)
        send_message(session, order, author=order.placed_by, body="When do you begin?", now=NOW)
        write_note(session, order, author=an_account_manager(session), body="Calls often", now=NOW)
        others = a_paid_order(session)
        person, number, other_number = order.placed_by, order.number, others.number
    sign_in(client, person)
    answer = client.get("/account/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(answer.text)
    assert [row["number"] for row in found["orders"]] == [number]
    assert [row["body"] for row in found["messages"]] == ["When do you begin?"]
    assert "Calls often" not in answer.text
    assert other_number not in answer.text
