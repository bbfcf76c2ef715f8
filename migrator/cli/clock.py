"""`migrator clock`: a what-if calculator of working time, and the answerer of cases. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any, BinaryIO, ParamSpec
from zoneinfo import ZoneInfo

import click

from migrator.calendars.filling import LAST_YEAR, calendar_from_statute, plan_named
from migrator.clock import cases as case_reader
from migrator.clock.calendar import Calendar, ClosedDay, ClosedKind
from migrator.clock.deadline import Target, Unit, elapsed, window_end
from migrator.clock.explanation import Derivation, explain, sentences
from migrator.clock.instants import local_date, read_instant, to_seconds, zone_named
from migrator.clock.pauses import Pause, settle
from migrator.clock.wording import duration_text, end_text, place_text, promise_line
from migrator.errors import DomainError

YEARS_AHEAD = 10
OPEN_ENDS = ("", "..")
Parameters = ParamSpec("Parameters")


class UnclearQuestion(DomainError):
    """What was typed leaves open what to work out."""


@click.group()
def clock() -> None:
    """Work out dates in working time: a what-if calculator.

    Times without an offset are local to the calendar. A time that a clock change skips is moved forward by the gap;
    of a time that comes twice the first is taken.
    """


def refusing(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """This will print a refusal as one sentence and end with status 1."""

    @wraps(command)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return guarded


def options(*several: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """This will put several options on a command, in the order given."""

    def decorate(command: Any) -> Any:
        for option in reversed(several):
            command = option(command)
        return command

    return decorate


calendar_options = options(
    click.option("--calendar", "key", default="kyiv", show_default=True, help="kyiv or always."),
    click.option("--start", required=True, help="Where the count starts: 2026-11-24T11:00."),
    click.option("--closed", "closed", multiple=True, metavar="DATE", help="What if this day were closed? Repeatable."),
)
pause_options = options(
    click.option(
        "--pause",
        "pauses",
        multiple=True,
        metavar="FROM/UNTIL[/REASON]",
        help="A stretch that does not count; leave UNTIL empty while it lasts. Repeatable.",
    ),
    click.option("--now", help="The moment up to which a pause without end counts."),
)
target_options = options(
    click.option("--business-days", type=int, help="Working days of 24 working hours."),
    click.option("--business-hours", type=int, help="Working hours."),
    click.option("--calendar-days", type=int, help="Dates, closed ones too."),
    click.option("--minutes", type=int, help="Working minutes."),
    click.option("--agreed", help="A date and time that was agreed."),
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")


@clock.command()
@calendar_options
@target_options
@pause_options
@click.option("--viewer-zone", help="Add the time where the reader is: Europe/Berlin.")
@click.option("--explain", "explained", is_flag=True, help="Show the count, day by day.")
@json_option
@refusing
def due(viewer_zone: str | None, explained: bool, as_json: bool, **typed: Any) -> None:
    """When is it due?"""
    question = _question(**typed)
    target = _target(question, **typed)
    derivation = explain(question.calendar, question.start_at, target, pauses=question.pauses, now=question.now)
    line = str(promise_line(derivation, viewer_zone=viewer_zone, verb="Due"))
    explanation = sentences(derivation) if explained else []
    if as_json:
        _print_json({**_derived(derivation, question.calendar), "text": line, "explanation": explanation})
    else:
        click.echo("\n".join([line, *explanation]))


@clock.command("elapsed")
@calendar_options
@click.option("--end", required=True, help="Where the count ends.")
@pause_options
@json_option
@refusing
def elapsed_command(end: str, as_json: bool, **typed: Any) -> None:
    """How much working time lies between two moments?"""
    question = _question(**typed)
    end_at = question.read(end)
    pauses = settle(question.pauses, question.now or end_at)
    seconds = elapsed(question.calendar, question.start_at, end_at, pauses=pauses)
    if as_json:
        _print_json({"calendar": question.calendar.key, "elapsed_seconds": seconds, "text": duration_text(seconds)})
    else:
        click.echo(duration_text(seconds))


@clock.command()
@calendar_options
@target_options
@json_option
@refusing
def window(as_json: bool, **typed: Any) -> None:
    """Until when may it be used? A window lasts to the end of its last day."""
    question = _question(**typed)
    end_at = window_end(question.calendar, question.start_at, _target(question, **typed))
    text = f"Until {end_text(end_at, question.calendar.zone)} {place_text(question.calendar.zone)}"
    if as_json:
        _print_json({"calendar": question.calendar.key, "ends_at": _local(end_at, question.calendar), "text": text})
    else:
        click.echo(text)


@clock.command()
@click.argument("file", type=click.File("rb"))
def cases(file: BinaryIO) -> None:
    """Answer the cases in FILE (- for standard input), one JSON object a line in and out.

    A line that cannot be answered is named with its error and the others are still answered; the status is 1 then.
    """
    answers = (_answer(line, number) for number, line in enumerate(file, start=1) if line.strip())
    bad = 0
    for answered in answers:
        bad += "error" in answered
        _print_json(answered)
    sys.exit(1 if bad else 0)


def _answer(line: bytes, number: int) -> dict[str, Any]:
    key = None
    try:
        case = case_reader.read_case(line)
        key = case_reader.case_id(case)
        return {"id": key, "result": case_reader.answer(case)}
    except DomainError as refusal:
        return {"id": key, "line": number, "error": str(refusal)}


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, read: the calendar it is asked of, the start, and the pauses with the moment they count up to."""

    calendar: Calendar
    start_at: datetime
    pauses: list[Pause]
    now: datetime | None

    def read(self, text: str) -> datetime:
        """This will read a moment; without an offset it is local to the calendar."""
        return read_instant(text, self.calendar.zone_info)


