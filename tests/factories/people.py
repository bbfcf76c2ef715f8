"""People for the tests."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from flask_login.utils import _create_identifier
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.history.actor import Role

JOINED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def an_organisation(session: Session, *, name: str = "Lindqvist Books") -> Organisation:
    """This will add a customer's organisation."""
    organisation = Organisation(name=name, created_at=JOINED)
    session.add(organisation)
    session.flush()
    return organisation


def a_customer(session: Session, *, organisation: Organisation | None = None, **differences: object) -> Person:
    """This will add a confirmed customer, in an organisation of their own unless one is given."""
    organisation = organisation or an_organisation(session)
    return _person(session, role=Role.CUSTOMER, organisation_id=organisation.id, **differences)


def an_account_manager(session: Session, **differences: object) -> Person:
    """This will add an account manager."""
    return _person(session, role=Role.ACCOUNT_MANAGER, **differences)


def an_administrator(session: Session, **differences: object) -> Person:
    """This will add an administrator."""
    return _person(session, role=Role.ADMINISTRATOR, **differences)


def a_finance_person(session: Session, **differences: object) -> Person:
    """This will add somebody from finance."""
    return _person(session, role=Role.FINANCE, **differences)


def _person(session: Session, **values: object) -> Person:
    number = next(_numbers)
    facts = {
        "email": f"person{number}@customer.example",
        "name": f"Person {number}",
        "fs_uniquifier": f"uniquifier-{number}",
        "created_at": JOINED,
        "confirmed_at": JOINED,
        "active": True,
    }
    person = Person(**{**facts, **values})
    session.add(person)
    session.flush()
    return person


def sign_in(client: FlaskClient, person: Person) -> None:
    """This will make the client's next requests those of `person`, as after a sign-in a moment ago."""
    app: Flask = client.application
    with app.test_request_context(headers={"User-Agent": client.environ_base["HTTP_USER_AGENT"]}):
        identifier = _create_identifier()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = person.fs_uniquifier
        cookie["_fresh"] = True
        cookie["_id"] = identifier
        cookie["fs_paa"] = datetime.now(UTC).timestamp()
