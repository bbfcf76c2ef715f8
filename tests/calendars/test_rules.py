"""Which years must be filled, and when a missing one presses."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.calendars.rules import (
    GapBetweenYears,
    YearTooFarAhead,
    is_pressing,
    next_year,
    refuse_unfit_year,
    years_to_fill,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        ((), [2026, 2027, 2028]),
        ((2026, 2027, 2028), []),
        ((2026,), [2027, 2028]),
        ((2022, 2023), [2024, 2025, 2026, 2027, 2028]),
        ((2029, 2030), [2026, 2027, 2028]),
    ],
)
def test_the_current_and_the_next_two_years_are_filled_without_a_gap(
    filled: tuple[int, ...], expected: list[int]
) -> None:
    assert years_to_fill(filled, TODAY) == expected


@pytest.mark.parametrize(
    ("missing", "today", "expected"),
    [
        ((2027,), date(2026, 10, 31), False),
        ((2027,), date(2026, 11, 1), True),
        ((2027, 2028), date(2026, 12, 31), True),
        ((2028,), date(2026, 12, 31), False),
        ((2026,), date(2026, 3, 1), True),
        ((), date(2026, 12, 1), False),
    ],
)
def test_next_year_presses_from_november_and_this_year_always(
    missing: tuple[int, ...], today: date, expected: bool
) -> None:
    assert is_pressing(missing, today) is expected


def test_a_single_year_joins_the_filled_ones() -> None:
    for year in (2025, 2026, 2027, 2028):
        refuse_unfit_year(year, filled={2026, 2027}, today=TODAY)


def test_a_year_that_would_leave_a_gap_is_refused_with_the_one_to_fill_first() -> None:
    with pytest.raises(GapBetweenYears, match="fill 2028 first"):
        refuse_unfit_year(2030, filled={2026, 2027}, today=TODAY)
    with pytest.raises(GapBetweenYears, match="fill 2025 first"):
        refuse_unfit_year(2024, filled={2026, 2027}, today=TODAY)


def test_a_year_far_ahead_is_refused() -> None:
    refuse_unfit_year(2031, filled={2030}, today=TODAY)
    with pytest.raises(YearTooFarAhead, match="up to 2031"):
        refuse_unfit_year(2032, filled={2031}, today=TODAY)


def test_the_next_year_is_the_first_that_some_calendar_lacks() -> None:
    assert next_year([[2026, 2027], [2026]], TODAY) == 2027
    assert next_year([], TODAY) == 2026
