"""Contact, colours, and what machines ask."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from migrator.app import create_app
from migrator.clock.source import FileClock
from migrator.policy.loading import migration_desk
from tests.conftest import settings_for
from tests.factories.people import a_customer, sign_in


def test_contact_shows_live_channels_alone(client: FlaskClient) -> None:
    text = client.get("/contact").text
    assert 'href="mailto:support@migrator.example"' in text
    assert "Open now, closes 19:00 Kyiv" in text
    for address in migration_desk().allow_list:
        assert address in text


def test_somebody_abroad_reads_the_hours_in_their_time_too(app: Flask, client: FlaskClient, session: Session) -> None:
    person = a_customer(session, zone="Europe/Berlin")
    session.commit()
    sign_in(client, person)
    assert "closes 19:00 Kyiv (18:00 your time)" in client.get("/contact").text


def test_colours_are_kept_for_a_year_and_shown_at_once(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/theme", data={"theme": "dark", "next": "/contact?a=b"})
    assert (answer.status_code, answer.location) == (303, "/contact?a=b")
    assert "Max-Age=31536000" in answer.headers["Set-Cookie"]
    assert '<html lang="en" data-theme="dark">' in client.get("/contact").text
    client.post("/theme", data={"theme": "system", "next": "/"})
    assert '<html lang="en">' in client.get("/contact").text


def test_a_file_in_place_of_words_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/sign-in", data={"email": (BytesIO(b"words"), "words.txt")})
    assert answer.status_code == 400
    assert "We could not read that request" in answer.text


def test_unknown_colours_are_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/theme", data={"theme": "pink"}).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""],
)
def test_colours_never_lead_away_from_here(app: Flask, client: FlaskClient, elsewhere: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/theme", data={"theme": "dark", "next": elsewhere}).location == "/"


def test_colours_need_the_token_of_the_form(client: FlaskClient) -> None:
    assert client.post("/theme", data={"theme": "dark", "next": "/"}).status_code == 400


def test_health_is_good_while_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


def test_health_is_bad_without_a_database(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'migrator.sqlite'}"
    app = create_app(settings_for(tmp_path, nowhere), clock=FileClock(tmp_path / "clock"), wake=lambda: None)
    assert app.test_client().get("/healthz").status_code == 503


def test_search_engines_are_kept_out_of_private_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert text.startswith("User-agent: *\n")
    assert "Disallow: /orders\n" in text
    assert "/how-we-count" not in text
