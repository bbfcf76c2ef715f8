"""Cases taken from other systems' suites, and what the reader of cases does with them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from migrator.clock.case_calendar import MalformedCase
from migrator.clock.cases import Answer, answer, case_id, read_case
from migrator.errors import DomainError

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for name in ("business_time", "kyiv") for line in (DATA / f"{name}.jsonl").open("rb")]
A_CASE = {
    "id": "a",
    "zone": "Europe/Berlin",
    "work_week": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]},
    "op": "add",
    "start": "2026-03-02T10:00:00",
    "amount": 90,
    "unit": "minutes",
}


def _moment(value: Answer, zone: str) -> Answer | datetime:
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_holds(case: dict[str, Answer]) -> None:
    zone = str(case["zone"])
    assert _moment(answer(case), zone) == _moment(case["expected"], zone)


def test_all_cases_are_here() -> None:
    assert len(CASES) == 330


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-02T10:00:00", "2026-03-02T11:30:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T10:30:00Z"),
        ("2026-03-02T11:00:00+02:00", "2026-03-02T11:30:00+01:00"),
    ],
)
def test_an_instant_is_written_as_the_start_is(start: str, expected: str) -> None:
    assert answer({**A_CASE, "start": start}) == expected


def test_the_second_of_two_equal_times_keeps_its_offset() -> None:
    case = {**A_CASE, "work_week": "24/7", "start": "2026-10-25T02:30:00", "amount": 60}
    assert answer(case) == "2026-10-25T02:30:00+01:00"


def test_elapsed_answers_in_the_unit_of_the_case() -> None:
    case = {**A_CASE, "op": "elapsed", "end": "2026-03-02T11:30:00"}
    assert [answer({**case, "unit": unit}) for unit in ("seconds", "minutes", "hours")] == [5400, 90, 1.5]


def test_a_reversed_interval_has_nothing_elapsed() -> None:
    assert answer({**A_CASE, "op": "elapsed", "end": "2026-03-01T10:00:00"}) == 0


def test_an_annual_holiday_on_29_february_closes_leap_years_alone() -> None:
    case = {**A_CASE, "work_week": "24/7", "unit": "calendar_days", "annual_holidays": ["02-29"]}
    closed = {**case, "op": "is_working", "start": "2028-02-29T10:00:00"}
    assert answer(closed) is False
    assert answer({**case, "op": "is_working", "start": "2027-03-01T10:00:00"}) is True


def test_a_long_wait_is_answered_though_it_takes_years() -> None:
    case = {**A_CASE, "work_week": {"mon": [["09:00", "10:00"]]}, "amount": 1000, "unit": "hours"}
    assert answer(case) == "2045-05-01T10:00:00"


@pytest.mark.parametrize(
    "difference",
    [
        {"op": "subtract"},
        {"op": None},
        {"start": 7},
        {"start": "yesterday"},
        {"start": "0001-01-01T00:00:00"},
        {"start": "9999-12-31T00:00:00"},
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"zone": ["Europe/Kyiv"]},
        {"work_week": {}},
        {"work_week": "whenever"},
        {"work_week": {"noday": []}},
        {"work_week": {"mon": "09:00-17:00"}},
        {"work_week": {"mon": [["09:00"]]}},
        {"work_week": {"mon": [["17:00", "09:00"]]}},
        {"work_week": {"mon": [["9h", "17h"]]}},
        {"work_week": {"mon": [[9, 17]]}},
        {"holidays": "2026-12-25"},
        {"holidays": ["soon"]},
        {"holidays": [20261225]},
        {"annual_holidays": ["02-30"]},
        {"date_overrides": ["2026-12-25"]},
        {"date_overrides": {"2026-12-25": 5}},
        {"override_on_holiday": "sometimes"},
        {"pauses": [["2026-03-02T10:00:00"]]},
        {"pauses": [[1, 2]]},
        {"pauses": [["2026-03-02T10:00:00", 2]]},
        {"pauses": [["2026-03-03T10:00:00", "2026-03-02T10:00:00"]]},
        {"pauses": [["2026-03-02T10:00:00", None]]},
        {"amount": "90"},
        {"amount": True},
        {"amount": 1.5},
        {"amount": -1},
        {"amount": 10**18},
        {"amount": None},
        {"unit": "fortnights"},
        {"unit": None},
        {"op": "elapsed"},
    ],
    ids=str,
)
def test_a_case_that_cannot_be_read_is_refused_with_a_sentence(difference: dict[str, object]) -> None:
    with pytest.raises(DomainError, match=r"[.]$"):
        answer({**A_CASE, **difference})


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[1]",
        b"7",
        b"{",
        b"\xff\xfe",
        b'{"amount": NaN}',
        b'{"a":' + b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=range(8),
)
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    with pytest.raises(MalformedCase):
        read_case(line)


@pytest.mark.parametrize("case", [{}, {"id": None}, {"id": ["a"]}])
def test_a_case_needs_a_name(case: dict[str, object]) -> None:
    with pytest.raises(MalformedCase):
        case_id(case)
