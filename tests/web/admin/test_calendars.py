"""The administrator's page of calendars."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.calendars.models import FilledYear
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from tests.factories.people import a_customer, an_administrator, sign_in

PAGE = "/admin/calendars"


@pytest.fixture
def administrator(app: Flask, client: FlaskClient) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        person = an_administrator(session, name="Ada Admin")
        session.flush()
        sign_in(client, person)
    return client


def years(app: Flask) -> set[int]:
    with app.app_context(), reading() as session:
        return set(session.scalars(select(FilledYear.year)))


def test_it_shows_the_years_with_source_and_closed_days(administrator: FlaskClient) -> None:
    text = administrator.get(PAGE).text
    assert "Ukraine, working days of 24 hours" in text
    assert "Labour Code of Ukraine, read from holidays" in text
    assert "Filled on Tue 24 Nov 2026, 11:00" in text
    assert "Day off for New Year" in text
    assert "not filled</h2>" not in text


@pytest.mark.parametrize(
    ("today", "missing", "kind"),
    [
        (datetime(2027, 6, 1, tzinfo=UTC), "2029 is not filled", "banner-attention"),
        (datetime(2028, 10, 31, 12, tzinfo=UTC), "2029 and 2030 are not filled", "banner-attention"),
        (datetime(2028, 11, 1, 12, tzinfo=UTC), "2029 and 2030 are not filled", "banner-problem"),
        (datetime(2028, 12, 31, 12, tzinfo=UTC), "2029 and 2030 are not filled", "banner-problem"),
    ],
)
def test_a_missing_year_is_named_and_presses_from_november(
    administrator: FlaskClient, clock: FileClock, today: datetime, missing: str, kind: str
) -> None:
    clock.set(today)
    text = administrator.get(PAGE).text
    assert missing in text
    assert kind in text


def test_the_next_year_is_filled_by_the_button_once(app: Flask, administrator: FlaskClient) -> None:
    assert f'action="{PAGE}/years/2029"' in administrator.get(PAGE).text
    answer = administrator.post(f"{PAGE}/years/2029")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "2029 is filled." in administrator.get(PAGE).text
    administrator.post(f"{PAGE}/years/2029")
    assert "2029 was filled before and stays as it is." in administrator.get(PAGE).text
    assert years(app) == {2026, 2027, 2028, 2029}


def test_the_history_says_who_filled_it(app: Flask, administrator: FlaskClient) -> None:
    administrator.post(f"{PAGE}/years/2029")
    with app.app_context(), reading() as session:
        names = session.scalars(select(HistoryEntry.actor_name).where(HistoryEntry.facts["year"].as_integer() == 2029))
        assert set(names) == {"Ada Admin"}


@pytest.mark.parametrize(("year", "sentence"), [(2030, "fill 2029 first"), (2032, "too far ahead"), (0, "gap")])
def test_a_year_that_does_not_follow_is_refused(
    app: Flask, administrator: FlaskClient, year: int, sentence: str
) -> None:
    answer = administrator.post(f"{PAGE}/years/{year}")
    assert answer.status_code == 409
    assert sentence in answer.text
    assert years(app) == {2026, 2027, 2028}


def test_the_button_rests_where_a_year_is_too_far_ahead(administrator: FlaskClient) -> None:
    for year in (2029, 2030, 2031):
        administrator.post(f"{PAGE}/years/{year}")
    assert "2032 is too far ahead: years are filled up to 2031." in administrator.get(PAGE).text


def test_customers_find_no_such_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))
    assert client.get(PAGE).status_code == 404
