"""Reading changes nothing; a transaction is kept whole or not at all; instants come back as they went in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from migrator.accounts.models import Organisation, Person
from migrator.database.session import reading, transaction
from migrator.errors import StaleEdit
from migrator.orders.models import Order
from tests.factories.people import a_customer, an_organisation
from tests.factories.stages import an_unpaid_order


def organisations(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_what_is_written_while_reading_is_not_kept(app: Flask) -> None:
    with app.app_context(), reading() as session:
        an_organisation(session)
    assert organisations(app) == 0


def test_a_refusal_keeps_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction() as session:
        an_organisation(session)
        1 / 0  # noqa: B018
    assert organisations(app) == 0


def test_an_instant_comes_back_in_utc(app: Flask, now: datetime) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=-7)))
    with app.app_context(), transaction() as session:
        session.add(Organisation(name="Far away", created_at=elsewhere))
    with app.app_context(), reading() as session:
        kept = session.scalars(select(Organisation)).one().created_at
    assert kept == now
    assert kept.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(app: Flask, now: datetime) -> None:
    with app.app_context(), pytest.raises(StatementError, match="has no zone"), transaction() as session:
        session.add(Organisation(name="Nowhere", created_at=now.replace(tzinfo=None)))


def test_a_value_outside_an_enumeration_is_refused_by_the_database_too(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        customer = a_customer(session)
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("UPDATE people SET role = 'emperor' WHERE id = :id"), {"id": customer.id})


def test_a_customer_without_an_organisation_is_refused(app: Flask, now: datetime) -> None:
    with app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.add(Person(email="a@b.example", fs_uniquifier="u", created_at=now, role="customer"))


def test_an_edit_of_what_somebody_else_changed_is_a_sentence(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        number = an_unpaid_order(session).number
    wanted = select(Order).where(Order.number == number)
    with app.app_context(), reading() as first:
        stale = first.scalars(wanted).one()
        with transaction() as second:
            second.scalars(wanted).one().source_address = "https://first.example"
    with app.app_context(), pytest.raises(StaleEdit, match="Somebody changed this"), transaction() as late:
        late.add(stale)
        stale.source_address = "https://second.example"
