"""Ideas as customers suggest and want them, and as our people answer them (RULES C-007)."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.database.session import transaction
from migrator.support.categories import Category
from tests.factories.accounts import letters, submit
from tests.factories.people import sign_in
from tests.factories.tickets import a_ticket

IDEA = {"title": "Move comments <too>", "body": "So that nothing is lost."}


def suggested(client: FlaskClient, person: Person) -> None:
    sign_in(client, person)
    assert submit(client, "/ideas/new", **IDEA).location == "/ideas/1"


def test_an_idea_is_public_without_its_author_s_name(app: Flask, client: FlaskClient, ines: Person) -> None:
    suggested(client, ines)
    page = app.test_client().get("/ideas").text
    assert "Move comments &lt;too&gt;" in page
    assert ines.name not in page
    assert "Sign in to vote" in page
    assert submit(client, "/ideas/new", **IDEA).status_code == 409, "a second press suggests nothing twice"


def test_a_vote_is_given_once_and_can_be_taken_back(app: Flask, client: FlaskClient, ines: Person) -> None:
    suggested(client, ines)
    assert "Take my vote back" in client.get("/ideas/1").text
    submit(client, "/ideas/1/vote", form_on="/ideas/1", vote="yes")
    assert "<strong>1</strong>" in client.get("/ideas/1").text
    submit(client, "/ideas/1/vote", form_on="/ideas/1", vote="back")
    assert "<strong>0</strong>" in client.get("/ideas/1").text


def test_who_is_not_signed_in_votes_for_nothing(app: Flask, client: FlaskClient, ines: Person) -> None:
    suggested(client, ines)
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/ideas/1/vote", data={"vote": "yes"}).location == "/sign-in"
    assert "<strong>1</strong>" in client.get("/ideas/1").text


def test_the_author_is_told_what_we_make_of_it(app: Flask, client: FlaskClient, ines: Person, oksana: Person) -> None:
    suggested(client, ines)
    desk = app.test_client()
    sign_in(desk, oksana)
    refused = submit(desk, "/desk/ideas/1", version="1", state="declined", answer="")
    assert refused.status_code == 409
    assert "Give the reason" in refused.text
    said = {"version": "1", "state": "declined", "answer": "Forums keep them elsewhere."}
    assert submit(desk, "/desk/ideas/1", **said).status_code == 303
    (letter,) = letters(app, ines.email)
    assert "Forums keep them elsewhere." in letter.text_body
    assert "Forums keep them elsewhere." in client.get("/ideas?state=declined").text
    assert "Move comments" not in client.get("/ideas?state=new").text


def test_what_is_taken_off_the_list_opens_for_nobody_else(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person
) -> None:
    suggested(client, ines)
    desk = app.test_client()
    sign_in(desk, oksana)
    submit(desk, "/desk/ideas/1/hide", form_on="/desk/ideas/1", version="1", reason="It holds a password")
    assert client.get("/ideas/1").status_code == 404
    assert "Off the list" in desk.get("/desk/ideas?state=hidden").text
    submit(desk, "/desk/ideas/1/show", form_on="/desk/ideas/1", version="2")
    assert client.get("/ideas/1").status_code == 200


def test_made_up_addresses_show_the_list_as_it_is(client: FlaskClient) -> None:
    assert client.get("/ideas?state=nothing&after=x-y").status_code == 200
    assert "No idea here yet" in client.get(f"/ideas?after={'9' * 30}-1").text
    assert client.get("/ideas/99").status_code == 404


def test_a_ticket_becomes_an_idea_in_our_words_and_its_customer_is_told_where(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person
) -> None:
    with app.app_context(), transaction() as session:
        number = a_ticket(session, person=ines, category=Category.IDEA, subject="Captions please").number
    desk = app.test_client()
    sign_in(desk, oksana)
    form = f"/desk/tickets/{number}/idea"
    assert "Captions please" in desk.get(form).text
    assert form in desk.get(f"/desk/tickets/{number}").text
    answer = submit(desk, form, title="Keep the captions", body="They are half of the story.")
    assert answer.location == "/desk/ideas/1"
    assert "http://localhost/ideas/1" in letters(app, ines.email)[-1].text_body
    sign_in(client, ines)
    assert "Take my vote back" in client.get("/ideas/1").text
    again = submit(desk, form, form_on="/desk/ideas/1", title="Captions", body="In other words, the same.")
    assert again.status_code == 409
    assert "is on the list of ideas already, as “Keep the captions”" in again.text
    assert desk.get(form).location == "/desk/ideas/1"
    assert "/desk/ideas/1" in desk.get(f"/desk/tickets/{number}").text
