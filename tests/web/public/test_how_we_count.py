"""The policy page: its promises, its closed days, its example, and a date to try."""

from __future__ import annotations

import re
from datetime import date

import icalendar
import pytest
from flask.testing import FlaskClient

from migrator.policy.loading import migration_desk

PAGE = "/how-we-count"


def what_if(client: FlaskClient, **asked: str) -> tuple[int, str]:
    question = {"start_on": "2026-11-24", "start_time": "11:00", "working_days": "7", **asked}
    answer = client.get(PAGE, query_string=question)
    return answer.status_code, answer.text


def test_each_promise_has_its_anchor_its_rule_and_its_grade(client: FlaskClient) -> None:
    text = client.get(PAGE).text
    for promise in migration_desk().promises:
        section = re.search(rf'<section id="{promise.anchor}".*?</section>', text, re.DOTALL)
        assert section is not None, promise.anchor
        assert f"Rule {promise.rule}" in section[0]
        assert re.search("Guaranteed|Agreed with you|We aim", section[0])


def test_the_page_names_its_version_and_its_day(client: FlaskClient) -> None:
    assert "version 1, in force since Sun 1 Nov 2026" in client.get(PAGE).text


def test_the_example_is_the_one_of_the_rule_book(client: FlaskClient) -> None:
    text = client.get(PAGE).text
    assert "Ready by Mon 7 Dec 2026, 08:00" in text
    assert "7 working days from Tue 24 Nov, 11:00, plus 45 working hours while we waited for the FTP password." in text


def test_it_says_whether_the_desk_is_open(client: FlaskClient) -> None:
    assert "Open now, closes 19:00 Kyiv" in client.get(PAGE).text


def test_every_closed_day_is_listed_with_its_ukrainian_name_and_its_source(client: FlaskClient) -> None:
    text = client.get(PAGE).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", text, re.DOTALL)
    assert len(rows) == 47
    row = next(row for row in rows if "Mon 3 Jan 2028" in row)
    assert "Substitute for Sat 1 Jan 2028" in row
    assert '<span lang="uk">Вихідний за: Новий рік</span>' in row
    assert "article 67" in row


def test_a_date_is_worked_out_with_its_days(client: FlaskClient) -> None:
    status, text = what_if(client)
    assert status == 200
    assert "Ready by Thu 3 Dec 2026, 11:00" in text
    assert 'id="answer-count"' in text


def test_an_unasked_page_proposes_the_present(client: FlaskClient) -> None:
    text = client.get(PAGE, query_string={"source": "mail"}).text
    assert 'value="2026-11-24"' in text
    assert 'value="11:00"' in text
    assert "There is a problem" not in text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("start_on", "", "Enter a date that is in the calendar"),
        ("start_on", "2026-02-30", "Enter a date that is in the calendar"),
        ("start_on", "tomorrow", "Enter a date that is in the calendar"),
        ("start_on", "2025-12-31", "Enter a date from Thu 1 Jan 2026 to Sun 31 Dec 2028"),
        ("start_on", "9999-12-31", "Enter a date from Thu 1 Jan 2026 to Sun 31 Dec 2028"),
        ("start_time", "25:00", "Enter a time from 00:00 to 23:59"),
        ("working_days", "", "Enter the working days as a whole number from 1 to 500"),
        ("working_days", "0", "Enter the working days as a whole number from 1 to 500"),
        ("working_days", "-7", "Enter the working days as a whole number from 1 to 500"),
        ("working_days", "seven", "Enter the working days as a whole number from 1 to 500"),
        ("working_days", "7.5", "Enter the working days as a whole number from 1 to 500"),
        ("working_days", "9" * 5000, "Enter the working days as a whole number from 1 to 500"),
    ],
)
def test_what_cannot_be_counted_is_refused_at_its_field(
    client: FlaskClient, field: str, typed: str, sentence: str
) -> None:
    status, text = what_if(client, **{field: typed})
    assert status == 422
    assert f'<a href="#{field}">{sentence}' in text
    assert f'id="{field}-error"' in text
    assert f'value="{typed}"' in text


def test_a_date_past_the_last_filled_year_is_refused_in_words(client: FlaskClient) -> None:
    status, text = what_if(client, start_on="2028-12-22")
    assert status == 409
    assert "We know the closed days up to Sun 31 Dec 2028. Enter fewer working days" in text
    assert 'value="2028-12-22"' in text


def test_a_time_that_a_clock_change_skips_is_still_answered(client: FlaskClient) -> None:
    status, text = what_if(client, start_on="2026-03-29", start_time="03:30", working_days="1")
    assert status == 200
    assert "end of Mon 30 Mar 2026" in text


def test_the_closed_days_can_be_subscribed_to(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/closed-days.ics")
    assert answer.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(events) == 47
    christmas = next(event for event in events if event["SUMMARY"] == "Closed: Christmas")
    assert (christmas["DTSTART"].dt, christmas["DTEND"].dt) == (date(2026, 12, 25), date(2026, 12, 26))
    assert len({event["UID"] for event in events}) == 47
    assert client.get(f"{PAGE}/closed-days.ics").data == answer.data
    unchanged = client.get(f"{PAGE}/closed-days.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304
