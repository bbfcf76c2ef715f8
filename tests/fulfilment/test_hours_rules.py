"""How time is read, rounded, limited and told of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.fulfilment.hours import rules
from migrator.fulfilment.hours.rules import NoHoursLeft, NotATime, NotLoggable


@pytest.mark.parametrize(
    ("typed", "minutes", "logged"),
    [("3", 3, 6), ("8", 8, 6), ("9", 9, 12), ("30", 30, 30), ("33", 33, 36), ("1:05", 65, 66), ("0:35", 35, 36),
     ("24:00", 1_440, 1_440), (" 90 ", 90, 90)],
)  # fmt: skip
def test_typed_time_is_rounded_half_up_to_tenths_of_an_hour(typed: str, minutes: int, logged: int) -> None:
    assert rules.read_minutes(typed) == minutes
    assert rules.in_tenths(minutes) == logged


@pytest.mark.parametrize("typed", ["", "0", "0:00", "-5", "1.5", "1:60", "24:01", "1441", "99999999", "٣", "an hour"])
def test_what_nobody_can_have_worked_is_refused(typed: str) -> None:
    with pytest.raises(NotATime):
        rules.read_minutes(typed)


@pytest.mark.parametrize("minutes", [1, 2])
def test_less_than_half_a_tenth_is_nothing_to_log(minutes: int) -> None:
    with pytest.raises(NotATime, match=r"0\.0 h"):
        rules.in_tenths(minutes)


@given(st.integers(3, rules.MOST_MINUTES))
def test_rounding_moves_by_half_a_tenth_at_most_and_up_in_the_middle(minutes: int) -> None:
    rounded = rules.in_tenths(minutes)
    assert rounded % 6 == 0
    assert -3 < minutes - rounded < 3 or rounded - minutes == 3


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0, 174, None), (0, 180, 50), (174, 180, 50), (180, 240, None), (180, 288, 80), (0, 300, 80), (288, 360, 100),
     (0, 360, 100), (360, 360, None), (200, 150, None)],
)  # fmt: skip
def test_reaching_half_four_fifths_and_all_is_told_once(before: int, after: int, told: int | None) -> None:
    assert rules.crossed(before, after, limit=360, percents=(50, 80, 100)) == told


@given(st.lists(st.integers(1, 240).map(lambda tenths: tenths * 6), max_size=60), st.integers(0, 500))
def test_whatever_is_logged_the_limit_holds(entries: list[int], tenths: int) -> None:
    used, limit = 0, tenths * 6
    for minutes in entries:
        try:
            rules.refuse_beyond(minutes, used=used, limit=limit)
        except NoHoursLeft:
            assert used + minutes > limit
        else:
            used += minutes
        assert 0 <= used <= limit


def test_the_refusal_says_what_is_left_and_the_way_on() -> None:
    with pytest.raises(NoHoursLeft, match=r"0\.4 h are left, and this takes 0\.5 h\. Offer the customer more hours"):
        rules.refuse_beyond(30, used=336, limit=360)


@pytest.mark.parametrize("worked_on", [date(2026, 11, 25), date(2026, 11, 1)])
def test_work_lies_between_the_order_and_today(worked_on: date) -> None:
    with pytest.raises(NotLoggable, match="Mon 2 Nov 2026 up to Tue 24 Nov 2026"):
        rules.refuse_day(worked_on, today=date(2026, 11, 24), since=date(2026, 11, 2))


def test_a_meter_says_its_hours() -> None:
    assert rules.used_text(144, 360) == "2.4 of 6.0 hours are used"
