"""The demonstration's pages: who to sign in as, the clock, the mailbox. They ask no rows, so one database is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.app import create_app
from migrator.cli.mail_sink import Keeper
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.settings import Settings

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


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
