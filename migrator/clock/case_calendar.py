"""The calendar of a case: weekly hours, closed dates and hours of single dates as the case states them."""

from __future__ import annotations

import json
from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from migrator.clock.calendar import (
    ALWAYS,
    WEEKDAYS_WHOLE_DAY,
    Calendar,
    ClosedDay,
    ClosedKind,
    Span,
)
from migrator.clock.instants import FIRST_YEAR, LAST_YEAR
from migrator.errors import DomainError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED_WEEKS = {"24h weekdays": WEEKDAYS_WHOLE_DAY, "24/7": ALWAYS}
YEARS_AHEAD = (2, 12, 120)
FIELDS = (
    "zone",
    "work_week",
    "holidays",
    "annual_holidays",
    "extra_days_off",
    "date_overrides",
    "override_on_holiday",
)


class MalformedCase(DomainError):
    """The case lacks a field, or a field cannot be read."""


def required(case: Mapping[str, Any], field: str) -> Any:
    """This will return a field that must be there.

    :raises MalformedCase: when it is missing or null
    """
    if case.get(field) is None:
        raise MalformedCase(f"The field “{field}” is missing.")
    return case[field]


def text(case: Mapping[str, Any], field: str) -> str:
    """This will return a field that must be there and be text.

    :raises MalformedCase: when it is not
    """
    value = required(case, field)
    if not isinstance(value, str):
        raise MalformedCase(f"The field “{field}” must be text.")
    return value


def listed(case: Mapping[str, Any], field: str) -> list[Any]:
    """This will return a field that may be missing and is a list otherwise.

    :raises MalformedCase: when it is anything else
    """
    value = case.get(field) or []
    if not isinstance(value, list):
        raise MalformedCase(f"The field “{field}” must be a list.")
    return value


def calendar_of(case: Mapping[str, Any], *, first: datetime, last: datetime, years_ahead: int = 1) -> Calendar:
    """This will return the case's calendar, filled from the year before `first` to `years_ahead` after `last`.

    :raises MalformedCase: when a field of the calendar cannot be read
    """
    facts = json.dumps({field: case.get(field) for field in FIELDS}, sort_keys=True)
    return _calendar(facts, max(first.year - 1, FIRST_YEAR), min(last.year + years_ahead, LAST_YEAR))


@lru_cache(maxsize=32)
def _calendar(facts: str, first_year: int, last_year: int) -> Calendar:
    case = json.loads(facts)
    overrides = case["date_overrides"] or {}
    if not isinstance(overrides, dict):
        raise MalformedCase("The field “date_overrides” must be an object of dates.")
    closed = {*_closed_dates(case), *_annual_dates(case, range(first_year, last_year + 1))}
    return Calendar(
        key="case",
        name="case",
        zone=text(case, "zone"),
        week=_week(required(case, "work_week")),
        closed_days={on: ClosedDay(on, "closed", ClosedKind.HOLIDAY, "the case") for on in closed},
        exceptions={_date(on): _hours(spans) for on, spans in overrides.items()},
        exceptions_win=_override_wins(case),
        filled_from=date(first_year, 1, 1),
        filled_until=date(last_year, 12, 31),
    )


def _week(stated: Any) -> tuple[tuple[Span, ...], ...]:
    if isinstance(stated, str) and stated in NAMED_WEEKS:
        return NAMED_WEEKS[stated]
    if not isinstance(stated, dict) or not set(stated) <= set(DAYS):
        raise MalformedCase(f"“work_week” must be hours by weekday (mon to sun) or one of: {', '.join(NAMED_WEEKS)}.")
    return tuple(_hours(stated.get(day) or []) for day in DAYS)


def _hours(spans: Any) -> tuple[Span, ...]:
    if not isinstance(spans, list) or not all(isinstance(span, list) and len(span) == 2 for span in spans):
        raise MalformedCase("Hours must be a list of pairs such as [“09:00”, “17:00”].")
    return tuple(Span(_minute(opens), _minute(closes)) for opens, closes in spans)


def _minute(stated: Any) -> int:
    hour, colon, minute = stated.partition(":") if isinstance(stated, str) else ("", "", "")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(hour) <= 24 and int(minute) < 60):
        raise MalformedCase(f"“{stated}” is not a time of day such as 09:00 or 24:00.")
    return int(hour) * 60 + int(minute)


def _closed_dates(case: Mapping[str, Any]) -> Iterator[date]:
    return (_date(on) for field in ("holidays", "extra_days_off") for on in listed(case, field))


def _annual_dates(case: Mapping[str, Any], years: range) -> Iterator[date]:
    for month_day in listed(case, "annual_holidays"):
        _date(f"2024-{month_day}")
        for year in years:
            if month_day != "02-29" or isleap(year):
                yield _date(f"{year:04}-{month_day}")


def _override_wins(case: Mapping[str, Any]) -> bool:
    stated = case["override_on_holiday"]
    if stated not in (None, "holiday_wins", "override_wins"):
        raise MalformedCase("“override_on_holiday” must be holiday_wins or override_wins.")
    return bool(stated == "override_wins")


def _date(stated: Any) -> date:
    try:
        return date.fromisoformat(stated)
    except (TypeError, ValueError) as error:
        raise MalformedCase(f"“{stated}” is not a date such as 2026-12-25.") from error
