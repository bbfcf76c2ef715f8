"""Runs and proposals: start, interrupt and go on; confirm or reject what may belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.clock.wording import counted_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.reconciliation.deciding import confirm, reject
from migrator.finance.reconciliation.lifecycle import RunKind, RunState
from migrator.finance.reconciliation.pulling import ask_for_pull
from migrator.finance.reconciliation.queries import PAGE, imports, proposal_of, proposals_waiting, run_of, runs
from migrator.finance.reconciliation.run_models import Proposal, ReconciliationRun
from migrator.finance.reconciliation.runs import begin_run, interrupt_run, resume_run, steps_of
from migrator.history.actor import Role
from migrator.money import Money
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.showing import moment
from migrator.web.finance.statements import ImportRow, import_row
from migrator.web.request import actor, now, person

SHOWN = 20
STATES = {
    RunState.RUNNING: ("Running", "info"),
    RunState.INTERRUPTED: ("Interrupted", "attention"),
    RunState.DONE: ("Done", "done"),
    RunState.FAILED: ("Failed", "problem"),
}
KINDS = {RunKind.FULL: "Everything", RunKind.NEW: "What is new"}


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, with its progress and what it counted."""

    id: int
    kind: str
    who: str
    at_text: str
    state: str
    tone: str
    done: int
    total: int
    step: str
    figures: str
    problem: str
    is_running: bool
    is_interrupted: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A charge and a payment that may belong together."""

    id: int
    reference: str
    order: str
    customer: str
    amount: Money
    theirs_text: str
    ours_text: str


@pages.get("/finance/reconciliation")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def reconciliation() -> str:
    """This will show runs, files and proposals."""
    return _shown()


@pages.post("/finance/reconciliation/fetch")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def fetch() -> Response | tuple[str, int]:
    """This will have the worker fetch what is new at the provider and look at it."""

    def ask(session: Session) -> str:
        ask_for_pull(session, now=now())
        return "The worker fetches what is new and looks at it. This page shows how far it is."

    return _do(ask)


@pages.post("/finance/reconciliation/runs")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def start_run() -> Response | tuple[str, int]:
    """This will begin a run of everything."""

    def begin(session: Session) -> str:
        begin_run(session, kind=RunKind.FULL, started_by_id=person().id, now=now())
        return "The run has begun."

    return _do(begin)


@pages.post("/finance/reconciliation/runs/<int:run_id>/<any(interrupt, resume):deed>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def change_run(run_id: int, deed: str) -> Response | tuple[str, int]:
    """This will stop a run before its next step, or let it go on."""

    def change(session: Session) -> str:
        found = run_of(session, run_id)
        if deed == "interrupt":
            interrupt_run(session, found)
            return "The run stops before its next step. What it has done is kept."
        resume_run(session, found)
        return "The run goes on where it stopped."

    return _do(change)


@pages.post("/finance/reconciliation/proposals/<int:proposal_id>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def decide_proposal(proposal_id: int) -> Response | tuple[str, int]:
    """This will confirm that a charge belongs to a payment, or that it does not."""

    def act(session: Session) -> str:
        found = proposal_of(session, proposal_id)
        if request.form.get("answer") == "reject":
            reject(session, found, actor=actor(), now=now())
            return "They do not belong together. The pair is not proposed again."
        confirm(session, found, actor=actor(), now=now())
        return "They belong together. The next run closes what said otherwise."

    return _do(act)


def _do(act: Callable[[Session], str]) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            news = act(session)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(str(refusal)), 409
    flash(news)
    return redirect(url_for("finance.reconciliation"), 303)


def _shown(refusal: str = "") -> str:
    with reading() as session:
        run_rows = [_run(each) for each in runs(session, limit=SHOWN)]
        import_rows: list[ImportRow] = [import_row(each) for each in imports(session, limit=SHOWN)]
        proposals = [_proposal(each) for each in proposals_waiting(session)[:PAGE]]
    moves = any(each.is_running for each in run_rows) or any(each.is_reading for each in import_rows)
    return render_template(
        "finance/reconciliation.html",
        runs=run_rows,
        imports=import_rows,
        proposals=proposals,
        moves=moves,
        refusal=refusal,
    )


def _run(run: ReconciliationRun) -> RunRow:
    state, tone = STATES[run.state]
    steps = steps_of(run)
    return RunRow(
        id=run.id,
        kind=KINDS[run.kind],
        who=run.started_by.display_name if run.started_by else "By itself",
        at_text=moment(run.started_at),
        state=state,
        tone=tone,
        done=run.done,
        total=run.total,
        step=steps[run.done].words if run.done < len(steps) else "",
        figures=_figures(run),
        problem=run.problem,
        is_running=run.state is RunState.RUNNING,
        is_interrupted=run.state is RunState.INTERRUPTED,
    )


def _figures(run: ReconciliationRun) -> str:
    counted = run.figures
    words = [f"{counted.get('matched', 0):,} matched"]
    words += [f"{counted['proposed']:,} proposed"] if counted.get("proposed") else []
    words += [counted_text(counted["found"], "exception")] if counted.get("found") else []
    words += [f"{counted['closed']:,} closed"] if counted.get("closed") else []
    words += [f"{counted['reopened']:,} opened again"] if counted.get("reopened") else []
    return ", ".join(words)


def _proposal(each: Proposal) -> ProposalRow:
    return ProposalRow(
        id=each.id,
        reference=each.transaction.provider_id,
        order=each.payment.attempt.order_number,
        customer=str(each.inputs.get("customer", "")),
        amount=each.transaction.gross,
        theirs_text=moment(each.transaction.created_at),
        ours_text=moment(each.payment.captured_at),
    )
