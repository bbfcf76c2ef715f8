"""A run, step by step: match, propose, look for what does not fit, switch to what was found. Flushes, never commits.

Each step is a transaction of its caller's, and may be repeated. Findings wait aside until the last step, so a run that
stops anywhere, or is killed, leaves the list of what does not fit as it was, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.reconciliation.checks import LOOKS
from migrator.finance.reconciliation.checks.check import Look, find
from migrator.finance.reconciliation.expectations import Expectations
from migrator.finance.reconciliation.lifecycle import RunKind, RunState
from migrator.finance.reconciliation.matching import Reach, match_by_reference, match_exactly, propose
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.reconciliation.scope import gather_scope
from migrator.finance.reconciliation.settling import forget_findings, settle_findings
from migrator.history.models import HistoryEntry
from migrator.payments.models import Payment

# A chunk holds the one writer's place of SQLite for about a second.
CHUNK = 100_000
# Beyond that a look at everything is faster than one at each new row.
NEW_AT_MOST = 50_000
LOOKED_AT = {
    "transactions": ProviderTransaction.id,
    "payments": Payment.id,
    "payouts": ProviderPayout.id,
    "history": HistoryEntry.id,
    "entries": JournalEntry.id,
}


class RunUnderWay(DomainError):
    """There is one run at a time."""


class NotInterrupted(DomainError):
    """Only what was interrupted can go on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run, as its page names it; what it does returns what it counted."""

    words: str
    do: Callable[[Session, ReconciliationRun, Expectations], dict[str, int]]


def begin_run(
    session: Session, *, kind: RunKind = RunKind.NEW, started_by_id: int | None = None, now: datetime
) -> ReconciliationRun:
    """This will begin a run; where more is new than a look at new rows is good for, it becomes one of everything.

    :raises RunUnderWay: while another runs
    """
    last = session.scalar(
        select(ReconciliationRun)
        .where(ReconciliationRun.state == RunState.DONE)
        .order_by(ReconciliationRun.id.desc())
        .limit(1)
    )
    through = {name: session.scalar(select(func.max(column))) or 0 for name, column in LOOKED_AT.items()}
    after = {name: last.cursors.get(f"{name}_through", 0) if last else 0 for name in LOOKED_AT}
    if last is None or through["transactions"] - after["transactions"] > NEW_AT_MOST:
        kind = RunKind.FULL
    if kind is RunKind.FULL:
        after = dict.fromkeys(LOOKED_AT, 0)
    run = ReconciliationRun(
        kind=kind,
        started_by_id=started_by_id,
        started_at=now,
        total=0,
        cursors={f"{name}_after": value for name, value in after.items()}
        | {f"{name}_through": value for name, value in through.items()},
    )
    run.total = len(steps_of(run))
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as error:
        raise RunUnderWay("A run is under way. Wait for it, or interrupt it first.") from error
    return run


def steps_of(run: ReconciliationRun) -> list[Step]:
    """This will return the steps of a run, the same each time it is asked."""
    after, through = run.cursors["transactions_after"], run.cursors["transactions_through"]
    is_full = run.kind is RunKind.FULL
    reaches = [Reach(begin, min(begin + CHUNK, through)) for begin in range(after, through, CHUNK)]
    if not is_full:
        reaches.append(Reach(waiting=True))
    return [
        *(Step("Match what ids prove", partial(_match, reach=reach)) for reach in reaches),
        *(Step("Match what the order's number proves", partial(_refer, reach=reach)) for reach in reaches),
        Step("Propose what a person may confirm", _propose),
        *(() if is_full else (Step("Gather what has changed", _gather),)),
        *(Step(f"Look for: {look.words}", partial(_look, look=look)) for look in LOOKS),
        Step("Write down what was found", _settle),
    ]


def advance_run(session: Session, run: ReconciliationRun, expected: Expectations) -> bool:
    """This will do the next step of a run that is under way, and tell whether there are more.

    :param run: held; where it was interrupted meanwhile, nothing is done
    """
    if run.state is not RunState.RUNNING:
        return False
    _prefer_sets(session, run)
    counted = steps_of(run)[run.done].do(session, run, expected)
    figures = dict(run.figures)
    for name, count in counted.items():
        figures[name] = figures.get(name, 0) + count
    run.figures = figures
    run.done += 1
    if run.done == run.total:
        run.state, run.finished_at = RunState.DONE, expected.now
    session.flush()
    return run.state is RunState.RUNNING


def interrupt_run(session: Session, run: ReconciliationRun) -> None:
    """This will stop a run before its next step; what does not fit stays as the last finished run left it."""
    if run.state is RunState.RUNNING:
        run.state = RunState.INTERRUPTED
        session.flush()


def resume_run(session: Session, run: ReconciliationRun) -> None:
    """This will let an interrupted run go on with the step that it stopped before.

    :raises NotInterrupted: for any other
    :raises RunUnderWay: while another runs
    """
    if run.state is not RunState.INTERRUPTED:
        raise NotInterrupted("Only a run that was interrupted can go on.")
    try:
        with session.begin_nested():
            run.state = RunState.RUNNING
    except IntegrityError as error:
        raise RunUnderWay("Another run is under way. Wait for it, or interrupt it first.") from error


def fail_run(session: Session, run: ReconciliationRun, *, problem: str, now: datetime) -> None:
    """This will end a run that cannot go on, with the reason, and put away what it had found."""
    run.state, run.finished_at, run.problem = RunState.FAILED, now, problem
    forget_findings(session, run.id)
    session.flush()


def _prefer_sets(session: Session, run: ReconciliationRun) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    # Compiling a statement that is asked once takes longer than answering it.
    settings = {"jit": "off"}
    if run.kind is RunKind.FULL:
        # A table that was empty when it was last measured looks quick to read once for each row of another, and is not
        # any more while the statement itself fills it.
        settings |= {"enable_nestloop": "off", "work_mem": "'64MB'"}
    for name, value in settings.items():
        session.execute(text(f"SET LOCAL {name} = {value}"))


def _match(session: Session, run: ReconciliationRun, _expected: Expectations, *, reach: Reach) -> dict[str, int]:
    return {"matched": match_exactly(session, run.id, reach)}


def _refer(session: Session, run: ReconciliationRun, _expected: Expectations, *, reach: Reach) -> dict[str, int]:
    return {"matched": match_by_reference(session, run.id, reach)}


def _propose(session: Session, run: ReconciliationRun, _expected: Expectations) -> dict[str, int]:
    return {"proposed": propose(session, run.id)}


def _gather(session: Session, run: ReconciliationRun, _expected: Expectations) -> dict[str, int]:
    return gather_scope(session, run)


def _look(session: Session, run: ReconciliationRun, expected: Expectations, *, look: Look) -> dict[str, int]:
    is_full = run.kind is RunKind.FULL
    return {"found": find(session, look, run_id=run.id, is_full=is_full, expected=expected)}


def _settle(session: Session, run: ReconciliationRun, expected: Expectations) -> dict[str, int]:
    return settle_findings(session, run, now=expected.now)
