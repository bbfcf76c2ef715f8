"""Filling in forms as a browser does, and reading what reached a mailbox."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.notifications.models import OwedMessage
from tests.factories.people import a_customer

PASSWORD = "a long enough password"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def submit(client: FlaskClient, path: str, *, form_on: str = "", **fields: str) -> TestResponse:
    """This will open the page with the form (`path` unless another is named) and send the fields to `path`."""
    token = TOKEN.search(client.get(form_on or path).text)
    assert token, form_on or path
    return client.post(path, data={"csrf_token": token.group(1), **fields})


def text_of(answer: TestResponse) -> str:
    """This will return the page without what differs between two equal pages: the forms' tokens."""
    return unescape(TOKEN.sub("", answer.text))


def a_person_with_password(app: Flask, **differences: object) -> Person:
    """This will add a customer who can sign in with `PASSWORD`."""
    with app.app_context(), transaction() as session:
        return a_customer(session, password=hash_password(PASSWORD), **differences)


def enter(client: FlaskClient, person: Person, password: str = PASSWORD) -> TestResponse:
    """This will sign in by the page."""
    return submit(client, "/sign-in", email=person.email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """This will say whether the client's next page is a signed-in person's."""
    return client.get("/account").status_code == 200


def letters(app: Flask, address: str) -> list[OwedMessage]:
    """This will return the messages owed to an address, the oldest first."""
    with app.app_context(), reading() as session:
        found = list(
            session.scalars(select(OwedMessage).where(OwedMessage.address == address).order_by(OwedMessage.id))
        )
        session.expunge_all()
        return found


def link_in(message: OwedMessage) -> str:
    """This will return the path of the first link in a message's text."""
    found = re.search(r"http://localhost(/\S+/\S+)", message.text_body)
    assert found, message.text_body
    return found.group(1)


def fresh(app: Flask, person: Person) -> Person:
    """This will return the person as the database has them now."""
    with app.app_context(), reading() as session:
        found = session.get_one(Person, person.id)
        session.expunge(found)
        return found
