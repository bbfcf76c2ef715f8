"""How a premium is earned: laws that hold for any calendar, any window and any order of runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.clock.calendar import WEEKDAYS_WHOLE_DAY, Calendar, ClosedDay, ClosedKind
from migrator.clock.deadline import Target, Unit, window_end
from migrator.finance.covers.rules import (
    Stretch,
    WorkingDays,
    earned_by,
    earning_days,
    steps,
    stretch_of,
    take_back,
)
from tests.factories.fulfilment import kyiv

FIRST = date(2026, 11, 1)
ALL_DAYS = [FIRST + timedelta(days=number) for number in range(120)]
DAYS = st.sampled_from(ALL_DAYS)


def a_calendar(closed: frozenset[date] = frozenset()) -> Calendar:
    return Calendar(
        key="kyiv",
        name="Kyiv",
        zone="Europe/Kyiv",
        week=WEEKDAYS_WHOLE_DAY,
        closed_days={on: ClosedDay(on, "Closed", ClosedKind.ANNOUNCED, "test") for on in closed},
        exceptions={},
        exceptions_win=False,
        filled_from=date(2026, 1, 1),
        filled_until=date(2027, 12, 31),
    )


CLOSED = st.frozensets(DAYS, max_size=40)
PREMIUMS = st.integers(min_value=0, max_value=2_000_000)


@given(premium=PREMIUMS, refunded=PREMIUMS, closed=CLOSED, first=DAYS, length=st.integers(0, 60), looks=st.sets(DAYS))
def test_whatever_days_are_posted_the_whole_is_earned_to_the_cent_and_never_less_than_before(
    premium: int, refunded: int, closed: frozenset[date], first: date, length: int, looks: set[date]
) -> None:
    stretch, days = Stretch(first, first + timedelta(days=length)), WorkingDays(a_calendar(closed))
    refunded = min(refunded, premium)
    earned = 0
    for on in [*sorted(looks), stretch.last_on + timedelta(days=1)]:
        due = earned_by(premium, refunded, on=on, stretch=stretch, days=days)
        assert earned <= due <= premium - refunded
        assert due == 0 or on >= stretch.first_on
        earned = due
    assert earned == premium - refunded


@given(premium=PREMIUMS, first=DAYS, length=st.integers(5, 60), closures=st.lists(CLOSED, max_size=4))
def test_a_calendar_that_changes_under_way_changes_the_pace_and_not_the_sum(
    premium: int, first: date, length: int, closures: list[frozenset[date]]
) -> None:
    stretch, earned = Stretch(first, first + timedelta(days=length)), 0
    for number, closed in enumerate([frozenset[date](), *closures]):
        on = first + timedelta(days=number * length // 6)
        due = earned_by(premium, 0, on=on, stretch=stretch, days=WorkingDays(a_calendar(closed)))
        earned = max(earned, due)
    last = earned_by(premium, 0, on=stretch.last_on, stretch=stretch, days=WorkingDays(a_calendar()))
    assert earned <= last == premium


@pytest.mark.parametrize("plan_days", [7, 14, 30])
@pytest.mark.parametrize("opened", ["2026-11-23 15:20", "2026-11-23 00:00", "2026-11-28 12:00", "2026-12-24 23:59"])
def test_a_window_of_so_many_working_days_earns_on_so_many(opened: str, plan_days: int) -> None:
    calendar, opened_at = a_calendar(), kyiv(opened)
    stretch = stretch_of(
        opened_at, window_end(calendar, opened_at, Target(Unit.BUSINESS_DAYS, plan_days)), calendar.zone
    )
    rows = earning_days(1_000, 0, stretch, WorkingDays(calendar))
    assert len(rows) == plan_days
    assert (rows[-1].on, rows[-1].through_minor) == (stretch.last_on, 1_000)
    assert sum(row.earned_minor for row in rows) == 1_000


@given(after=DAYS, length=st.integers(1, 100), last=DAYS)
def test_a_pause_of_the_worker_gives_each_month_what_belongs_to_it(after: date, length: int, last: date) -> None:
    through = after + timedelta(days=length)
    cut = list(steps(after, through, last))
    assert [on for on, _dated in cut] == sorted({on for on, _dated in cut})
    assert cut[-1][0] == through
    before = after
    for on, dated_on in cut:
        assert (before + timedelta(days=1)).month == on.month
        assert after < dated_on <= on
        before = on


@given(amount=PREMIUMS, unearned=PREMIUMS, earned=PREMIUMS)
def test_what_goes_back_takes_the_unearned_part_first(amount: int, unearned: int, earned: int) -> None:
    first, then = take_back(amount, unearned_minor=unearned, earned_minor=earned)
    assert first == min(amount, unearned)
    assert then == 0 or first == unearned
    assert first + then == min(amount, unearned + earned)
