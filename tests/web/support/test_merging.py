"""Joining and parting at the desk, and the customer who asks the same twice (RULES M-021)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.support.models import Ticket, TicketMessage
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.tickets import a_ticket
from tests.web.support.test_asking import details, send

SAME = {"subject": "Pictures are missing"}


@pytest.fixture
def customer(app: Flask) -> Person:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        return a_customer(session)


@pytest.fixture
def numbers(app: Flask, customer: Person) -> tuple[str, str]:
    with app.app_context(), transaction() as session:
        return a_ticket(session, person=customer).number, a_ticket(session, person=customer).number


def count(app: Flask, model: Any) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("into", "status", "words"),
    [
        ("", 422, "Enter the number of the other request"),
        ("nonsense", 404, ""),
        ("TIC-7F3K-2' OR 1=1", 404, ""),
        ("Ж" * 500, 422, ""),
    ],
)
def test_what_is_no_other_request_is_refused(
    app: Flask, client: FlaskClient, numbers: tuple[str, str], into: str, status: int, words: str
) -> None:
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
    sign_in(client, manager)
    answer = client.post(f"/desk/tickets/{numbers[0]}/merge", data={"into": into})
    assert answer.status_code == status
    assert words in answer.text


def test_who_means_something_else_sends_it_all_the_same(
    app: Flask, client: FlaskClient, numbers: tuple[str, str], customer: Person
) -> None:
    sign_in(client, customer)
    assert send(client, details(**SAME), other="yes").status_code == 303
    assert count(app, Ticket) == 3


def test_nobody_adds_to_somebody_else_s_request(app: Flask, client: FlaskClient, numbers: tuple[str, str]) -> None:
    with app.app_context(), transaction() as session:
        stranger = a_customer(session)
    sign_in(client, stranger)
    assert "You may have asked" not in client.get(details(**SAME)).text
    assert send(client, details(**SAME), add_to=numbers[0]).status_code == 404
    assert count(app, TicketMessage) == 2
