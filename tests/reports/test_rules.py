"""Which time a report is about, and what falls where (RULES C-003, C-022, M-043)."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.clock.wording import instant_text
from migrator.reports.rules import (
    Kept,
    Period,
    Typical,
    UnfitPeriod,
    by_week,
    by_weekday_and_hour,
    local_hour,
    period_of,
    typical,
    week_text,
)

KYIV = "Europe/Kyiv"
TODAY = date(2026, 11, 24)


def test_the_usual_time_is_four_weeks_up_to_today() -> None:
    period = period_of(None, None, today=TODAY, zone=KYIV)
    assert (period.first_on, period.last_on) == (date(2026, 10, 28), TODAY)
    assert [week_text(monday) for monday in period.mondays] == ["26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"]


@pytest.mark.parametrize(
    ("first_on", "last_on", "sentence"),
    [
        (date(2026, 11, 25), date(2026, 11, 24), "Exchange"),
        (date(2026, 8, 24), date(2026, 11, 24), "92 days at most"),
    ],
)
def test_a_time_that_cannot_be_reported_is_refused(first_on: date, last_on: date, sentence: str) -> None:
    with pytest.raises(UnfitPeriod, match=sentence):
        period_of(first_on, last_on, today=TODAY, zone=KYIV)


def test_days_are_those_of_the_desk_also_when_the_clocks_change() -> None:
    period = Period(date(2026, 10, 25), date(2026, 10, 25), KYIV)
    assert (period.ends_at - period.begins_at).total_seconds() == 25 * 3_600
    assert instant_text(period.begins_at, KYIV) == "Sun 25 Oct 2026, 00:00"


def test_an_hour_falls_on_the_day_that_the_desk_s_clocks_show() -> None:
    counts = [(local_hour("2026-11-22 22", KYIV), 3), (local_hour("2026-11-23 09", KYIV), 2)]
    field = by_weekday_and_hour(counts)
    assert field[0][0] == 3, "22:00 in UTC is Monday's first hour in Kyiv"
    assert field[0][11] == 2
    assert by_week(counts, Period(date(2026, 11, 16), date(2026, 11, 24), KYIV)) == (0, 5)


@pytest.mark.parametrize(
    ("kept", "percent"), [(Kept(0, 0), None), (Kept(1, 0), 100), (Kept(999, 1), 99), (Kept(0, 4), 0), (Kept(2, 1), 66)]
)
def test_a_single_broken_promise_never_looks_like_none(kept: Kept, percent: int | None) -> None:
    assert kept.percent == percent


def test_what_is_usual_is_the_middle_one_and_said_from_ten_on() -> None:
    assert typical([9, 1, 5]) == Typical(5, 3)
    assert typical([]) == Typical()
    assert not typical(range(9)).is_telling
    assert typical(range(10)).is_telling
