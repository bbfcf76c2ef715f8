"""News as everybody reads it, as a feed, and as our people write it."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as Xml

from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from tests.conftest import NOW
from tests.factories.accounts import submit
from tests.factories.people import sign_in

ATOM = "{http://www.w3.org/2005/Atom}"
NEWS = {
    "title": "New prices <soon>",
    "body": "From January.\n\nOld orders keep theirs.",
    "shown_from": "2026-11-24T12:00",
}


def test_news_is_read_from_its_moment_on_by_everybody(
    app: Flask, client: FlaskClient, oksana: Person, clock: FileClock
) -> None:
    sign_in(client, oksana)
    assert submit(client, "/admin/news/new", **NEWS).status_code == 303
    assert "Not shown yet" in client.get("/admin/news").text
    visitor = app.test_client()
    assert "New prices" not in visitor.get("/news").text
    assert visitor.get("/news/1").status_code == 404
    clock.set(NOW + timedelta(hours=1))
    assert "New prices &lt;soon&gt;" in visitor.get("/news").text
    assert "Old orders keep theirs." in visitor.get("/news/1").text


def test_the_feed_is_well_formed_and_answers_unchanged(
    app: Flask, client: FlaskClient, oksana: Person, clock: FileClock
) -> None:
    empty = Xml.fromstring(client.get("/news.atom").data)
    assert empty.findtext(f"{ATOM}updated")
    sign_in(client, oksana)
    submit(client, "/admin/news/new", **NEWS)
    clock.set(NOW + timedelta(hours=1))
    answer = app.test_client().get("/news.atom")
    assert answer.mimetype == "application/atom+xml"
    (entry,) = Xml.fromstring(answer.data).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == NEWS["title"]
    assert entry.findtext(f"{ATOM}id") == "http://localhost/news/1"
    again = client.get("/news.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_second_press_writes_nothing_twice_and_a_wrong_form_keeps_the_words(
    client: FlaskClient, oksana: Person
) -> None:
    sign_in(client, oksana)
    submit(client, "/admin/news/new", **NEWS)
    twice = submit(client, "/admin/news/new", **NEWS)
    assert twice.status_code == 409
    assert "written already" in twice.text
    wrong = submit(client, "/admin/news/new", title="", body="Kept words", shown_from="tomorrow")
    assert wrong.status_code == 422
    assert "Kept words" in wrong.text


def test_who_looks_at_an_old_page_changes_nothing(client: FlaskClient, oksana: Person) -> None:
    sign_in(client, oksana)
    submit(client, "/admin/news/new", **NEWS)
    changed = {**NEWS, "title": "Prices stay"}
    assert submit(client, "/admin/news/1", version="1", **changed).status_code == 303
    stale = submit(client, "/admin/news/1", version="1", **NEWS)
    assert stale.status_code == 409
    assert submit(client, "/admin/news/1/withdraw", form_on="/admin/news/1", version="2").status_code == 303
    assert client.get("/news/1").status_code == 404
    assert "Withdrawn" in client.get("/admin/news").text


def test_nobody_but_our_people_writes_news(client: FlaskClient, ines: Person) -> None:
    sign_in(client, ines)
    assert client.get("/admin/news/new").status_code == 404
