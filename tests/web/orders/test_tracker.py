"""The tracker says whose turn it is, what is promised and why, in every state; and nobody else sees it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.people import a_customer, sign_in


def page_of(app: Flask, client: FlaskClient, make: object, **differences: object) -> str:
    with app.app_context(), transaction() as session:
        order = make(session, **differences)  # type: ignore[operator]
        number, person = order.number, order.placed_by
    sign_in(client, person)
    answer = client.get(f"/orders/{number}")
    assert answer.status_code == 200
    return answer.text


def test_before_payment_the_one_thing_to_do_is_to_pay(app: Flask, client: FlaskClient) -> None:
    page = page_of(app, client, stages.an_unpaid_order)
    assert "Pay $278.88" in page
    assert "The count has not started." in page
