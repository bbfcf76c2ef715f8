"""`migrator clock` as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrator.cli import main

FACTS = ["due", "--calendar", "kyiv", "--start", "2026-11-24T11:00"]
PAUSE = ["--pause", "2026-11-27T15:00/2026-12-01T12:00"]
DATA = Path(__file__).parent.parent / "clock" / "data"


def _typed(*words: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["clock", *words], input=stdin)


def test_a_due_date_is_one_line() -> None:
    result = _typed(*FACTS, "--business-days", "7", *PAUSE)
    assert (result.exit_code, result.stdout) == (
        0,
        "Due Mon 7 Dec 2026, 08:00 Kyiv. 7 working days from Tue 24 Nov, 11:00,"
        " plus 45 working hours while the count was paused.\n",
    )


def test_an_explanation_follows_where_it_is_asked_for() -> None:
    reasoned = f"{PAUSE[1]}/the FTP password"
    lines = _typed(*FACTS, "--business-days", "7", "--pause", reasoned, "--explain").stdout.splitlines()
    assert len(lines) == 17
    assert lines[8] == "Mon 30 Nov 2026: paused all day, 24 h not counted while we waited for the FTP password."
    assert lines[-1] == "168 working hours counted, 45 working hours paused. The result: Mon 7 Dec 2026, 08:00."


@pytest.mark.parametrize(
    ("words", "due_at"),
    [
        (["--business-hours", "72"], "2026-11-27T11:00:00+02:00"),
        (["--calendar-days", "14"], "2026-12-08T11:00:00+02:00"),
        (["--minutes", "15"], "2026-11-24T11:15:00+02:00"),
        (["--agreed", "2027-01-08T12:00"], "2027-01-08T12:00:00+02:00"),
        (["--business-days", "7", "--closed", "2026-12-03"], "2026-12-04T11:00:00+02:00"),
        (["--business-days", "7", "--closed", "2026-12-05", "--closed", "2026-11-25"], "2026-12-04T11:00:00+02:00"),
        (["--minutes", "90", "--pause", "2026-11-24T12:00/", "--now", "2026-11-24T13:30"], "2026-11-24T14:00:00+02:00"),
        (["--business-days", "22"], "2026-12-24T11:00:00+02:00"),
    ],
    ids=" ".join,
)
def test_each_kind_of_target_and_supposition(words: list[str], due_at: str) -> None:
    answered = json.loads(_typed(*FACTS, *words, "--json").stdout)
    assert answered["due_at"] == due_at
    assert answered["text"].endswith(".")


def test_the_reader_elsewhere_sees_the_own_time() -> None:
    result = _typed(*FACTS, "--business-days", "7", *PAUSE, "--viewer-zone", "Europe/Berlin")
    assert "(07:00 your time)" in result.stdout


def test_working_time_between_two_moments() -> None:
    span = ["elapsed", "--start", "2026-11-24T11:00", "--end", "2026-12-01T11:30"]
    assert _typed(*span).stdout == "120 h 30 min of working time\n"
    assert json.loads(_typed(*span, *PAUSE, "--json").stdout)["elapsed_seconds"] == 76 * 3600


def test_an_open_pause_lasts_to_the_end_of_the_interval_asked_about() -> None:
    span = ["elapsed", "--start", "2026-11-24T11:00", "--end", "2026-12-01T12:00", "--pause", "2026-11-27T15:00/.."]
    assert _typed(*span).stdout == "76 working hours\n"


def test_a_window_lasts_to_the_end_of_its_last_day() -> None:
    window = ["window", "--start", "2026-11-23T15:20", "--business-days", "30"]
    assert _typed(*window).stdout == "Until end of Wed 6 Jan 2027 Kyiv\n"
    assert json.loads(_typed(*window, "--json").stdout)["ends_at"] == "2027-01-07T00:00:00+02:00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--business-days", "7", "--calendar", "mars"], "There is no calendar “mars”"),
        (["--business-days", "7", "--start", "yesterday"], "is not a date and time"),
        (["--business-days", "7", "--start", "2020-01-01T10:00"], "2020 is outside"),
        (["--business-days", "7", "--viewer-zone", "Mars"], "is not a time zone"),
        (["--business-days", "7", "--closed", "soon"], "is not a date"),
        (["--business-days", "7", "--pause", "now"], "is not a pause"),
        (["--business-days", "7", "--pause", "2026-11-27T15:00/"], "has not ended yet"),
        (["--business-days", "7", "--pause", "2026-11-27T15:00/2026-11-27T14:00"], "cannot end"),
        (["--business-days", "-7"], "0 or more"),
        (["--business-days", "4000"], "is filled from"),
        (["--business-days", "9" * 30], "hundred years"),
        (["--business-days", "7", "--minutes", "3"], "exactly one"),
        ([], "exactly one"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(words: list[str], sentence: str) -> None:
    result = _typed(*FACTS, *words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("name", ["business_time", "kyiv"])
def test_cases_are_answered_line_by_line(name: str) -> None:
    file = DATA / f"{name}.jsonl"
    result = _typed("cases", str(file))
    asked = [json.loads(line)["id"] for line in file.open(encoding="utf-8")]
    answered = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [line["id"] for line in answered] == asked
    assert all(line.keys() == {"id", "result"} for line in answered)


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    good = b'{"id": "a", "op": "is_working", "start": "2026-11-24T11:00", "zone": "UTC", "work_week": "24/7"}'
    lines = [good, b"", b"\xff\xfe", b"[]", b"   ", b'{"id": "b"}', b'{"id": NaN}', good]
    result = _typed("cases", "-", stdin=b"\r\n".join(lines))
    answered = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert answered[0] == answered[-1] == {"id": "a", "result": True}
    assert [(line["id"], line["line"]) for line in answered[1:-1]] == [(None, 3), (None, 4), ("b", 6), (None, 7)]
    assert all(line["error"].endswith(".") for line in answered[1:-1])


def test_cases_without_a_line_have_no_answer_and_no_error() -> None:
    result = _typed("cases", "-", stdin=b"\n\n")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    assert _typed("cases", "no-such-file").exit_code == 2


def test_an_answer_comes_before_the_next_case_is_asked() -> None:
    command = [sys.executable, "-c", "from migrator.cli import main; main()", "clock", "cases", "-"]
    case = b'{"id": 1, "op": "is_working", "start": "2026-11-24T11:00", "zone": "UTC", "work_week": "24/7"}\n'
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as answering:
        assert answering.stdin is not None
        assert answering.stdout is not None
        for _ in range(2):
            answering.stdin.write(case)
            answering.stdin.flush()
            assert json.loads(answering.stdout.readline()) == {"id": 1, "result": True}
        answering.stdin.close()
        assert answering.wait(timeout=60) == 0


def test_help_names_the_questions_that_can_be_asked() -> None:
    result = _typed("--help")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in ("cases", "due", "elapsed", "window"))
