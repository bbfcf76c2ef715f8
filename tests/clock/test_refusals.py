"""What the clock refuses, each with a sentence for the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from migrator.clock.calendar import ALWAYS, NoWorkingHours, Span, UnusableCalendar
from migrator.clock.deadline import (
    AmountTooLarge,
    MissingAgreedInstant,
    NegativeAmount,
    ReversedInterval,
    Target,
    Unit,
    add,
    due,
    elapsed,
    is_working,
    lateness_seconds,
    window_end,
)
from migrator.clock.explanation import explain
from migrator.clock.instants import MalformedInstant, NaiveInstant, UnknownZone, read_instant
from migrator.clock.pauses import OpenPause, Pause, ReversedPause, settle
from migrator.clock.table import YearNotFilled
from migrator.errors import DomainError
from tests.clock.examples import KYIV, a_calendar, at, dates, kyiv, pause, working_days

NAIVE = datetime(2026, 11, 24, 11)  # noqa: DTZ001
TUESDAY = at("2026-11-24T11:00")
NEVER = ((),) * 7


@pytest.mark.parametrize(
    ("refusal", "ask"),
    [
        (NoWorkingHours, lambda: a_calendar(week=NEVER)),
        (NoWorkingHours, lambda: a_calendar(week=NEVER, exceptions={date(2026, 5, 1): ()})),
        (UnusableCalendar, lambda: a_calendar(week=ALWAYS[:5])),
        (UnusableCalendar, lambda: a_calendar(filled_from=date(2027, 1, 1))),
        (UnusableCalendar, lambda: a_calendar(filled_until=date(9999, 12, 31))),
        (UnusableCalendar, lambda: Span(600, 600)),
        (UnusableCalendar, lambda: Span(600, 540)),
        (UnusableCalendar, lambda: Span(600, 1441)),
        (UnusableCalendar, lambda: Span(-1, 60)),
        (UnknownZone, lambda: a_calendar(zone="Mars/Olympus")),
        (UnknownZone, lambda: a_calendar(zone="../UTC")),
        (UnknownZone, lambda: a_calendar(zone="Europe")),
        (UnknownZone, lambda: a_calendar(zone="")),
        (ReversedInterval, lambda: elapsed(kyiv(), TUESDAY, at("2026-11-24T10:59"))),
        (ReversedInterval, lambda: due(kyiv(), TUESDAY, Target(Unit.AGREED, agreed_at=at("2026-11-23T11:00")))),
        (ReversedPause, lambda: pause("2026-11-24T11:00", "2026-11-24T10:59")),
        (OpenPause, lambda: due(kyiv(), TUESDAY, working_days(3), pauses=[pause("2026-11-25T11:00", None)])),
        (OpenPause, lambda: explain(kyiv(), TUESDAY, working_days(3), pauses=[pause("2026-11-25T11:00", None)])),
        (OpenPause, lambda: add(kyiv(), TUESDAY, working_seconds=9, pauses=[pause("2026-11-25T11:00", None)])),
        (NegativeAmount, lambda: add(kyiv(), TUESDAY, working_seconds=-1)),
        (NegativeAmount, lambda: working_days(-1)),
        (NegativeAmount, lambda: dates(-1)),
        (AmountTooLarge, lambda: add(kyiv(), TUESDAY, working_seconds=10**12)),
        (AmountTooLarge, lambda: working_days(10**30)),
        (AmountTooLarge, lambda: dates(36_526)),
        (MissingAgreedInstant, lambda: Target(Unit.AGREED)),
        (YearNotFilled, lambda: due(kyiv(), at("2025-12-31T23:59"), working_days(1))),
        (YearNotFilled, lambda: due(kyiv(), at("2028-12-29T12:00"), working_days(1))),
        (YearNotFilled, lambda: due(kyiv(), at("2028-12-31T12:00"), working_days(0))),
        (YearNotFilled, lambda: due(kyiv(), at("2029-01-01T12:00"), working_days(1))),
        (YearNotFilled, lambda: explain(kyiv(), at("2028-12-29T12:00"), working_days(1))),
        (YearNotFilled, lambda: window_end(kyiv(), at("2028-12-29T12:00"), working_days(1))),
        (YearNotFilled, lambda: elapsed(kyiv(), TUESDAY, at("2029-01-01T12:00"))),
        (YearNotFilled, lambda: lateness_seconds(kyiv(), TUESDAY, at("2029-01-01T12:00"))),
        (YearNotFilled, lambda: is_working(kyiv(), at("2029-01-01T12:00"))),
        (YearNotFilled, lambda: due(kyiv(), TUESDAY, Target(Unit.AGREED, agreed_at=at("2030-01-01T12:00")))),
        (YearNotFilled, lambda: _paused_until("2030-01-01T12:00")),
        (NaiveInstant, lambda: due(kyiv(), NAIVE, working_days(1))),
        (NaiveInstant, lambda: due(kyiv(), NAIVE, dates(1))),
        (NaiveInstant, lambda: window_end(kyiv(), NAIVE, dates(1))),
        (NaiveInstant, lambda: elapsed(kyiv(), TUESDAY, NAIVE)),
        (NaiveInstant, lambda: is_working(kyiv(), NAIVE)),
        (NaiveInstant, lambda: lateness_seconds(kyiv(), TUESDAY, NAIVE)),
        (NaiveInstant, lambda: Pause(NAIVE, None)),
        (NaiveInstant, lambda: Pause(TUESDAY, NAIVE)),
        (NaiveInstant, lambda: Target(Unit.AGREED, agreed_at=NAIVE)),
        (NaiveInstant, lambda: settle([pause("2026-11-24T12:00", None)], NAIVE)),
        (MalformedInstant, lambda: read_instant("yesterday", KYIV)),
        (MalformedInstant, lambda: read_instant("2026-02-30T11:00", KYIV)),
        (MalformedInstant, lambda: read_instant("0001-01-01T00:00", KYIV)),
        (MalformedInstant, lambda: read_instant("9999-12-31T23:00", KYIV)),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence(refusal: type[DomainError], ask: Callable[[], object]) -> None:
    with pytest.raises(refusal, match=r"^[A-Z“0-9].*[.]$"):
        ask()


def _paused_until(end: str) -> datetime:
    return due(kyiv(), TUESDAY, working_days(3), pauses=[pause("2026-11-25T11:00", end)])


def test_a_date_at_the_very_end_of_the_last_filled_year_is_not_refused() -> None:
    assert due(kyiv(), at("2028-12-28T00:00"), working_days(2)) == at("2028-12-30T00:00")


def test_a_pause_that_begins_after_the_date_may_lie_outside_the_filled_years() -> None:
    far_away = pause("2035-01-01T00:00", "2036-01-01T00:00")
    assert due(kyiv(), TUESDAY, working_days(3), pauses=[far_away]) == at("2026-11-27T11:00")


def test_calendar_days_need_no_filled_year() -> None:
    assert due(kyiv(), at("2028-12-23T15:00"), dates(14)) == at("2029-01-06T15:00")


def test_a_refused_year_is_answered_once_it_is_filled() -> None:
    filled = replace(kyiv(), filled_until=date(2029, 12, 31))
    assert due(filled, at("2028-12-29T12:00"), working_days(1)) == at("2029-01-01T12:00")
