"""Background work: what ran, what is due, what failed (UX: the status of jobs)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy.orm import Session

from migrator.clock.wording import counted_text, end_text, moment_text
from migrator.database.session import reading
from migrator.fulfilment.closures.models import RecountState
from migrator.fulfilment.reminders.upcoming import MOST, Upcoming, upcoming
from migrator.history.actor import Role
from migrator.upkeep.models import TaskState
from migrator.upkeep.queries import latest_failures, task_states
from migrator.upkeep.rules import is_silent
from migrator.upkeep.tasks import HOURLY, WORDS, Task
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk_time import reader_zone
from migrator.web.request import now

A_MINUTE = timedelta(minutes=1)
MINUTES_OF_AN_HOUR = 60
HOURS_SHOWN = 48
RECOUNT_WORDS = {
    RecountState.COUNTING: "Being counted",
    RecountState.COUNTED: "Counted: waits for somebody’s word",
    RecountState.TELLING: "Customers are being told",
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as the page shows it."""

    name: str
    rhythm: str
    last: str
    ago: str
    changed: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One failure with its words."""

    name: str
    at: datetime
    at_text: str
    error: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that is to happen by itself."""

    what: str
    number: str
    at: datetime
    at_text: str


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """Long work with how far it is; out of `total` that are looked at."""

    what: str
    done: int
    total: int
    sentence: str


@dataclass(frozen=True, slots=True)
class JobsPage:
    """All that the page shows.

    :ivar silent: what is said when the worker does not run; else empty
    """

    silent: str
    tasks: tuple[TaskRow, ...]
    failures: tuple[FailureRow, ...]
    ends: tuple[DueRow, ...]
    notices: tuple[DueRow, ...]
    waiting: str
    given_up: str
    recounts: tuple[ProgressRow, ...]


@pages.get("/desk/jobs")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def jobs() -> str:
    """This will show what ran by itself, what is due and what failed."""
    with reading() as session:
        page = _page(session)
    return render_template("desk/jobs.html", page=page)


def _page(session: Session) -> JobsPage:
    states, coming = task_states(session), upcoming(session)
    return JobsPage(
        silent=_silence(states),
        tasks=tuple(_task_row(task, {state.name: state for state in states}.get(task)) for task in Task),
        failures=tuple(
            FailureRow(_name(failure.name), failure.failed_at, _text(failure.failed_at), failure.error)
            for failure in latest_failures(session)
        ),
        ends=tuple(_due_rows(coming.ends)),
        notices=tuple(_due_rows(coming.looks)),
        waiting=_at_most(coming.letters_waiting, "letter"),
        given_up=_at_most(coming.letters_given_up, "letter"),
        recounts=tuple(_progress(coming)),
    )


def _silence(states: Sequence[TaskState]) -> str:
    last = max((state.last_started_at for state in states), default=None)
    if not is_silent(last, now=now()):
        return ""
    if last is None:
        return "The worker has never run."
    return f"The worker last did something {_ago(last)}. It looks each minute when it runs."


def _task_row(task: Task, state: TaskState | None) -> TaskRow:
    rhythm = "Each hour" if task in HOURLY else "Each minute"
    if state is None:
        return TaskRow(WORDS[task], rhythm, "", "", "", "Never ran", "neutral")
    words, tone = _state_words(state)
    changed = counted_text(state.last_count, "row")
    return TaskRow(WORDS[task], rhythm, _text(state.last_started_at), _ago(state.last_started_at), changed, words, tone)


def _state_words(state: TaskState) -> tuple[str, str]:
    ended_at = state.last_finished_at
    if state.last_failed_at and (ended_at is None or state.last_failed_at >= max(ended_at, state.last_started_at)):
        return "Failed", "problem"
    if ended_at is None or ended_at < state.last_started_at:
        return "Running, or broke off", "attention"
    return "Done", "done"


def _due_rows(things: Iterable[tuple[str, str, datetime]]) -> Iterable[DueRow]:
    return (DueRow(what, number, at, end_text(at, reader_zone())) for what, number, at in things)


def _progress(coming: Upcoming) -> Iterable[ProgressRow]:
    for recount in coming.recounts:
        told = recount.state is RecountState.TELLING
        done = recount.told if told else recount.seen
        said = f"{RECOUNT_WORDS.get(recount.state, recount.state)}: {done:,} of {recount.to_see:,} orders"
        yield ProgressRow(recount.closure.name, min(done, recount.to_see), max(recount.to_see, 1), said)


def _at_most(count: int, one: str) -> str:
    return f"More than {MOST} {one}s" if count > MOST else counted_text(count, one)


def _ago(at: datetime) -> str:
    minutes = max(0, (now() - at) // A_MINUTE)
    if minutes < MINUTES_OF_AN_HOUR:
        return "less than a minute ago" if minutes == 0 else f"{counted_text(minutes, 'minute')} ago"
    hours = minutes // MINUTES_OF_AN_HOUR
    return f"{counted_text(hours, 'hour')} ago" if hours < HOURS_SHOWN else f"{counted_text(hours // 24, 'day')} ago"


def _name(name: str) -> str:
    return WORDS[Task(name)] if name in set(Task) else name


def _text(at: datetime) -> str:
    return moment_text(at, reader_zone())
