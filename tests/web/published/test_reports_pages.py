"""Reports for our people, their files, and what everybody may know (RULES C-003, C-022, C-043, M-043)."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from migrator.accounts.models import Person
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.support.categories import Category
from tests.conftest import NOW
from tests.factories.people import a_finance_person, sign_in
from tests.factories.tickets import a_hosting_ticket, a_ticket


def answered_tickets(app: Flask, person: Person, by: Person, *, count: int, hours: int = 5) -> None:
    with app.app_context(), transaction() as session:
        for _ in range(count):
            ticket = a_ticket(session, person=person, at=NOW - timedelta(days=2))
            ticket.first_response_at = ticket.opened_at + timedelta(hours=hours)
            ticket.assignee_id = by.id
        a_hosting_ticket(session, person=person, at=NOW - timedelta(days=1), category=Category.BILLING)


def test_the_report_shows_figures_drawings_and_tables(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person
) -> None:
    answered_tickets(app, ines, oksana, count=3)
    sign_in(client, oksana)
    page = client.get("/desk/reports").text
    assert "Wed 28 Oct 2026 to Tue 24 Nov 2026" in page
    assert "5 h, of 3" in page
    assert page.count('role="img"') == 3, "nothing was paused, so nothing of it is drawn"
    assert "There is nothing to draw for this time." in page
    assert "Oksana Levchenko" in page
    assert page.count("Show the numbers") == 3


def test_a_report_asks_the_same_number_of_questions_whatever_there_is(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person
) -> None:
    sign_in(client, oksana)

    def questions() -> int:
        asked: list[object] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *seen: asked.append(seen))
        client.get("/desk/reports")
        return len(asked)

    client.get("/desk/reports")
    before = questions()
    answered_tickets(app, ines, oksana, count=12)
    asked = questions() // 2
    assert asked <= before


@pytest.mark.parametrize("name", ["requests", "answers", "targets-and-aims", "deliveries", "pauses", "maintenance"])
def test_each_table_is_a_file_too(app: Flask, client: FlaskClient, ines: Person, oksana: Person, name: str) -> None:
    answered_tickets(app, ines, oksana, count=2)
    with app.app_context(), transaction() as session:
        finance = a_finance_person(session)
    sign_in(client, finance)
    answer = client.get(f"/desk/reports/{name}.csv?from=2026-11-01&to=2026-11-24")
    assert answer.mimetype == "text/csv"
    assert f'filename="{name}-2026-11-01-to-2026-11-24.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.text)))
    assert all(len(row) == len(rows[0]) for row in rows)


def test_a_name_cannot_become_a_formula(app: Flask, client: FlaskClient, ines: Person, oksana: Person) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Person, oksana.id).name = "=HYPERLINK(1)"
    answered_tickets(app, ines, oksana, count=1)
    sign_in(client, oksana)
    assert "'=HYPERLINK(1)" in client.get("/desk/reports/answers.csv").text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("from=2026-11-24&to=2026-11-01", "Exchange the two days"),
        ("from=2026-01-01&to=2026-11-01", "92 days at most"),
        ("from=yesterday", "two dates that are in the calendar"),
    ],
)
def test_days_that_cannot_be_reported_are_refused_in_words(
    client: FlaskClient, oksana: Person, asked: str, sentence: str
) -> None:
    sign_in(client, oksana)
    answer = client.get(f"/desk/reports?{asked}")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_customers_have_no_reports(client: FlaskClient, ines: Person) -> None:
    sign_in(client, ines)
    assert client.get("/desk/reports").status_code == 404
    assert client.get("/desk/reports/answers.csv").status_code == 404


def test_everybody_reads_what_is_usual_only_from_ten_answers_on(
    app: Flask, client: FlaskClient, ines: Person, oksana: Person
) -> None:
    answered_tickets(app, ines, oksana, count=9)
    page = client.get("/status").text
    assert "too few to say" in page
    assert "5 h" not in page
    answered_tickets(app, ines, oksana, count=1)
    page = client.get("/status").text
    assert "5 h (the middle one of 10)" in page
    assert "100 % of 10" in page
    assert "Oksana" not in page


def test_the_public_page_says_when_background_work_is_late_and_nothing_more(client: FlaskClient) -> None:
    page = client.get("/status").text
    assert "Some work is late" in page
    assert "task" not in page
