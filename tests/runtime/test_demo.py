"""The demonstration: its company, its pages, its mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.app import create_app
from migrator.calendars.queries import calendar_of
from migrator.cli.mail_sink import Keeper
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.demo.story import NotEmpty, load
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.rules import dates_of
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, QuoteState
from migrator.orders.models import Order
from migrator.orders.quote_models import Quote
from migrator.settings import Settings
from tests.conftest import KEYS

STATES = {
    OrderState.AWAITING_PAYMENT,
    OrderState.AWAITING_ACCESS,
    OrderState.VERIFYING,
    OrderState.IN_PROGRESS,
    OrderState.PAUSED,
    OrderState.CANCELLED,
}
MOMENTS = [
    pytest.param(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), id="a-tuesday"),
    pytest.param(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), id="a-sunday-night-in-kyiv"),
    pytest.param(datetime(2027, 1, 4, 6, 0, tzinfo=UTC), id="after-the-turn-of-the-year"),
    pytest.param(datetime(2028, 2, 29, 12, 0, tzinfo=UTC), id="a-leap-day"),
]


def load_at(session: Session, now: datetime) -> None:
    load(session, vault=Vault(KEYS.access_keys), base_url="http://localhost", now=now)


@pytest.mark.parametrize("at", MOMENTS)
def test_the_company_is_whole_on_any_day_and_its_dates_are_the_computed_ones(session: Session, at: datetime) -> None:
    load_at(session, at)
    orders = session.scalars(select(Order).options(joinedload(Order.calendar_row))).all()
    assert {order.state for order in orders} == STATES
    for order in orders:
        dates = dates_of(facts_of(order, pauses_of(session, order.id)), calendar_of(session, order.calendar_row))
        stored = (order.check_by_at, order.agree_by_at, order.due_at, order.promise_at)
        assert stored == (dates.check_by_at, dates.agree_by_at, dates.due_at, dates.promise_at)
        assert order.state_since_at < at
    assert any(order.due_at < at for order in orders if order.due_at and order.state is OrderState.IN_PROGRESS)
    assert set(session.scalars(select(Quote.state))) == {
        QuoteState.REQUESTED,
        QuoteState.OFFERED,
        QuoteState.ACCEPTED,
    }


def test_everybody_can_sign_in(app: Flask, client: FlaskClient, now: datetime) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        load_at(session, now)
    for person in PEOPLE:
        answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code in {302, 303}, person.email
        client.post("/sign-out")


def test_no_message_holds_a_secret(session: Session, now: datetime) -> None:
    load_at(session, now)
    told = session.scalars(select(OwedMessage.text_body + OwedMessage.html_body)).all()
    assert told
    assert not any("for-the-move" in body for body in told)


def test_it_is_loaded_into_an_empty_database_alone(session: Session, now: datetime) -> None:
    load_at(session, now)
    with pytest.raises(NotEmpty, match="empty database"):
        load_at(session, now)


def test_a_failure_leaves_nothing_behind(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    without_daniel = tuple(person for person in PEOPLE if person.name != "Daniel Okafor")
    monkeypatch.setattr("migrator.demo.story.PEOPLE", without_daniel)
    with app.app_context():
        with pytest.raises(KeyError), transaction() as session:
            load_at(session, now)
        with transaction() as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.fixture
def demo_app(settings: Settings, clock: FileClock) -> Iterator[Flask]:
    application = create_app(replace(settings, demo=True), clock=clock, wake=lambda: None)
    application.testing = True
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(demo_app: Flask) -> FlaskClient:
    return demo_app.test_client()


PAGES = ["/demo", "/demo/mail", "/demo/mail/some-name", "/demo/mail/some-name/html"]


@pytest.mark.parametrize("path", PAGES)
def test_outside_the_demonstration_its_pages_do_not_exist(client: FlaskClient, settings: Settings, path: str) -> None:
    keep(settings.instance)
    assert client.get(path).status_code == 404


def test_the_clock_cannot_be_moved_outside_the_demonstration(app: Flask, client: FlaskClient, now: datetime) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/demo/clock", data={"step": "day"}).status_code == 404


def test_everybody_is_listed_with_the_password(visitor: FlaskClient) -> None:
    page = visitor.get("/demo").text
    assert PASSWORD in page
    assert all(person.email in page for person in PEOPLE)


@pytest.mark.parametrize(
    ("answers", "moved_to"),
    [
        ({"step": "hour"}, "2026-11-24T10:00"),
        ({"step": "day"}, "2026-11-25T09:00"),
        ({"step": "week"}, "2026-12-01T09:00"),
        ({"step": "instant", "instant": "2026-12-07T08:00"}, "2026-12-07T06:00"),
    ],
)
def test_the_clock_is_moved_on(visitor: FlaskClient, clock: FileClock, answers: dict[str, str], moved_to: str) -> None:
    assert visitor.post("/demo/clock", data=answers).status_code == 303
    assert clock.now().isoformat().startswith(moved_to)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, 422),
        ({"step": "year"}, 422),
        ({"step": "instant"}, 409),
        ({"step": "instant", "instant": "tomorrow"}, 409),
        ({"step": "instant", "instant": "2026-11-24T10:59"}, 409),
        ({"step": "instant", "instant": "9" * 60}, 422),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_in_words(
    visitor: FlaskClient, clock: FileClock, now: datetime, answers: dict[str, str], status: int
) -> None:
    answer = visitor.post("/demo/clock", data=answers)
    assert answer.status_code == status
    assert "There is a problem" in answer.text
    assert clock.now() == now


LETTER = (
    "Message-ID: <1@localhost>\nSubject: =?utf-8?q?Paused_=E2=80=93_=3Cb=3E?=\nTo: ines@atelier.example\n"
    "Date: Tue, 24 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n"
    "--B\nContent-Type: text/plain\n\nSee http://localhost/orders/1 <script>\n"
    "--B\nContent-Type: text/html\n\n<html><head></head><body><script>alert(1)</script><a href='/x'>x</a></body></html>"
    "\n--B--\n"
)


def keep(folder: Path) -> str:
    keeper = Keeper(folder / "mail")
    for _ in range(2):
        keeper.keep(LETTER.encode())
    (path,) = (folder / "mail").glob("*.eml")
    return path.stem


def test_the_mailbox_shows_what_arrived_once_sealed_off(visitor: FlaskClient, settings: Settings) -> None:
    name = keep(settings.instance)
    assert "Paused – &lt;b&gt;" in visitor.get("/demo/mail").text
    page = visitor.get(f"/demo/mail/{name}").text
    assert '<a href="http://localhost/orders/1"' in page
    assert "<script>" not in page.split("<main")[1]
    html = visitor.get(f"/demo/mail/{name}/html")
    assert '<base target="_top">' in html.text
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fkeys", "*"])
def test_the_mailbox_gives_nothing_else_away(visitor: FlaskClient, settings: Settings, name: str) -> None:
    keep(settings.instance)
    assert visitor.get(f"/demo/mail/{name}").status_code in {404, 308}
    assert visitor.get(f"/demo/mail/{name}/html").status_code in {404, 308}
