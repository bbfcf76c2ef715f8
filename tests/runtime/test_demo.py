"""The demonstration's company."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.accounts.operations import sign_up
from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.queries import calendar_of
from migrator.database.session import transaction
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.demo.story import NotEmpty, load
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.rules import dates_of
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, QuoteState
from migrator.orders.models import Order
from migrator.orders.quote_models import Quote
from tests.conftest import KEYS

# Every page of it is opened on PostgreSQL in `test_every_page.py`.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
STATES = set(OrderState)
MOMENTS = [
    pytest.param(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), id="a-sunday-night-in-kyiv"),
    pytest.param(datetime(2027, 1, 4, 6, 0, tzinfo=UTC), id="after-the-turn-of-the-year"),
]


def load_at(session: Session, now: datetime, folder: Path) -> None:
    load(session, vault=Vault(KEYS.access_keys), base_url="http://localhost", folder=folder, now=now)


@pytest.mark.parametrize("at", MOMENTS)
def test_the_company_is_whole_on_any_day_and_its_dates_are_the_computed_ones(
    session: Session, at: datetime, tmp_path: Path
) -> None:
    load_at(session, at, tmp_path)
    orders = session.scalars(select(Order).options(joinedload(Order.calendar_row))).all()
    assert {order.state for order in orders} == STATES
    for order in orders:
        dates = dates_of(facts_of(order, pauses_of(session, order.id)), calendar_of(session, order.calendar_row))
        stored = (order.check_by_at, order.agree_by_at, order.due_at, order.promise_at)
        assert stored == (dates.check_by_at, dates.agree_by_at, dates.due_at, dates.promise_at)
        assert order.state_since_at < at
    assert any(order.due_at < at for order in orders if order.due_at and order.state is OrderState.IN_PROGRESS)
    open_windows = session.scalars(select(Window).where(Window.closed_at.is_(None))).all()
    assert {window.kind for window in open_windows} == set(WindowKind)
    assert all(window.ends_at > at for window in open_windows), "the worker has nothing to end at once"
    assert set(session.scalars(select(Closure.state))) == {ClosureState.DRAFT, ClosureState.ANNOUNCED}
    assert set(session.scalars(select(Quote.state))) == {
        QuoteState.REQUESTED,
        QuoteState.OFFERED,
        QuoteState.ACCEPTED,
    }


def test_everybody_can_sign_in_and_no_message_holds_a_secret(
    app: Flask, client: FlaskClient, now: datetime, tmp_path: Path
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        load_at(session, now, tmp_path)
        told = session.scalars(select(OwedMessage.text_body + OwedMessage.html_body)).all()
    assert told
    assert not any("for-the-move" in body for body in told)
    for person in PEOPLE:
        answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code in {302, 303}, person.email
        client.post("/sign-out")


def test_it_is_loaded_into_an_empty_database_alone(session: Session, now: datetime, tmp_path: Path) -> None:
    sign_up(session, email="first@example.com", name="", company="First", password_hash="", now=now)
    with pytest.raises(NotEmpty, match="empty database"):
        load_at(session, now, tmp_path)


def test_a_failure_leaves_nothing_behind(
    app: Flask, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_daniel = tuple(person for person in PEOPLE if person.name != "Daniel Okafor")
    monkeypatch.setattr("migrator.demo.story.PEOPLE", without_daniel)
    with app.app_context():
        with pytest.raises(KeyError), transaction() as session:
            load_at(session, now, tmp_path)
        with transaction() as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 0
