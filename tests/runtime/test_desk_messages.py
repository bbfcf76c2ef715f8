"""The staff's page of messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.database.session import transaction
from tests.factories.crowd import statements
from tests.factories.people import a_customer, a_finance_person, an_account_manager, sign_in
from tests.runtime.conftest import Owe
from tests.runtime.mail_server import MailServer

MakePerson = Callable[..., Person]


def signed_in(app: Flask, client: FlaskClient, make: MakePerson) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        with transaction() as session:
            person = make(session)
        sign_in(client, person)


def test_given_up_messages_come_first_with_the_reason_and_can_be_tried_again(
    app: Flask, client: FlaskClient, owed: Owe, deliver: Callable[[], int], mail_server: MailServer
) -> None:
    mail_server.answers["gone@atelier.example"] = "550 No such mailbox here"
    refused = owed(address="gone@atelier.example", subject="Paused for a password")
    owed(subject="Your offer")
    deliver()
    signed_in(app, client, an_account_manager)
    page = client.get("/desk/messages").text
    assert page.index("Paused for a password") < page.index("Your offer")
    assert "550 No such mailbox here" in page
    mail_server.answers.clear()
    answer = client.post(f"/desk/messages/{refused}/try-again", follow_redirects=True)
    assert "is being sent again" in answer.text
    assert deliver() == 1
    assert "Messages that were given up" not in client.get("/desk/messages").text


def test_a_message_that_was_sent_cannot_be_tried_again(
    app: Flask, client: FlaskClient, owed: Owe, deliver: Callable[[], int]
) -> None:
    owed_id = owed()
    deliver()
    signed_in(app, client, an_account_manager)
    answer = client.post(f"/desk/messages/{owed_id}/try-again")
    assert answer.status_code == 409
    assert "nothing to try again" in answer.text


def test_staff_read_what_customers_were_told_but_no_personal_links(app: Flask, client: FlaskClient, owed: Owe) -> None:
    told = owed(kind="quote_offered", text="The price is $2,190.00.\n")
    link = owed(kind="account_reset", text="http://localhost/reset/abcdef\n")
    signed_in(app, client, an_account_manager)
    assert "The price is $2,190.00." in client.get(f"/desk/messages/{told}").text
    page = client.get(f"/desk/messages/{link}").text
    assert "abcdef" not in page
    assert "only its reader sees the words" in page


def test_sent_messages_are_shown_fifty_at_a_time(
    app: Flask, client: FlaskClient, owed: Owe, deliver: Callable[[], int]
) -> None:
    for number in range(51):
        owed(cause=f"pause:{number}", subject=f"Message <{number}>")
    assert deliver() == 51
    signed_in(app, client, an_account_manager)
    page = client.get("/desk/messages").text
    assert "Message &lt;50&gt;" in page
    assert "Message &lt;0&gt;" not in page
    second = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Message &lt;0&gt;" in client.get(second).text


def test_messages_are_found_by_kind_state_and_receiver_a_page_at_a_time(
    app: Flask, client: FlaskClient, owed: Owe, deliver: Callable[[], int]
) -> None:
    for number in range(51):
        owed(kind="ticket_received", cause=f"ticket:{number}", subject=f"Request <{number}>")
    owed(kind="quote_offered", address="rui@atelier.example", subject="Your offer")
    assert deliver() == 52
    owed(kind="quote_offered", cause="later", address="rui@atelier.example", subject="Another offer")
    signed_in(app, client, an_account_manager)
    page = client.get("/desk/messages?kind=ticket_received").text
    assert "Request &lt;50&gt;" in page
    assert "Your offer" not in page
    second = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Request &lt;0&gt;" in client.get(second).text
    theirs = client.get("/desk/messages?to=RUI@atelier.example&state=sent").text
    assert "Your offer" in theirs
    assert "Another offer" not in theirs
    assert "No message is like this" in client.get("/desk/messages?to=nobody@x.example&kind=nonsense").text


@pytest.mark.parametrize("messages", [0, 10, 60])
def test_the_page_asks_three_questions_however_many_messages_there_are(
    app: Flask, client: FlaskClient, owed: Owe, messages: int
) -> None:
    for number in range(messages):
        owed(cause=f"pause:{number}")
    signed_in(app, client, an_account_manager)
    with app.app_context(), statements() as sent:
        assert client.get("/desk/messages").status_code == 200
    assert len(sent) == 3


@pytest.mark.parametrize("make", [a_customer, a_finance_person])
def test_others_do_not_see_the_messages(app: Flask, client: FlaskClient, owed: Owe, make: MakePerson) -> None:
    owed_id = owed()
    signed_in(app, client, make)
    for path in ("/desk/messages", f"/desk/messages/{owed_id}"):
        assert client.get(path).status_code == 404
    assert client.post(f"/desk/messages/{owed_id}/try-again").status_code == 404


def test_an_unknown_message_is_not_found(app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, an_account_manager)
    assert client.get("/desk/messages/1").status_code == 404
