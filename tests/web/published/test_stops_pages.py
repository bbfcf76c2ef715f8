"""The stop for abusive language, from the quoted words to the way back (RULES C-032)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.database.session import transaction
from tests.conftest import NOW
from tests.factories.accounts import letters, submit
from tests.factories.fulfilment import a_paid_order
from tests.factories.people import sign_in

WORDS = "“You are a …”"


@pytest.fixture
def desk(app: Flask, oksana: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, oksana)
    return client


@pytest.fixture
def boss(app: Flask, marek: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, marek)
    return client


def propose(desk: FlaskClient, person: Person) -> None:
    answer = submit(desk, "/desk/stops/new", email=f" {person.email.upper()} ", evidence=WORDS, found_in="MIG-7F3K-2")
    assert answer.location == "/desk/stops/1"


def confirm(client: FlaskClient) -> int:
    return submit(client, "/desk/stops/1/confirm", form_on="/desk/stops/1", version="1").status_code


def test_two_people_decide_and_the_customer_reads_neutral_words_alone(
    app: Flask, client: FlaskClient, ines: Person, desk: FlaskClient, boss: FlaskClient
) -> None:
    propose(desk, ines)
    assert confirm(desk) == 409
    assert letters(app, ines.email) == []
    assert confirm(boss) == 303
    (letter,) = letters(app, ines.email)
    assert WORDS not in letter.text_body
    assert "see, export and delete them as before" in letter.text_body
    sign_in(client, ines)
    page = client.get("/account/writing").text
    assert WORDS not in page
    assert "Your orders go on as promised" in page


def test_new_messages_are_refused_with_the_words_kept_and_everything_else_goes_on(
    app: Flask, client: FlaskClient, ines: Person, desk: FlaskClient, boss: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        order = a_paid_order(session, ines, now=NOW)
    propose(desk, ines)
    confirm(boss)
    sign_in(client, ines)
    home = f"/orders/{order.number}"
    refused = submit(client, f"{home}/messages", form_on=home, body="My words are kept")
    assert refused.status_code == 409
    assert "We take no new tickets or messages from you at present" in refused.text
    assert "My words are kept" in refused.text
    assert submit(client, "/ideas/new", title="An idea", body="Words").status_code == 409
    for path in (home, f"{home}/access", f"{home}/documents", "/account", "/contact"):
        assert client.get(path).status_code == 200, path
    answered = submit(desk, f"/desk{home}/messages", form_on=f"/desk{home}", message="We go on with your order.")
    assert answered.status_code == 303


def test_an_appeal_reaches_both_who_decided_and_lifting_opens_the_door_again(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person, marek: Person, desk: FlaskClient, boss: FlaskClient
) -> None:
    propose(desk, ines)
    confirm(boss)
    sign_in(client, ines)
    assert submit(client, "/account/writing", words="").status_code == 422
    assert submit(client, "/account/writing", words="Somebody used my mailbox").status_code == 303
    for person in (oksana, marek):
        assert "Somebody used my mailbox" in letters(app, person.email)[-1].text_body
    assert "Asks to be heard again" in desk.get("/desk/stops").text
    submit(desk, "/desk/stops/1/uphold", form_on="/desk/stops/1", version="3", answer="Please tell us more.")
    assert "Please tell us more." in client.get("/account/writing").text
    lifted = submit(boss, "/desk/stops/1/lift", form_on="/desk/stops/1", version="4", reason="It was somebody else")
    assert lifted.status_code == 303
    assert "You can write to us at any hour" in client.get("/account/writing").text
    assert letters(app, ines.email)[-1].kind == "contact_allowed"


def test_only_customers_are_stopped_and_nobody_twice(desk: FlaskClient, ines: Person, marek: Person) -> None:
    nobody = submit(desk, "/desk/stops/new", email=marek.email, evidence=WORDS, found_in="a call")
    assert nobody.status_code == 404
    assert WORDS in nobody.text, "what was typed is kept"
    propose(desk, ines)
    assert submit(desk, "/desk/stops/new", email=ines.email, evidence=WORDS, found_in="a call").status_code == 409


def test_customers_never_see_the_desk_s_side(client: FlaskClient, ines: Person, desk: FlaskClient) -> None:
    propose(desk, ines)
    sign_in(client, ines)
    assert client.get("/desk/stops/1").status_code == 404
    assert client.get("/desk/stops").status_code == 404
