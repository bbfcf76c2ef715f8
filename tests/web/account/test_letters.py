"""Which letters a customer wants, by the form and by the link in a letter."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import reading, transaction
from migrator.notifications.choices import stop_token, switched_off
from migrator.notifications.delivery import claim_next
from migrator.notifications.operations import owe
from migrator.notifications.topics import Topic
from tests.conftest import NOW
from tests.factories.accounts import letters, submit
from tests.factories.people import a_customer, sign_in

OFFER = {"number": "QUO-4M7Q-K", "product": "Package", "price": "$900.00", "until": "Mon", "again": "/quotes/new"}


def test_what_is_switched_off_is_not_sent_and_can_be_switched_on_again(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
    sign_in(client, person)
    assert submit(client, "/account/notifications", reminders="y", progress="y").status_code == 303
    assert "Payments, receipts and refunds" in client.get("/account/notifications").text
    with app.app_context(), transaction() as session:
        assert switched_off(session, person.id) == {Topic.BASKETS}
        told = owe(
            session, kind="quote_expired", cause="quote:1", recipient=person, order_id=None, context=OFFER, now=NOW
        )
        assert told is None
    for _twice in range(2):
        submit(client, "/account/notifications", reminders="y", progress="y", baskets="y")
    with app.app_context(), reading() as session:
        assert switched_off(session, person.id) == set()


def test_a_link_in_a_letter_asks_first_and_then_stops_such_letters_without_a_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
        owe(session, kind="quote_expired", cause="quote:1", recipient=person, order_id=None, context=OFFER, now=NOW)
    with app.app_context(), transaction() as session:
        letter = claim_next(session, now=NOW)
    assert letter is not None
    assert letter.stop_url in letters(app, person.email)[0].text_body
    path = letter.stop_url.removeprefix("http://localhost")
    assert "Stop these letters?" in client.get(path).text
    with app.app_context(), reading() as session:
        assert switched_off(session, person.id) == set()
    for _twice in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "These letters have stopped" in answer.text) == (200, True)
    with app.app_context(), reading() as session:
        assert switched_off(session, person.id) == {Topic.BASKETS}
        forged = stop_token(person.id, Topic.PROGRESS)[:-2]
    assert client.post(f"/letters/{forged}").status_code == 404