def _question(
    key: str,
    start: str,
    closed: tuple[str, ...] = (),
    pauses: tuple[str, ...] = (),
    now: str | None = None,
    **_: Any,
) -> Question:
    zone = zone_named(plan_named(key).zone)
    start_at = read_instant(start, zone)
    year = local_date(zone, to_seconds(start_at)).year
    calendar = calendar_from_statute(key, first_year=year, last_year=min(year + YEARS_AHEAD, max(year, LAST_YEAR)))
    return Question(
        calendar=_with_closures(calendar, closed),
        start_at=start_at,
        pauses=[_pause(text, zone) for text in pauses],
        now=read_instant(now, zone) if now else None,
    )


def _with_closures(calendar: Calendar, closed: tuple[str, ...]) -> Calendar:
    supposed = {}
    for text in closed:
        try:
            on = date.fromisoformat(text)
        except ValueError as error:
            raise UnclearQuestion(f"“{text}” is not a date such as 2026-12-03.") from error
        supposed[on] = ClosedDay(on, "supposed closure", ClosedKind.ANNOUNCED, "the question")
    return replace(calendar, closed_days={**supposed, **calendar.closed_days})


def _target(question: Question, **typed: Any) -> Target:
    stated = [unit for unit in Unit if typed[unit.value] is not None]
    if len(stated) != 1:
        choices = ", ".join(f"--{unit.value.replace('_', '-')}" for unit in Unit)
        raise UnclearQuestion(f"Say what is promised with exactly one of {choices}.")
    if stated == [Unit.AGREED]:
        return Target(Unit.AGREED, agreed_at=question.read(typed["agreed"]))
    return Target(stated[0], typed[stated[0].value])


def _pause(text: str, zone: ZoneInfo) -> Pause:
    begin, slash, rest = text.partition("/")
    end, _, reason = rest.partition("/")
    if not slash:
        raise UnclearQuestion(f"“{text}” is not a pause such as 2026-11-27T15:00/2026-12-01T12:00.")
    return Pause(read_instant(begin, zone), None if end in OPEN_ENDS else read_instant(end, zone), reason)


def _derived(derivation: Derivation, calendar: Calendar) -> dict[str, Any]:
    return {
        "calendar": derivation.calendar_key,
        "zone": derivation.zone,
        "unit": derivation.target.unit.value,
        "amount": derivation.target.amount,
        "start_at": _local(derivation.start_at, calendar),
        "due_at": _local(derivation.due_at, calendar),
        "counted_seconds": derivation.counted_seconds,
        "paused_seconds": derivation.paused_seconds,
    }


def _local(at: datetime, calendar: Calendar) -> str:
    return at.astimezone(calendar.zone_info).isoformat()


def _print_json(answered: dict[str, Any]) -> None:
    click.echo(json.dumps(answered))
