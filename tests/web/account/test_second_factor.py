"""Two-step sign-in with real codes, and the codes for the day on which the phone is lost."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from migrator.accounts.models import Person
from tests.factories.accounts import PASSWORD, TOKEN, a_person_with_password, enter, fresh, is_signed_in, submit

HALF_MINUTE_SECONDS = 30


def code(key: str, *, half_minutes_on: int = 0) -> str:
    """This will return what an authenticator app with that key shows, now or some half minutes later."""
    app = TOTP(key=key)
    return str(app.generate(time=app.now() + half_minutes_on * HALF_MINUTE_SECONDS).token)


def begin(client: FlaskClient) -> tuple[TestResponse, str, str]:
    """This will ask for a set-up and return its page, the key and the path that takes the first code."""
    page = submit(client, "/account/two-factor", setup="authenticator")
    key = re.search(r"into the app: <strong>([^<]+)</strong>", page.text)
    path = re.search(r'action="(/account/two-factor/[^"]+)"', page.text)
    assert key
    assert path
    return page, key.group(1), path.group(1)


def set_up(client: FlaskClient) -> str:
    """This will turn two-step sign-in on and return the app's key."""
    page, key, path = begin(client)
    token = TOKEN.search(page.text)
    assert token
    answer = client.post(path, data={"csrf_token": token.group(1), "code": code(key)})
    assert answer.location == "/account"
    return key


def a_person_with_two_steps(app: Flask, client: FlaskClient) -> tuple[Person, str]:
    person = a_person_with_password(app)
    enter(client, person)
    key = set_up(client)
    submit(client, "/sign-out", form_on="/account")
    return person, key


def test_the_picture_to_scan_is_drawn_in_the_page(app: Flask, client: FlaskClient) -> None:
    enter(client, a_person_with_password(app))
    page, _, _ = begin(client)
    assert "<svg" in page.text
    assert "data:" not in page.text
    assert "style=" not in page.text


def test_a_wrong_first_code_turns_nothing_on(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    page, _, path = begin(client)
    token = TOKEN.search(page.text)
    assert token
    answer = client.post(path, data={"csrf_token": token.group(1), "code": "000000"}, follow_redirects=True)
    assert "This code is wrong" in answer.text
    assert fresh(app, person).tf_primary_method is None


def test_the_password_alone_is_not_enough_any_more(app: Flask, client: FlaskClient) -> None:
    person, key = a_person_with_two_steps(app, client)
    answer = submit(client, "/sign-in", email=person.email, password=PASSWORD, next="/account?a=1")
    assert answer.location.startswith("/sign-in/code")
    assert not is_signed_in(client)
    assert submit(client, answer.location, code="000000").status_code == 422
    assert not is_signed_in(client)
    done = submit(client, answer.location, code=code(key, half_minutes_on=1))
    assert done.location == "/account?a=1"
    assert is_signed_in(client)


def test_no_code_is_taken_twice(app: Flask, client: FlaskClient) -> None:
    person, key = a_person_with_two_steps(app, client)
    used = code(key, half_minutes_on=1)
    enter(client, person)
    assert submit(client, "/sign-in/code", code=used).location == "/home"
    elsewhere = app.test_client()
    enter(elsewhere, person)
    assert submit(elsewhere, "/sign-in/code", code=used).status_code == 422


def test_the_key_and_the_recovery_codes_are_sealed_in_the_database(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    key = set_up(client)
    codes = recovery_codes(client)
    kept = fresh(app, person)
    assert key.replace("-", "") not in (kept.tf_totp_secret or "")
    assert not set(codes) & set(kept.mf_recovery_codes or [])


def recovery_codes(client: FlaskClient) -> list[str]:
    return re.findall(r"<code>([^<]+)</code>", submit(client, "/account/recovery-codes").text)


def test_a_recovery_code_works_once(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    set_up(client)
    codes = recovery_codes(client)
    assert len(codes) == 8
    submit(client, "/sign-out", form_on="/account")

    enter(client, person)
    assert submit(client, "/sign-in/recovery-code", code="0000-0000-0000").status_code == 422
    assert submit(client, "/sign-in/recovery-code", code=codes[0].upper()).location == "/home"
    assert is_signed_in(client)
    elsewhere = app.test_client()
    enter(elsewhere, person)
    assert submit(elsewhere, "/sign-in/recovery-code", code=codes[0]).status_code == 422


def test_two_step_sign_in_can_be_turned_off(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    set_up(client)
    assert "You have no recovery codes." in client.get("/account").text
    submit(client, "/account/two-factor", setup="disable")
    assert fresh(app, person).tf_totp_secret is None
    submit(client, "/sign-out", form_on="/account")
    assert enter(client, person).location == "/home"


def test_the_code_page_is_for_those_who_gave_their_password(client: FlaskClient) -> None:
    for path in ("/sign-in/code", "/sign-in/recovery-code"):
        assert client.get(path).location == "/sign-in"


def test_going_back_to_the_code_page_does_not_sign_anybody_out(app: Flask, client: FlaskClient) -> None:
    enter(client, a_person_with_password(app))
    assert client.get("/sign-in/code").location == "/home"
    assert client.get("/account").status_code == 200


def test_ways_around_the_second_step_are_closed(client: FlaskClient) -> None:
    assert client.get("/tf-rescue").status_code == 404
    assert client.get("/tf-select").status_code == 404
