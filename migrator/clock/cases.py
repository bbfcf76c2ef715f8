"""Cases of business time, one JSON object each, read strictly and answered.

A case carries its own calendar whole, so no year is missing: the calendar is filled as far as the answer needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from migrator.clock.calendar import Calendar
from migrator.clock.case_calendar import YEARS_AHEAD, MalformedCase, calendar_of, listed, required, text
from migrator.clock.deadline import ReversedInterval, Target, Unit, add, due, elapsed, is_working
from migrator.clock.instants import read_instant, zone_named
from migrator.clock.pauses import Pause
from migrator.clock.table import YearNotFilled

UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "business_days": 86_400}

Case = Mapping[str, Any]
Answer = str | int | float | bool


def read_case(line: bytes) -> Case:
    """This will read one line of UTF-8 JSON.

    :raises MalformedCase: when it is anything but one object
    """
    try:
        case = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedCase(f"The line is not JSON in UTF-8: {error}.") from error
    if not isinstance(case, dict):
        raise MalformedCase("The line must hold one JSON object.")
    return case


def case_id(case: Case) -> str | int:
    """This will return the name of the case.

    :raises MalformedCase: when it has none
    """
    key = required(case, "id")
    if not isinstance(key, str | int):
        raise MalformedCase("The field “id” must be text or a whole number.")
    return key


def answer(case: Case) -> Answer:
    """This will answer one case: an instant as text, working time in the case's unit, or whether time runs.

    The instant is written as `start` is: in UTC with `Z`, local with its offset, or local without one. A reversed
    interval has 0 elapsed, as the systems that the cases come from have it; the engine itself refuses it.

    :raises DomainError: when a field is missing or unreadable, or the engine refuses the question
    """
    operation = text(case, "op")
    if operation not in OPERATIONS:
        raise MalformedCase(f"“{operation}” is not an operation; use {', '.join(OPERATIONS)}.")
    start = read_instant(text(case, "start"), zone_named(text(case, "zone")))
    return OPERATIONS[operation](case, start)


def _added(case: Case, start: datetime) -> str:
    for years in YEARS_AHEAD[:-1]:
        with suppress(YearNotFilled):
            return _added_within(case, start, years_ahead=years)
    return _added_within(case, start, years_ahead=YEARS_AHEAD[-1])


def _added_within(case: Case, start: datetime, *, years_ahead: int) -> str:
    return _written(_due(case, start, calendar_of(case, first=start, last=start, years_ahead=years_ahead)), case)


def _due(case: Case, start: datetime, calendar: Calendar) -> datetime:
    amount, unit = required(case, "amount"), text(case, "unit")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise MalformedCase("“amount” must be a whole number.")
    if unit == Unit.CALENDAR_DAYS:
        return due(calendar, start, Target(Unit.CALENDAR_DAYS, amount))
    return add(calendar, start, working_seconds=amount * _unit_seconds(unit), pauses=_pauses(case))


def _elapsed(case: Case, start: datetime) -> int | float:
    end = read_instant(text(case, "end"), zone_named(text(case, "zone")))
    calendar = calendar_of(case, first=start, last=max(start, end))
    try:
        seconds = elapsed(calendar, start, end, pauses=_pauses(case))
    except ReversedInterval:
        return 0
    unit = _unit_seconds(text(case, "unit"))
    return seconds / unit if seconds % unit else seconds // unit


def _is_working(case: Case, start: datetime) -> bool:
    return is_working(calendar_of(case, first=start, last=start), start, pauses=_pauses(case))


OPERATIONS: dict[str, Callable[[Case, datetime], Answer]] = {
    "add": _added,
    "elapsed": _elapsed,
    "is_working": _is_working,
}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _unit_seconds(unit: str) -> int:
    if unit not in UNIT_SECONDS:
        raise MalformedCase(f"“{unit}” is not a unit of working time; use {', '.join(UNIT_SECONDS)}.")
    return UNIT_SECONDS[unit]


def _pauses(case: Case) -> list[Pause]:
    zone = zone_named(text(case, "zone"))
    pauses = []
    for pair in listed(case, "pauses"):
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise MalformedCase("Each of “pauses” must be a pair of instants, from and until.")
        pauses.append(Pause(read_instant(pair[0], zone), None if pair[1] is None else read_instant(pair[1], zone)))
    return pauses


def _written(at: datetime, case: Case) -> str:
    asked = text(case, "start")
    if asked.endswith(("Z", "z")):
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    local = at.astimezone(zone_named(text(case, "zone")))
    # The second of two equal times on the wall could not be read back without its offset.
    bare = datetime.fromisoformat(asked).tzinfo is None and not local.fold
    return (local.replace(tzinfo=None) if bare else local).isoformat()
