"""Which days may be announced as closed (RULES C-020)."""

from __future__ import annotations

from datetime import date

import pytest

from migrator.calendars.closure_rules import (
    NothingLeftToWithdraw,
    UnfitClosure,
    days_to_close,
    days_to_reopen,
    refuse_unfit_closure,
    span_text,
    with_closed,
    without_closed,
)
from migrator.calendars.filling import calendar_from_statute
from migrator.clock.calendar import ClosedDay, ClosedKind
from migrator.clock.deadline import Target, Unit, due
from tests.factories.fulfilment import kyiv

TODAY = date(2026, 12, 1)
THURSDAY = date(2026, 12, 3)
CALENDAR = calendar_from_statute("kyiv", first_year=2026, last_year=2028)
ANNOUNCED = ClosedDay(THURSDAY, "Moving day", ClosedKind.ANNOUNCED, "Announced on Tue 1 Dec 2026")


@pytest.mark.parametrize(
    ("first_on", "last_on", "sentence"),
    [
        (date(2026, 11, 30), THURSDAY, "Past days stay as they were. Choose Tue 1 Dec 2026 or a later first day."),
        (THURSDAY, date(2026, 12, 2), "The last day lies before the first."),
        (THURSDAY, date(2027, 1, 3), "A closure lasts 31 days at most."),
        (date(2028, 12, 30), date(2029, 1, 2), "Closed days are known up to Sun 31 Dec 2028."),
        (date(2026, 12, 5), date(2026, 12, 6), "Nothing would change: Sat 5 Dec is a weekend and Sun 6 Dec"),
        (date(2026, 12, 25), date(2026, 12, 25), "Nothing would change: Fri 25 Dec is closed for Christmas."),
    ],
)
def test_days_that_cannot_be_announced_are_refused(first_on: date, last_on: date, sentence: str) -> None:
    with pytest.raises(UnfitClosure, match=sentence):
        refuse_unfit_closure(CALENDAR, first_on, last_on, today=TODAY)


def test_today_and_the_longest_stretch_are_taken() -> None:
    refuse_unfit_closure(CALENDAR, TODAY, date(2026, 12, 31), today=TODAY)


def test_a_day_is_announced_once() -> None:
    with pytest.raises(UnfitClosure, match=r"Announced as closed already: Thu 3 Dec \(“Moving day”\)"):
        refuse_unfit_closure(with_closed(CALENDAR, [ANNOUNCED]), TODAY, THURSDAY, today=TODAY)


def test_only_working_days_are_closed_and_the_others_are_named() -> None:
    days = days_to_close(CALENDAR, date(2026, 12, 24), date(2026, 12, 28))
    assert days.closing == (date(2026, 12, 24), date(2026, 12, 28))
    assert days.closed_already == (
        "Fri 25 Dec is closed for Christmas", "Sat 26 Dec is a weekend", "Sun 27 Dec is a weekend",
    )  # fmt: skip


def test_the_supposed_calendar_moves_a_date_and_the_reopened_one_moves_it_back() -> None:
    target = Target(Unit.BUSINESS_DAYS, 7)
    closed = with_closed(CALENDAR, [ANNOUNCED])
    assert due(closed, kyiv("2026-11-24 11:00"), target) == kyiv("2026-12-04 11:00")
    reopened = without_closed(closed, [THURSDAY])
    assert due(reopened, kyiv("2026-11-24 11:00"), target) == kyiv("2026-12-03 11:00")


def test_only_days_from_today_on_are_withdrawn() -> None:
    announced = [date(2026, 11, 30), TODAY, THURSDAY]
    assert days_to_reopen(announced, today=TODAY) == (TODAY, THURSDAY)
    with pytest.raises(NothingLeftToWithdraw):
        days_to_reopen(announced, today=date(2026, 12, 4))


def test_days_in_words() -> None:
    assert span_text(THURSDAY, THURSDAY) == "Thu 3 Dec 2026"
    assert span_text(THURSDAY, date(2026, 12, 4)) == "Thu 3 Dec to Fri 4 Dec 2026"
    assert span_text(date(2026, 12, 31), date(2027, 1, 4)) == "Thu 31 Dec 2026 to Mon 4 Jan 2027"
