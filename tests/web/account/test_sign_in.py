"""Signing in and out, and what strangers do not learn by trying."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import event

from migrator.database.base import db
from migrator.database.session import transaction
from tests.factories.accounts import (
    PASSWORD,
    a_person_with_password,
    enter,
    fresh,
    is_signed_in,
    letters,
    link_in,
    submit,
    text_of,
)
from tests.factories.people import a_finance_person, an_account_manager, sign_in


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    unconfirmed = a_person_with_password(app, confirmed_at=None)
    gone = a_person_with_password(app, active=False)
    answers = [
        (address, submit(client, "/sign-in", email=address, password=password))
        for address, password in (
            (person.email, "not the right one"),
            ("nobody@nowhere.example", PASSWORD),
            (unconfirmed.email, PASSWORD),
            (gone.email, PASSWORD),
        )
    ]
    assert {answer.status_code for _, answer in answers} == {422}
    assert len({text_of(answer).replace(address, "them") for address, answer in answers}) == 1
    assert "We could not sign you in" in answers[0][1].text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:1",
    ],
)
def test_signing_in_never_leads_to_another_host(app: Flask, client: FlaskClient, elsewhere: str) -> None:
    person = a_person_with_password(app)
    answer = submit(client, "/sign-in", email=person.email, password=PASSWORD, next=elsewhere)
    assert "evil" not in (answer.location or "").replace("%5Cevil", "")
    assert not (answer.location or "").startswith(("//", "http", "javascript"))


def test_signing_in_leads_on_to_the_page_that_was_asked_for(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    asked = client.get("/account?a=1")
    assert asked.location == "/sign-in?next=/account?a%3D1"
    page = client.get(asked.location)
    assert 'value="/account?a=1"' in page.text
    assert submit(client, asked.location, email=person.email, password=PASSWORD).location == "/account?a=1"


def test_home_is_the_first_page_of_each_role(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        people = {"/desk": an_account_manager(session), "/finance": a_finance_person(session)}
    for place, person in people.items():
        client = app.test_client()
        sign_in(client, person)
        assert client.get("/home").location == place


def test_signing_out_ends_the_session(app: Flask, client: FlaskClient) -> None:
    enter(client, a_person_with_password(app))
    assert client.get("/sign-out").status_code == 405
    assert submit(client, "/sign-out", form_on="/account").location == "/sign-in"
    assert not is_signed_in(client)


def test_a_removed_person_is_out_at_once(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    with app.app_context(), transaction() as session:
        session.merge(person).active = False
    assert not is_signed_in(client)


def test_the_cookie_lasts_twelve_hours_and_only_the_browser_reads_it(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    answer = submit(client, "/sign-in", email=person.email, password=PASSWORD, remember="y")
    cookies = {header.split("=")[0]: header for header in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"session", "remember_token"}
    for cookie in cookies.values():
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    kept = client.get_cookie("session")
    assert kept is not None
    assert kept.expires is not None
    assert round((kept.expires - datetime.now(UTC)).total_seconds() / 3600) == 12


def test_a_form_token_from_before_signing_in_is_worth_nothing_after(app: Flask, client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
    enter(client, a_person_with_password(app))
    client.get("/account")
    with client.session_transaction() as cookie:
        assert cookie["csrf_token"] != before


def test_who_is_signed_in_and_what_their_menu_holds_cost_a_query_each(app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_person_with_password(app))
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_connection: object, _cursor: object, statement: str, *_further: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    assert client.get("/account").status_code == 200
    client.get("/static/base.css")
    event.remove(engine, "before_cursor_execute", count)
    person, menu = (each for each in statements if each != "BEGIN")
    assert "FROM people" in person
    assert "FROM hosting_instances" in menu


def test_a_forgotten_password_is_set_anew_by_the_link_once(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    submit(client, "/reset-password", email=person.email.upper())
    (letter,) = letters(app, person.email)
    assert letter.kind == "account_reset"
    link = link_in(letter)
    assert "at least 10 characters" in submit(client, link, password="short").text
    assert submit(client, link, password="quite another password").location == "/sign-in"
    assert "was used before" in client.get(link, follow_redirects=True).text
    assert enter(client, person).status_code == 422
    assert enter(client, person, "quite another password").location == "/home"
    assert [each.kind for each in letters(app, person.email)] == ["account_reset", "account_password_changed"]


def test_asking_for_a_new_password_never_tells_whether_there_is_an_account(app: Flask, client: FlaskClient) -> None:
    known = a_person_with_password(app).email
    unconfirmed = a_person_with_password(app, confirmed_at=None).email
    gone = a_person_with_password(app, active=False).email
    addresses = (known, unconfirmed, gone, "nobody@nowhere.example")
    answers = {each: submit(client, "/reset-password", email=each) for each in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({text_of(answer).replace(each, "them") for each, answer in answers.items()}) == 1
    assert [len(letters(app, each)) for each in addresses] == [1, 0, 0, 0]


@pytest.mark.parametrize("path", ["/reset-password", "/confirm-address"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an e-mail address."),
        ("anna.example", "Enter an e-mail address like name@company.com."),
        ("a" * 300 + "@nowhere.example", "Use at most 254 characters."),
    ],
)
def test_a_link_goes_to_an_address_alone(client: FlaskClient, path: str, typed: str, sentence: str) -> None:
    answer = submit(client, path, email=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    assert "we have sent" not in answer.text


def test_links_in_messages_never_take_their_host_from_the_request(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    page = client.get("/reset-password", headers={"Host": "evil.example"})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    client.set_cookie("session", page.headers["Set-Cookie"].split("session=")[1].split(";")[0], domain="evil.example")
    client.post("/reset-password", data={"csrf_token": token, "email": person.email}, headers={"Host": "evil.example"})
    (letter,) = letters(app, person.email)
    assert "evil" not in letter.text_body + letter.html_body


def test_a_changed_password_ends_the_other_sessions(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    elsewhere = app.test_client()
    enter(client, person)
    enter(elsewhere, person)
    wrong = submit(client, "/account/password", password="not the right one", new_password="quite another password")
    assert "This is not your password." in wrong.text
    answer = submit(client, "/account/password", password=PASSWORD, new_password="quite another password")
    assert answer.location == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_a_changed_address_counts_from_its_own_link_and_the_old_one_is_told(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    submit(client, "/account/address", email="new@place.example")
    assert fresh(app, person).email == person.email
    (letter,) = letters(app, "new@place.example")
    client.get(link_in(letter))
    assert fresh(app, person).email == "new@place.example"
    assert [each.kind for each in letters(app, person.email)] == ["account_address_changed"]


def test_changing_the_address_to_a_known_one_looks_the_same(app: Flask, client: FlaskClient) -> None:
    other = a_person_with_password(app).email
    enter(client, a_person_with_password(app))
    known = submit(client, "/account/address", email=other)
    unknown = submit(client, "/account/address", email="free@place.example")
    assert known.status_code == unknown.status_code == 200
    assert text_of(known).replace(other, "it") == text_of(unknown).replace("free@place.example", "it")
    assert letters(app, other) == []


def test_what_matters_asks_for_the_password_again_after_a_while(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    enter(client, person)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= 3600
        cookie.pop("fs_gexp", None)
    asked = client.get("/account/address")
    assert asked.location.startswith("/account/verify?next=")
    assert submit(client, asked.location, password="not the right one").status_code == 422
    assert submit(client, asked.location, password=PASSWORD).location == "/account/address"
    assert client.get("/account/address").status_code == 200


def test_json_is_not_spoken_here(app: Flask, client: FlaskClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        assert cookie["csrf_token"]
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/sign-in", json=["x"], headers={"X-CSRFToken": token}).status_code == 400
    assert client.get("/sign-in", headers={"Accept": "application/json"}).mimetype == "text/html"


def test_a_password_typed_in_another_normal_form_is_the_same(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        person = an_account_manager(session, password=hash_password("lo\u0301ng enough caf\u0065\u0301"))
    assert enter(client, person, "l\u00f3ng enough caf\u00e9").location == "/home"
