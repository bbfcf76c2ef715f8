"""Several people of one organisation: invited, joined, removed; others see nothing of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from tests.factories.accounts import (
    PASSWORD,
    a_person_with_password,
    enter,
    fresh,
    is_signed_in,
    letters,
    link_in,
    submit,
)
from tests.factories.people import sign_in

COLLEAGUE = "colleague@lindqvist.example"


def invite(client: FlaskClient, address: str = COLLEAGUE) -> None:
    assert submit(client, "/account/people", email=address).status_code == 303


def a_colleague(app: Flask, client: FlaskClient, address: str = COLLEAGUE) -> FlaskClient:
    """This will invite somebody who joins and signs in."""
    invite(client, address)
    theirs = app.test_client()
    submit(theirs, link_in(letters(app, address)[-1]), name="Elin Berg", password=PASSWORD)
    submit(theirs, "/sign-in", email=address, password=PASSWORD)
    return theirs


def test_an_invited_colleague_joins_the_organisation(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    sign_in(client, person)
    theirs = a_colleague(app, client)
    assert is_signed_in(theirs)
    page = theirs.get("/account/people").text
    assert "Elin Berg (you)" in page
    assert person.name in page
    (letter,) = letters(app, COLLEAGUE)
    assert letter.subject == f"{person.name} invites you to Lindqvist Books"


def test_an_invitation_is_accepted_once(app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_person_with_password(app))
    a_colleague(app, client)
    again = app.test_client().get(link_in(letters(app, COLLEAGUE)[0]))
    assert again.status_code == 410
    assert "was used, withdrawn or is too old" in again.text


def test_an_invitation_ends_after_seven_days(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    sign_in(client, a_person_with_password(app))
    invite(client)
    link = link_in(letters(app, COLLEAGUE)[0])
    clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert client.get(link).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert client.get(link).status_code == 410
    assert COLLEAGUE not in client.get("/account/people").text


def test_a_withdrawn_invitation_and_an_earlier_one_do_not_work(app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_person_with_password(app))
    invite(client)
    invite(client)
    first, second = (link_in(letter) for letter in letters(app, COLLEAGUE))
    assert client.get(first).status_code == 410
    page = client.get("/account/people").text
    path = page.split('action="/account/people/invitations/')[1].split('"')[0]
    submit(client, f"/account/people/invitations/{path}", form_on="/account/people")
    assert client.get(second).status_code == 410


def test_a_colleague_is_not_invited_again(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    sign_in(client, person)
    answer = submit(client, "/account/people", email=person.email.upper())
    assert answer.status_code == 409
    assert "is one of you already" in answer.text


def test_inviting_somebody_elses_customer_tells_nothing(app: Flask, client: FlaskClient) -> None:
    stranger = a_person_with_password(app)
    sign_in(client, a_person_with_password(app))
    invite(client, stranger.email)
    link = link_in(letters(app, stranger.email)[0])
    answer = submit(app.test_client(), link, name="Somebody", password=PASSWORD)
    assert answer.status_code == 409
    assert "signs in to another account" in answer.text


def test_a_weak_password_is_refused_at_the_field(app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_person_with_password(app))
    invite(client)
    answer = submit(client, link_in(letters(app, COLLEAGUE)[0]), name="Elin Berg", password="elinberg1999")
    assert answer.status_code == 422
    assert "made of your own name" in answer.text
    assert 'value="Elin Berg"' in answer.text


def test_a_removed_colleague_is_out_at_once_and_may_be_invited_again(app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_person_with_password(app))
    theirs = a_colleague(app, client)
    person_id = remove_path(client, "Elin Berg")
    assert submit(client, person_id, form_on="/account/people").status_code == 303
    assert not is_signed_in(theirs)
    assert submit(theirs, "/sign-in", email=COLLEAGUE, password=PASSWORD).status_code == 422
    assert is_signed_in(a_colleague(app, client))


def remove_path(client: FlaskClient, name: str) -> str:
    """This will return where the button “Remove” beside the name leads."""
    before = client.get("/account/people").text.split(f'Remove<span class="hidden"> {name}')[0]
    return "/account/people/" + before.rsplit('action="/account/people/', 1)[1].split('"')[0]


def test_the_last_person_stays(app: Flask, client: FlaskClient) -> None:
    person = a_person_with_password(app)
    sign_in(client, person)
    answer = submit(client, f"/account/people/{person.id}/remove", form_on="/account/people")
    assert answer.status_code == 409
    assert "Invite a colleague first." in answer.text


def test_another_organisations_people_are_invisible_and_untouchable(app: Flask, client: FlaskClient) -> None:
    stranger = a_person_with_password(app)
    strangers = app.test_client()
    sign_in(strangers, stranger)
    invite(strangers)
    sign_in(client, a_person_with_password(app))
    page = client.get("/account/people").text
    assert stranger.email not in page
    assert COLLEAGUE not in page
    invitation = strangers.get("/account/people").text.split('action="/account/people/invitations/')[1].split('"')[0]
    for path in (f"/account/people/{stranger.id}/remove", f"/account/people/invitations/{invitation}"):
        assert submit(client, path, form_on="/account/people").status_code in {404, 409}
    assert fresh(app, stranger).active
    assert strangers.get(link_in(letters(app, COLLEAGUE)[0])).status_code == 200


def test_name_and_zone_are_saved(app: Flask, client: FlaskClient) -> None:
    person: Person = a_person_with_password(app)
    enter(client, person)
    assert submit(client, "/account", name="New Name", zone="Asia/Tokyo").status_code == 303
    changed = fresh(app, person)
    assert (changed.name, changed.zone) == ("New Name", "Asia/Tokyo")
    for wrong in ({"name": "", "zone": "Asia/Tokyo"}, {"name": "New Name", "zone": "Moon/Sea"}):
        assert submit(client, "/account", **wrong).status_code == 422
