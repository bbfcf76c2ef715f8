"""The statutory closed days (RULES C-017, C-018, D-6)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from migrator.calendars.filling import (
    UnknownCalendar,
    YearOutOfReach,
    calendar_from_statute,
    statutory_closed_days,
)
from migrator.clock.calendar import ClosedDay, ClosedKind

EXPECTED = Path(__file__).parent.parent / "clock" / "data" / "statutory_days_off_2024_2035.jsonl"


def _as_row(day: ClosedDay) -> dict[str, str]:
    row = {"date": str(day.on), "kind": day.kind.value, "name_en": day.name, "name_uk": day.name_uk}
    return row | ({"for": str(day.substitute_for)} if day.substitute_for else {})


def test_the_closed_days_of_twelve_years_are_the_expected_ones() -> None:
    expected = [json.loads(line) for line in EXPECTED.open(encoding="utf-8")]
    assert [_as_row(day) for day in statutory_closed_days(range(2024, 2036))] == expected


@pytest.mark.parametrize("year", range(2024, 2036))
def test_a_year_filled_alone_is_the_same_as_among_others(year: int) -> None:
    among_others = [day for day in statutory_closed_days(range(2024, 2036)) if day.on.year == year]
    assert statutory_closed_days([year]) == among_others


def test_new_year_on_a_saturday_closes_monday_the_third() -> None:
    first, second, *_ = statutory_closed_days([2028])
    assert (first.on, first.kind) == (date(2028, 1, 1), ClosedKind.HOLIDAY)
    assert (second.on, second.kind, second.substitute_for) == (
        date(2028, 1, 3),
        ClosedKind.SUBSTITUTE,
        date(2028, 1, 1),
    )


def test_two_holidays_on_one_weekend_close_two_days_after_it() -> None:
    moved = {day.substitute_for: day.on for day in statutory_closed_days([2027]) if day.substitute_for}
    assert moved[date(2027, 5, 1)] == date(2027, 5, 3)
    assert moved[date(2027, 5, 2)] == date(2027, 5, 4)


def test_every_closed_day_names_its_source() -> None:
    days = statutory_closed_days(range(2024, 2100))
    assert all(day.source and day.name and day.name_uk for day in days)
    assert len({day.on for day in days}) == len(days)


def test_no_years_have_no_closed_days() -> None:
    assert statutory_closed_days([]) == []


@pytest.mark.parametrize("year", [2023, 2100])
def test_a_year_that_is_not_known_is_refused(year: int) -> None:
    with pytest.raises(YearOutOfReach):
        statutory_closed_days([year])


def test_a_calendar_that_is_not_planned_is_refused() -> None:
    with pytest.raises(UnknownCalendar):
        calendar_from_statute("mars", first_year=2026, last_year=2026)


def test_the_calendar_around_the_clock_never_closes() -> None:
    assert not calendar_from_statute("always", first_year=1999, last_year=2026).closed_days
