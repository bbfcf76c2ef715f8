"""The one wording of dates, times and durations (RULES D-4)."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.clock.deadline import Target, Unit
from migrator.clock.explanation import explain
from migrator.clock.wording import (
    Ladder,
    day_text,
    duration_text,
    end_text,
    hours_text,
    instant_text,
    listed_text,
    place_text,
    promise_line,
    target_text,
    viewer_text,
    waiting_text,
)
from tests.clock.examples import at, dates, kyiv, working_days, working_hours

ZONE = "Europe/Kyiv"


def test_a_day_has_its_weekday_and_no_leading_zero() -> None:
    assert day_text(date(2026, 12, 7)) == "Mon 7 Dec 2026"


@pytest.mark.parametrize(
    ("moment", "text", "ending"),
    [
        ("2026-12-07T08:00", "Mon 7 Dec 2026, 08:00", "Mon 7 Dec 2026, 08:00"),
        ("2026-12-07T08:00:05", "Mon 7 Dec 2026, 08:00:05", "Mon 7 Dec 2026, 08:00:05"),
        ("2026-12-03T00:00", "Thu 3 Dec 2026, 00:00", "end of Wed 2 Dec 2026"),
        ("2027-01-01T00:00", "Fri 1 Jan 2027, 00:00", "end of Thu 31 Dec 2026"),
        ("2026-12-03T00:00:01", "Thu 3 Dec 2026, 00:00:01", "Thu 3 Dec 2026, 00:00:01"),
    ],
)
def test_an_instant_at_24_o_clock_ends_the_day_before(moment: str, text: str, ending: str) -> None:
    assert instant_text(at(moment), ZONE) == text
    assert end_text(at(moment), ZONE) == ending


@pytest.mark.parametrize(
    ("seconds", "short", "long"),
    [
        (0, "0 h", "0 working hours"),
        (3_600, "1 h", "1 working hour"),
        (45 * 3_600, "45 h", "45 working hours"),
        (9_000, "2 h 30 min", "2 h 30 min of working time"),
        (725, "12 min 5 s", "12 min 5 s of working time"),
        (1_234 * 3_600, "1234 h", "1,234 working hours"),
    ],
)
def test_a_duration_is_exact(seconds: int, short: str, long: str) -> None:
    assert (hours_text(seconds), duration_text(seconds)) == (short, long)


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        ("2026-12-07T08:00", None, ""),
        ("2026-12-07T08:00", "Europe/Kyiv", ""),
        ("2026-12-07T08:00", "Europe/Helsinki", ""),
        ("2026-12-07T08:00", "Europe/Berlin", "(07:00 your time)"),
        ("2026-12-07T08:00", "America/Los_Angeles", "(Sun 6 Dec, 22:00 your time)"),
        ("2026-12-07T20:00", "Asia/Tokyo", "(Tue 8 Dec, 03:00 your time)"),
        ("2026-12-03T00:00", "Europe/Berlin", "(23:00 your time)"),
        ("2026-12-03T00:00", "Asia/Tokyo", "(Thu 3 Dec, 07:00 your time)"),
        ("2026-12-03T07:00", "America/New_York", "(end of Wed 2 Dec your time)"),
    ],
)
def test_the_reader_sees_the_own_time_where_it_differs(moment: str, zone: str | None, text: str) -> None:
    assert viewer_text(at(moment), ZONE, viewer_zone=zone) == text


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (working_days(1), "1 working day"),
        (working_days(7), "7 working days"),
        (working_hours(72), "72 working hours"),
        (dates(14), "14 days"),
        (Target(Unit.MINUTES, 15), "15 minutes"),
        (Target(Unit.AGREED, agreed_at=at("2027-01-08T12:00")), "Agreed date Fri 8 Jan 2027, 12:00"),
    ],
)
def test_a_target_in_words(target: Target, text: str) -> None:
    assert target_text(target, ZONE) == text


@pytest.mark.parametrize(
    ("ladder", "headline"),
    [
        (None, "Answered by Fri 27 Nov 2026, 11:00"),
        (Ladder.GUARANTEED, "Answered by Fri 27 Nov 2026, 11:00"),
        (Ladder.AIM, "We aim: answered by Fri 27 Nov 2026, 11:00"),
        (Ladder.USUALLY, "Usually: answered by Fri 27 Nov 2026, 11:00"),
        (Ladder.AGREED, "Agreed with you: answered by Fri 27 Nov 2026, 11:00"),
    ],
)
def test_how_firm_a_date_is_stands_before_it(ladder: Ladder | None, headline: str) -> None:
    derivation = explain(kyiv(), at("2026-11-24T11:00"), working_days(3))
    assert promise_line(derivation, verb="Answered by", ladder=ladder).headline == headline


def test_the_reason_names_the_year_only_where_it_differs() -> None:
    derivation = explain(kyiv(), at("2026-12-18T16:00"), working_days(14))
    assert promise_line(derivation).reason == "14 working days from Fri 18 Dec 2026, 16:00."


def test_small_words() -> None:
    assert [listed_text(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert waiting_text(["", "the dump", "the dump"]) == "while we waited for the dump"
    assert [place_text(zone) for zone in (ZONE, "America/New_York", "UTC")] == ["Kyiv", "New York", "UTC"]
