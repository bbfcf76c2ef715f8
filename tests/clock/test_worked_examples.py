"""The rule book's worked examples, row by row."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.clock.deadline import Target, Unit, due, lateness_seconds, window_end
from migrator.clock.wording import day_text, end_text, instant_text
from tests.clock.examples import (
    FTP_PAUSE,
    SECOND_PAUSE,
    always,
    at,
    closing,
    dates,
    kyiv,
    pause,
    working_days,
    working_hours,
)

ZONE = "Europe/Kyiv"
TUESDAY = "2026-11-24T11:00"
FRIDAY = "2026-12-18T16:00"
SATURDAY = "2026-11-28T12:00"


@pytest.mark.parametrize(
    ("verified", "days", "expected"),
    [
        (TUESDAY, 3, "Fri 27 Nov 2026, 11:00"),
        (TUESDAY, 7, "Thu 3 Dec 2026, 11:00"),
        (TUESDAY, 14, "Mon 14 Dec 2026, 11:00"),
        (TUESDAY, 21, "Wed 23 Dec 2026, 11:00"),
        (TUESDAY, 22, "Thu 24 Dec 2026, 11:00"),
        (FRIDAY, 3, "Wed 23 Dec 2026, 16:00"),
        (FRIDAY, 7, "Wed 30 Dec 2026, 16:00"),
        (FRIDAY, 14, "Mon 11 Jan 2027, 16:00"),
        (FRIDAY, 21, "Wed 20 Jan 2027, 16:00"),
        (SATURDAY, 3, "end of Wed 2 Dec 2026"),
        (SATURDAY, 7, "end of Tue 8 Dec 2026"),
        (SATURDAY, 14, "end of Thu 17 Dec 2026"),
    ],
)
def test_working_days_after_verification(verified: str, days: int, expected: str) -> None:
    """RULES D-3, C-038, C-056 to C-060."""
    assert end_text(due(kyiv(), at(verified), working_days(days)), ZONE) == expected


def test_an_announced_closure_moves_the_date_by_its_day() -> None:
    """RULES C-020."""
    calendar = closing(kyiv(), date(2026, 12, 3))
    assert due(calendar, at(TUESDAY), working_days(7)) == at("2026-12-04T11:00")


def test_a_pause_moves_the_date_by_the_working_time_inside() -> None:
    """RULES C-063: 45 working hours."""
    assert due(kyiv(), at(TUESDAY), working_days(7), pauses=[FTP_PAUSE]) == at("2026-12-07T08:00")


def test_a_second_overlapping_pause_counts_once() -> None:
    """RULES X-07."""
    pauses = [FTP_PAUSE, SECOND_PAUSE]
    assert due(kyiv(), at(TUESDAY), working_days(7), pauses=pauses) == at("2026-12-08T05:00")


def test_72_hours_differ_between_the_desks() -> None:
    """RULES C-021, M-044, X-01."""
    asked = at("2026-11-27T17:00")
    assert due(kyiv(), asked, working_hours(72)) == at("2026-12-02T17:00")
    assert due(always(), asked, working_hours(72)) == at("2026-11-30T17:00")


def test_24_hours_of_assisted_premium_skip_the_weekend() -> None:
    """RULES C-040."""
    assert due(kyiv(), at("2026-11-27T16:00"), working_hours(24)) == at("2026-11-30T16:00")


@pytest.mark.parametrize(
    ("done", "target", "expected"),
    [
        ("2026-11-23T15:20", dates(14), "end of Mon 7 Dec 2026"),
        ("2026-11-23T15:20", working_days(7), "end of Wed 2 Dec 2026"),
        ("2026-11-23T15:20", working_days(14), "end of Fri 11 Dec 2026"),
        ("2026-11-23T15:20", working_days(30), "end of Wed 6 Jan 2027"),
        ("2026-12-21T15:20", working_days(7), "end of Thu 31 Dec 2026"),
        ("2026-12-21T15:20", working_days(14), "end of Tue 12 Jan 2027"),
        ("2026-12-21T15:20", working_days(30), "end of Wed 3 Feb 2027"),
        ("2026-11-28T12:00", working_days(3), "end of Wed 2 Dec 2026"),
        ("2026-11-23T00:00", dates(14), "end of Mon 7 Dec 2026"),
    ],
)
def test_windows_last_to_the_end_of_their_last_day(done: str, target: Target, expected: str) -> None:
    """RULES D-4, C-074, C-080."""
    assert end_text(window_end(kyiv(), at(done), target), ZONE) == expected


@pytest.mark.parametrize(("days", "expected"), [(15, "Tue 8 Dec 2026"), (21, "Mon 14 Dec 2026")])
def test_access_is_destroyed_on_a_date_that_counts_every_day(days: int, expected: str) -> None:
    """RULES D-5, C-083, C-084."""
    assert day_text(due(kyiv(), at("2026-11-23T15:20"), dates(days)).date()) == expected


def test_fifteen_minutes_run_around_the_clock() -> None:
    """RULES M-017, M-018."""
    asked = at("2026-11-28T23:50")
    assert instant_text(due(always(), asked, Target(Unit.MINUTES, 15)), ZONE) == "Sun 29 Nov 2026, 00:05"


def test_a_pause_on_a_weekend_moves_nothing() -> None:
    """RULES C-063, X-08."""
    weekend = pause("2026-11-28T10:00", "2026-11-29T18:00")
    assert due(kyiv(), at(TUESDAY), working_days(7), pauses=[weekend]) == at("2026-12-03T11:00")


def test_a_pause_cannot_rescue_a_date_already_missed() -> None:
    """RULES X-09: the date stays and lateness is counted in working time."""
    late_pause = pause("2026-12-03T12:00", "2026-12-07T12:00")
    due_at = due(kyiv(), at(TUESDAY), working_days(7), pauses=[late_pause])
    assert due_at == at("2026-12-03T11:00")
    assert lateness_seconds(kyiv(), due_at, at("2026-12-07T11:00")) == 48 * 3600
    assert lateness_seconds(kyiv(), due_at, due_at) == 0


def test_an_open_pause_counts_up_to_now() -> None:
    """RULES C-064: the earliest possible date, if it were answered this moment."""
    open_pause = pause("2026-11-27T15:00", None)
    now = at("2026-12-01T12:00")
    assert due(kyiv(), at(TUESDAY), working_days(7), pauses=[open_pause], now=now) == at("2026-12-07T08:00")


def test_an_open_pause_that_begins_after_now_moves_nothing_yet() -> None:
    open_pause = pause("2026-11-27T15:00", None)
    now = at("2026-11-26T12:00")
    assert due(kyiv(), at(TUESDAY), working_days(7), pauses=[open_pause], now=now) == at("2026-12-03T11:00")


@pytest.mark.parametrize(
    ("agreed", "expected"), [("2027-01-08T12:00", "2027-01-12T09:00"), ("2027-01-09T12:00", "2027-01-12T21:00")]
)
def test_an_agreed_date_moves_by_the_working_time_paused(agreed: str, expected: str) -> None:
    """RULES C-059, C-063: also where a Saturday was agreed."""
    target = Target(Unit.AGREED, agreed_at=at(agreed))
    assert due(kyiv(), at(TUESDAY), target, pauses=[FTP_PAUSE]) == at(expected)


def test_an_agreed_date_stays_when_no_working_time_was_paused() -> None:
    target = Target(Unit.AGREED, agreed_at=at("2027-01-09T12:00"))
    weekend = pause("2026-11-28T10:00", "2026-11-29T18:00")
    assert due(kyiv(), at(TUESDAY), target, pauses=[weekend]) == at("2027-01-09T12:00")


def test_no_pause_moves_calendar_days() -> None:
    """RULES X-06."""
    assert due(kyiv(), at(TUESDAY), dates(14), pauses=[FTP_PAUSE]) == at("2026-12-08T11:00")
