"""Trying too often is answered in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from migrator.app import create_app
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.settings import Settings
from tests.factories.accounts import PASSWORD, a_person_with_password, letters, submit
from tests.factories.people import sign_in


@pytest.fixture
def strict(settings: Settings, clock: FileClock) -> Iterator[Flask]:
    app = create_app(replace(settings, rate_limit="3 per minute"), clock=clock, wake=lambda: None)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/reset-password", "/confirm-address"])
def test_the_fourth_try_in_a_minute_is_refused_in_words(strict: Flask, path: str) -> None:
    client = strict.test_client()
    answers = [submit(client, path, email=f"x{number}@nowhere.example").status_code for number in range(3)]
    assert 429 not in answers
    refused = submit(client, path, email="y@nowhere.example")
    assert refused.status_code == 429
    assert "Too many tries in a short time" in refused.text
    assert client.get(path).status_code == 200


def test_another_place_may_still_try(strict: Flask) -> None:
    client, person = strict.test_client(), a_person_with_password(strict)
    for _ in range(4):
        submit(client, "/sign-in", email=person.email, password="not the right one")
    page = client.get("/sign-in")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "email": person.email, "password": PASSWORD}
    answer = client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.location == "/home"


def test_nobody_is_flooded_with_messages(app: Flask) -> None:
    client, person = app.test_client(), a_person_with_password(app)
    statuses = [submit(client, "/reset-password", email=person.email).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert len(letters(app, person.email)) == 10


def test_one_person_invites_ten_times_an_hour(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, a_person_with_password(app))
    statuses = [submit(client, "/account/people", email=f"x{number}@firm.example").status_code for number in range(11)]
    assert statuses == [303] * 10 + [429]
    assert letters(app, "x10@firm.example") == []
    assert client.get("/account/people").status_code == 200


def test_one_address_is_invited_ten_times_an_hour_by_whomever(app: Flask) -> None:
    statuses = []
    for _ in range(2):
        client = app.test_client()
        sign_in(client, a_person_with_password(app))
        statuses += [submit(client, "/account/people", email="Much@firm.example").status_code for _ in range(6)]
    assert statuses == [303] * 10 + [429] * 2
    assert len(letters(app, "much@firm.example")) == 10
