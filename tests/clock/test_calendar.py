"""Hours of a calendar: weeks, closed days and the hours of single dates."""

from __future__ import annotations

from datetime import date

from migrator.clock.calendar import ClosedDay, ClosedKind, Span
from migrator.clock.deadline import is_working
from migrator.clock.instants import read_instant, zone_named
from tests.clock.examples import a_calendar, kyiv

FRIDAY = date(2026, 5, 1)
CLOSED = {FRIDAY: ClosedDay(FRIDAY, "Labour Day", ClosedKind.HOLIDAY, "statute")}
MORNING = {FRIDAY: (Span(480, 600),)}


def _works(calendar: object, time: str) -> bool:
    return is_working(calendar, read_instant(f"2026-05-{time}", zone_named("UTC")))  # type: ignore[arg-type]


def test_hours_include_the_opening_and_exclude_the_closing() -> None:
    calendar = a_calendar()
    assert [_works(calendar, time) for time in ("01T08:59", "01T09:00", "01T16:59", "01T17:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_a_closed_day_has_no_hours() -> None:
    assert a_calendar(closed_days=CLOSED).hours_on(FRIDAY) == ()


def test_the_hours_of_a_single_date_replace_those_of_the_week() -> None:
    assert a_calendar(exceptions=MORNING).hours_on(FRIDAY) == MORNING[FRIDAY]
    assert a_calendar(exceptions={FRIDAY: ()}).hours_on(FRIDAY) == ()


def test_the_hours_of_a_single_date_win_over_a_closed_day_only_where_told() -> None:
    assert a_calendar(closed_days=CLOSED, exceptions=MORNING).hours_on(FRIDAY) == ()
    assert a_calendar(closed_days=CLOSED, exceptions=MORNING, exceptions_win=True).hours_on(FRIDAY) == MORNING[FRIDAY]


def test_overlapping_and_unordered_hours_count_once() -> None:
    week = ((Span(720, 1020), Span(540, 780)),) * 7
    on = date(2026, 5, 1)
    assert a_calendar(week=week, filled_from=on, filled_until=on).table.total == [8 * 3600]


def test_whole_days_in_a_row_are_one_stretch_of_working_time() -> None:
    assert all(end - begin == 5 * 86_400 for begin, end in list(zip(*_stretches(), strict=True))[2:9])


def _stretches() -> tuple[list[int], list[int]]:
    return kyiv().table.opens, kyiv().table.closes


def test_the_table_of_working_time_is_built_once() -> None:
    calendar = a_calendar()
    assert calendar.table is calendar.table
    assert {calendar: "kept by identity"}[calendar]
