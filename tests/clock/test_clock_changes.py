"""Days on which clocks are put forward or back (RULES D-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from migrator.clock.calendar import ALWAYS, WEEKDAYS_WHOLE_DAY, Span
from migrator.clock.deadline import Target, Unit, add, due, elapsed, is_working, window_end
from migrator.clock.explanation import explain
from migrator.clock.instants import closing_midnight, read_instant, to_instant, to_seconds, wall_seconds
from migrator.clock.wording import end_text
from tests.clock.examples import a_calendar, always, at, dates, kyiv, working_days

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("zone", "text", "utc"),
    [
        ("Europe/Kyiv", "2026-03-29T02:59", "2026-03-29T00:59"),
        ("Europe/Kyiv", "2026-03-29T03:30", "2026-03-29T01:30"),
        ("Europe/Kyiv", "2026-03-29T04:00", "2026-03-29T01:00"),
        ("Europe/Kyiv", "2026-10-25T03:30", "2026-10-25T00:30"),
        ("Europe/Kyiv", "2026-10-25T04:00", "2026-10-25T02:00"),
        ("Europe/Kyiv", "2026-10-25T03:30+02:00", "2026-10-25T01:30"),
        ("America/Sao_Paulo", "2018-11-04T00:30", "2018-11-04T03:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),
    ],
)
def test_a_skipped_time_moves_forward_and_a_doubled_one_is_the_first(zone: str, text: str, utc: str) -> None:
    assert read_instant(text, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        ("Europe/Kyiv", date(2026, 3, 29), 23),
        ("Europe/Kyiv", date(2026, 10, 25), 25),
        ("Europe/Kyiv", date(2026, 11, 24), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
    ],
)
def test_a_whole_day_is_as_long_as_its_clocks_make_it(zone: str, on: date, hours: int) -> None:
    calendar = a_calendar(zone=zone, week=ALWAYS, filled_from=on, filled_until=on)
    assert calendar.table.total == [hours * 3600]


@pytest.mark.parametrize(("month", "offset"), [("03", "+03:00"), ("10", "+02:00")])
def test_a_working_day_across_a_weekend_of_clock_change_ends_at_the_same_time(month: str, offset: str) -> None:
    friday, monday = ("27", "30") if month == "03" else ("23", "26")
    due_at = due(kyiv(), at(f"2026-{month}-{friday}T15:00"), working_days(1))
    assert due_at == datetime.fromisoformat(f"2026-{month}-{monday}T15:00{offset}")


def test_minutes_run_through_a_gap_as_real_time() -> None:
    assert due(always(), at("2026-03-29T02:50"), Target(Unit.MINUTES, 15)) == at("2026-03-29T04:05")


def test_real_time_elapses_in_a_doubled_hour() -> None:
    assert elapsed(always(), at("2026-10-25T02:00"), at("2026-10-25T05:00")) == 4 * 3600


def test_calendar_days_keep_the_local_time() -> None:
    assert due(kyiv(), at("2026-10-20T15:00"), dates(14)) == at("2026-11-03T15:00")
    assert due(kyiv(), at("2026-03-15T03:30"), dates(14)) == at("2026-03-29T03:30")


def test_no_calendar_days_leave_the_second_of_two_equal_times_alone() -> None:
    second = at("2026-10-25T03:30+02:00")
    assert due(kyiv(), second, dates(0)) == second


def test_hours_inside_a_gap_move_forward_with_it() -> None:
    calendar = a_calendar(zone="Europe/Kyiv", week=((Span(180, 240),),) * 7)
    on_that_day = [at("2026-03-29T02:59"), at("2026-03-29T04:00"), at("2026-03-29T04:30")]
    assert [is_working(calendar, moment) for moment in on_that_day] == [False, False, False]
    assert is_working(calendar, at("2026-03-30T03:30"))


def test_hours_that_end_in_a_doubled_hour_end_at_its_first_passing() -> None:
    calendar = a_calendar(zone="Europe/Kyiv", week=((Span(120, 210),),) * 7)
    start = at("2026-10-25T01:00")
    assert add(calendar, start, working_seconds=90 * 60) == at("2026-10-25T03:30")
    assert not is_working(calendar, at("2026-10-25T03:15+02:00"))


def test_a_midnight_that_does_not_exist_still_ends_the_day() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    saturday_evening = datetime(2018, 11, 3, 22, tzinfo=zone)
    end = to_instant(closing_midnight(zone, to_seconds(saturday_evening)))
    assert end == datetime(2018, 11, 4, 1, tzinfo=zone)
    assert end_text(end, "America/Sao_Paulo") == "end of Sat 3 Nov 2018"
    assert closing_midnight(zone, to_seconds(end)) == to_seconds(end)


def test_a_window_over_a_clock_change_ends_at_local_midnight() -> None:
    assert window_end(kyiv(), at("2026-10-20T15:00"), dates(14)) == at("2026-11-04T00:00")


def test_a_day_of_25_hours_is_one_row_of_25_hours() -> None:
    rows = explain(always(), at("2026-10-24T12:00"), Target(Unit.MINUTES, 60 * 48)).rows
    assert [row.counted_seconds // 3600 for row in rows] == [12, 25, 11]


def test_weekdays_whole_day_follow_the_date_where_clocks_change_at_midnight() -> None:
    calendar = a_calendar(
        zone="Asia/Tehran", week=WEEKDAYS_WHOLE_DAY, filled_from=date(2022, 1, 1), filled_until=date(2022, 12, 31)
    )
    zone = ZoneInfo("Asia/Tehran")
    start, end = (to_instant(wall_seconds(zone, date(2022, 9, day))) for day in (21, 22))
    assert elapsed(calendar, start, end) == 25 * 3600
