"""Months by page: who stands in the way, locking, opening again by two, and the files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import transaction
from tests.factories.books import MONTH, a_finished_run, a_locked_month, an_order_in_the_books
from tests.factories.people import a_finance_person, an_account_manager, sign_in

ADDRESS = f"/finance/months/{MONTH}"


@pytest.fixture
def backend() -> str:
    """Pages are the same on both databases."""
    return "sqlite"


@pytest.fixture
def finance(app: Flask, client: FlaskClient) -> Person:
    """Somebody of finance who is signed in, with an October that can be proven."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        an_order_in_the_books(session, insurance_plan=1)
        a_finished_run(session)
        person = a_finance_person(session)
    sign_in(client, person)
    return person


def test_months_are_listed_with_their_figures_and_lead_to_the_rows(client: FlaskClient, finance: Person) -> None:
    page = client.get("/finance/months").text
    for words in ("October 2026", "November 2026", "$266.43", "$17.43", f"{ADDRESS}/paid"):
        assert words in page
    for figure, words in (
        ("invoiced", "INV-2026-0001"),
        ("paid", "MIG-"),
        ("insurance", "$17.43"),
        ("open", "Nothing here"),
    ):
        assert words in client.get(f"{ADDRESS}/{figure}").text


def test_a_month_is_reviewed_and_locked_and_shows_its_seal(client: FlaskClient, finance: Person) -> None:
    assert "Take into review" in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}/review").status_code == 303
    assert "Lock October 2026" in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}/lock").status_code == 303
    page = client.get(ADDRESS).text
    assert "Computed again now: the same." in page
    exported = client.get(f"/finance/exports/journal.csv?month={MONTH}").data
    assert sha256(exported).hexdigest() in page
    lines = client.get(f"/finance/exports/insurance.csv?month={MONTH}").data
    assert sha256(lines).hexdigest() in page
    assert "Locked" in client.get("/finance/months").text


def test_what_stands_in_the_way_is_named_and_a_press_changes_nothing(
    app: Flask, client: FlaskClient, finance: Person
) -> None:
    address = "/finance/months/2026-11"
    assert "It can be locked from Tue 1 Dec 2026 on." in client.get(address).text
    client.post(f"{address}/review")
    answer = client.post(f"{address}/lock")
    assert answer.status_code == 409
    assert "November 2026 cannot be locked yet. It can be locked from Tue 1 Dec 2026 on. October 2026" in answer.text
    assert client.post(f"{address}/stop").status_code == 303
    assert client.post(f"{address}/stop").status_code == 409


def test_opening_again_takes_a_reason_and_a_second_person(app: Flask, client: FlaskClient, finance: Person) -> None:
    with app.app_context(), transaction() as session:
        a_locked_month(session, finance)
        other = a_finance_person(session)
    assert client.post(f"{ADDRESS}/reopen").status_code == 422
    assert client.post(f"{ADDRESS}/reopen", data={"reason": "A fee was forgotten"}).status_code == 303
    own = client.get(ADDRESS).text
    assert "A fee was forgotten" in own
    assert "Open the month again</button>" not in own
    refused = client.post(f"{ADDRESS}/confirm", data={"answer": "open"})
    assert (refused.status_code, "Another person has to confirm this" in refused.text) == (409, True)
    second = app.test_client()
    sign_in(second, other)
    assert second.post(f"{ADDRESS}/confirm", data={"answer": "open"}).status_code == 303
    page = client.get(ADDRESS).text
    for words in ("Opened again", "A fee was forgotten", "Take into review"):
        assert words in page


@pytest.mark.parametrize(
    "path", ["2026-13", "2026-1", "нет", "2026-11-01", "1999-12", f"{MONTH}/nothing", f"{MONTH}/paid?after=x"]
)
def test_a_month_or_figure_that_there_is_not_is_not_found(client: FlaskClient, finance: Person, path: str) -> None:
    assert client.get(f"/finance/months/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/finance/months", ADDRESS, "/finance/exports", "/finance/reports", "/finance/exports/journal.csv?month=2026-10"],
)
def test_only_finance_and_administrators_enter(app: Flask, client: FlaskClient, path: str) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, an_account_manager(session))
    assert client.get(f"/finance/{path}").status_code == 404


def test_the_files_are_offered_with_their_filter(client: FlaskClient, finance: Person) -> None:
    assert "October 2026" in client.get("/finance/exports").text
    answer = client.get(f"/finance/exports/insurance.csv?month={MONTH}&plan=1&state=sold")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="insurance-{MONTH}-plan-1-sold.csv"'
    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["charged_premium"] == "17.43"
    workbook = client.get("/finance/exports/insurance.xlsx")
    assert workbook.data[:2] == b"PK"
    assert workbook.data == client.get("/finance/exports/insurance.xlsx").data


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("insurance.csv?month=2031-01", "Choose a month from the list"),
        ("insurance.csv?plan=9", "Choose a plan from the list"),
        ("insurance.csv?state=нет", "Choose a state from the list"),
        ("journal.csv", "choose one"),
    ],
)
def test_a_filter_that_there_is_not_is_said(client: FlaskClient, finance: Person, query: str, words: str) -> None:
    answer = client.get(f"/finance/exports/{query}")
    assert (answer.status_code, words in answer.text) == (422, True)


def test_drawings_come_with_their_tables(app: Flask, client: FlaskClient, finance: Person) -> None:
    page = client.get("/finance/reports").text
    for words in (
        "Revenue by family",
        "Premiums sold and earned",
        "Loss ratio",
        "Premiums paid and not earned",
        "$17.43",
    ):
        assert words in page


def test_before_anything_was_posted_the_pages_say_so(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    clock.set(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    with app.app_context(), transaction() as session:
        sign_in(client, a_finance_person(session))
    assert "Nothing was posted yet" in client.get("/finance/reports").text
    assert "November 2026" in client.get("/finance/months").text
    assert client.get("/finance/exports/insurance.csv").text.count("\r\n") == 1
