"""A customer asks: help first, what must be there, files, one ticket for two presses."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.support.models import Ticket
from tests.factories.people import a_customer, sign_in
from tests.factories.stages import an_unpaid_order
from tests.factories.tickets import BODY, a_ticket

TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
ABOUT = {"desk": "migration", "category": "service_question", "subject": "Where are my pictures?"}


@pytest.fixture
def person(app: Flask, client: FlaskClient) -> Person:
    with app.app_context(), transaction() as session:
        found = a_customer(session)
    sign_in(client, found)
    return found


def details(**about: str) -> str:
    return f"/support/new/details?{urlencode({**ABOUT, **about})}"


def send(client: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """This will send the form of the second step as its page shows it, with what was typed."""
    given = {"token": token_of(client, address), "language": "en", "description": BODY}
    return client.post(address, data={**given, **typed}, content_type="multipart/form-data")


def token_of(client: FlaskClient, address: str) -> str:
    """This will return what the page of the second step tells one press from another by."""
    found = TOKEN.search(client.get(address).text)
    assert found
    return found.group(1)


def tickets(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_nobody_asked_yet_is_told_what_to_do(client: FlaskClient, person: Person) -> None:
    page = client.get("/support").text
    assert "No requests yet" in page
    assert "/support/new" in page


def test_the_subject_is_asked_first_and_leads_on_to_help(client: FlaskClient, person: Person) -> None:
    """RULES C-005, C-024."""
    assert "My assisted migration" in client.get("/support/new").text
    assert client.get("/support/new?subject=&category=").status_code == 422
    answer = client.get(f"/support/new?{urlencode(ABOUT)}", follow_redirects=True)
    assert answer.text.count("/support/help/") <= 3
    assert "Pictures are missing after the migration" in answer.text
    assert "None of these helped – continue" in answer.text
    assert "Pictures are moved when" in client.get("/support/help/missing-pictures").text


def test_a_subject_without_help_goes_straight_to_the_form(client: FlaskClient, person: Person) -> None:
    page = client.get(details(subject="Ω")).text
    assert "None of these helped" not in page
    assert "What happens?" in page


def test_a_request_gets_its_number_and_the_date_of_its_answer(client: FlaskClient, person: Person) -> None:
    """RULES C-015, C-021: the receipt shows by when."""
    answer = send(client, details())
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "We have your request. Its number is TIC-" in page
    assert "Answer by Fri 27 Nov 2026, 11:00" in page
    assert "72 working hours from Tue 24 Nov, 11:00." in page
    assert "Show the count" in page
    assert "Where are my pictures?" in client.get("/support").text


def test_two_presses_make_one_ticket(app: Flask, client: FlaskClient, person: Person) -> None:
    fields = {"token": token_of(client, details()), "description": BODY, "language": "en"}
    first, second = (client.post(details(), data=fields) for _ in range(2))
    assert first.location == second.location
    assert tickets(app) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"description": ""}, "Describe what happens in at least 30 characters"),
        ({"description": "x" * 29}, "Describe what happens in at least 30 characters"),
        ({"description": "x" * 5_001}, "Use 5,000 characters or less"),
        ({"error_text": "\u202egnp"}, "characters that cannot be seen"),
        ({"language": "klingon"}, "Choose a language from the list"),
    ],
)
def test_what_cannot_be_taken_gets_its_sentence_and_nothing_is_lost(
    app: Flask, client: FlaskClient, person: Person, typed: dict[str, str], sentence: str
) -> None:
    """RULES C-029."""
    answer = send(client, details(), expected="A full shop", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A full shop" in answer.text
    assert tickets(app) == 0


def test_the_migration_must_be_named_and_must_be_ones_own(app: Flask, client: FlaskClient) -> None:
    """RULES C-028."""
    with app.app_context(), transaction() as session:
        mine, other = an_unpaid_order(session), an_unpaid_order(session)
        sign_in(client, mine.placed_by)
        own, foreign = mine.number, other.number
    address = details(category="troubleshooting")
    assert "Choose the migration that it is about" in send(client, address).text
    assert "Choose the migration that it is about" in send(client, address, order=foreign).text
    answer = send(client, address, order=own)
    assert answer.status_code == 303
    assert own in client.get(answer.location).text


def test_another_language_is_best_effort(client: FlaskClient, person: Person) -> None:
    """RULES M-032."""
    page = client.get(send(client, details(), language="de").location).text
    assert "Written in: German. English is guaranteed; with other languages we do our best." in page


def test_files_come_with_the_request_and_are_handed_out_to_be_saved(client: FlaskClient, person: Person) -> None:
    files = [(BytesIO(PNG), "shots/a\u202egnp.png"), (BytesIO(b"line one\nline two\n"), "server.log")]
    page = client.get(send(client, details(), files=files).location).text
    assert "agnp.png" in page
    address = page.split('class="bare thread-files"')[1].split('href="')[1].split('"')[0]
    answer = client.get(address)
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"] == "attachment; filename=agnp.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([(BytesIO(b"MZ\x90\x00"), "setup.exe")], "We do not take files like"),
        ([(BytesIO(b"<svg/>"), "a.svg")], "We do not take files like"),
        ([(BytesIO(b"<html><script>"), "a.png")], "does not hold what its name says"),
        ([(BytesIO(PNG), "a.txt")], "does not hold what its name says"),
        ([(BytesIO(b""), "a.png")], "is empty"),
        ([(BytesIO(PNG), f"{n}.png") for n in range(6)], "Send at most 5 files"),
        ([(BytesIO(PNG + b"\0" * 10 * 1024 * 1024), "a.png")], "is larger than 10 MB"),
    ],
    ids=["program", "svg", "page as picture", "picture as text", "empty", "six", "large"],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_the_words_are_kept(
    app: Flask, client: FlaskClient, person: Person, files: list[Any], sentence: str
) -> None:
    answer = send(client, details(), files=files)
    assert answer.status_code == 409
    assert sentence in answer.text
    assert BODY in answer.text.replace("&#39;", "'")
    assert tickets(app) == 0


def test_files_are_taken_nowhere_else(client: FlaskClient, person: Person) -> None:
    for path in ("/theme", "/orders"):
        data = {"next": "/", "file": (BytesIO(PNG), "a.png")}
        assert client.post(path, data=data, content_type="multipart/form-data").status_code == 400


def test_a_request_of_somebody_else_is_not_there(app: Flask, client: FlaskClient, person: Person) -> None:
    with app.app_context(), transaction() as session:
        number = a_ticket(session).number
    assert client.get(f"/support/{number}").status_code == 404
    assert client.get(f"/support/{number}/files/1").status_code == 404
    assert client.post(f"/support/{number}/messages", data={"body": "Hello"}).status_code == 404
    assert client.post(f"/support/{number}/close").status_code == 404
    assert client.get("/support/TIC-0000-0").status_code == 404


def test_the_list_comes_in_pages(app: Flask, client: FlaskClient, person: Person) -> None:
    with app.app_context(), transaction() as session:
        for number in range(22):
            a_ticket(session, person=person, subject=f"Question number {number}")
    first = client.get("/support").text
    assert "Question number 21" in first
    assert "Question number 1<" not in first
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = client.get(address).text
    assert "Question number 1<" in second
    assert "Question number 0<" in second
