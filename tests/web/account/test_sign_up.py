"""Signing up, confirming the address, and what strangers do not learn on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from migrator.accounts.models import Organisation, Person
from migrator.database.session import reading
from migrator.history.models import HistoryEntry
from tests.conftest import BACKENDS
from tests.factories.accounts import (
    PASSWORD,
    TOKEN,
    a_person_with_password,
    is_signed_in,
    letters,
    link_in,
    submit,
    text_of,
)

NEW = {"name": "Ana Marques", "company": "Marques & Filhos", "email": "Ana@Marques.example", "password": PASSWORD}


def test_a_new_customer_confirms_the_address_and_signs_in(app: Flask, client: FlaskClient) -> None:
    answer = submit(client, "/sign-up", **NEW)
    assert (answer.status_code, answer.location) == (302, "/sign-up/sent")
    assert "support@migrator.example" in client.get("/sign-up/sent").text
    assert submit(client, "/sign-in", email="ana@marques.example", password=PASSWORD).status_code == 422

    (letter,) = letters(app, "ana@marques.example")
    assert letter.kind == "account_confirm"
    assert client.get(link_in(letter)).location == "/sign-in"
    assert submit(client, "/sign-in", email="ANA@marques.example", password=PASSWORD).location == "/home"
    assert client.get("/home").location == "/orders"
    assert is_signed_in(client)


def test_sign_up_makes_an_organisation_and_writes_history(app: Flask, client: FlaskClient) -> None:
    submit(client, "/sign-up", **NEW)
    submit(client, "/sign-up", **{**NEW, "email": "solo@marques.example", "company": ""})
    with app.app_context(), reading() as session:
        assert list(session.scalars(select(Organisation.name).order_by(Organisation.id))) == [
            "Marques & Filhos",
            "Ana Marques",
        ]
        person = session.scalars(select(Person).where(Person.email == "ana@marques.example")).one()
        assert person.password
        assert PASSWORD not in person.password
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_key == str(person.id))).one()
        assert (entry.verb, entry.actor_name) == ("person.joined", "Ana Marques")


def test_sign_up_with_a_known_address_looks_the_same_and_tells_its_owner(app: Flask, client: FlaskClient) -> None:
    owner = a_person_with_password(app, email="ana@marques.example")
    known = submit(client, "/sign-up", **NEW)
    known_page = client.get("/sign-up/sent")
    unknown = submit(client, "/sign-up", **{**NEW, "email": "other@marques.example"})
    unknown_page = client.get("/sign-up/sent")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    other_name = text_of(unknown_page).replace("other@", "ana@")
    assert text_of(known_page) == other_name
    (letter,) = letters(app, owner.email)
    assert letter.kind == "account_exists"
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_each_wrong_field_has_its_sentence_and_nothing_is_saved(app: Flask, client: FlaskClient) -> None:
    answer = submit(client, "/sign-up", name=" ", company="Acme", email="nobody", password="password123")
    assert answer.status_code == 422
    for sentence in ("Enter your name.", "Enter an e-mail address like", "among the first that others would guess"):
        assert sentence in answer.text
    assert 'value="Acme"' in answer.text
    assert "password123" not in answer.text
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_name_with_a_line_break_is_refused(client: FlaskClient) -> None:
    assert "signs alone" in submit(client, "/sign-up", **{**NEW, "name": "Ana\nBcc: x"}).text


def test_a_new_confirmation_link_is_sent_to_those_alone_who_need_one(app: Flask, client: FlaskClient) -> None:
    waiting = a_person_with_password(app, confirmed_at=None)
    settled = a_person_with_password(app)
    pages = {
        address: text_of(submit(client, "/confirm-address", email=address)).replace(address, "them")
        for address in (waiting.email, settled.email, "nobody@nowhere.example")
    }
    assert len(set(pages.values())) == 1
    assert len(letters(app, waiting.email)) == 1
    assert letters(app, settled.email) == letters(app, "nobody@nowhere.example") == []


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_two_sign_ups_at_the_same_moment_make_one_account(app: Flask) -> None:
    def prepared() -> tuple[FlaskClient, str]:
        browser = app.test_client()
        token = TOKEN.search(browser.get("/sign-up").text)
        assert token
        return browser, token.group(1)

    browsers = [prepared(), prepared()]
    together = Barrier(2)

    def send(browser: FlaskClient, token: str) -> str:
        together.wait()
        return browser.post("/sign-up", data={"csrf_token": token, **NEW}).location or ""

    with ThreadPoolExecutor(2) as threads:
        answers = [each.result() for each in [threads.submit(send, *browser) for browser in browsers]]
    assert answers == ["/sign-up/sent"] * 2
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_a_wrong_link_says_so_and_offers_another(client: FlaskClient) -> None:
    answer = client.get("/confirm-address/nonsense", follow_redirects=True)
    assert "This link does not work." in answer.text
    assert "Send a new link" in answer.text
