"""What finance opens in the morning: what does not fit, the most severe first, and when we looked last."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.finance.reconciliation.expectations import TRANSACTIONS
from migrator.finance.reconciliation.lifecycle import Code, RunKind
from migrator.finance.reconciliation.models import ProviderCursor
from migrator.finance.reconciliation.queries import (
    Tally,
    Wanted,
    discrepancies,
    last_run,
    open_tallies,
    proposals_waiting,
    run_under_way,
)
from migrator.finance.reconciliation.rules import MEANINGS
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.history.actor import Role
from migrator.money import Money
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.showing import SEVERITIES, ExceptionRow, moment, rows_of

FIRST = 20


@dataclass(frozen=True, slots=True)
class TallyRow:
    """How many exceptions of one code are open."""

    code: Code
    title: str
    severity: str
    tone: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Overview:
    """The page.

    :ivar looked: when the last run was and what it looked at
    :ivar fetched: when the provider was asked last
    :ivar is_running: whether a run is under way
    """

    rows: list[ExceptionRow]
    has_more: bool
    tallies: list[TallyRow]
    count: int
    looked: str
    fetched: str
    is_running: bool
    proposals: int


@pages.get("/finance")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def overview() -> str:
    """This will show what does not fit, the most severe first, with the evidence and what to do."""
    with reading() as session:
        page = _page(session)
    return render_template("finance/overview.html", page=page)


def _page(session: Session) -> Overview:
    found = discrepancies(session, Wanted())
    tallies = [_tally(tally) for tally in open_tallies(session)]
    pulled = session.get(ProviderCursor, TRANSACTIONS)
    return Overview(
        rows=rows_of(found[:FIRST]),
        has_more=len(found) > FIRST,
        tallies=tallies,
        count=sum(tally.count for tally in tallies),
        looked=looked_text(last_run(session)),
        fetched=moment(pulled.pulled_at) if pulled else "",
        is_running=run_under_way(session) is not None,
        proposals=len(proposals_waiting(session)),
    )


def looked_text(run: ReconciliationRun | None) -> str:
    """This will say when the last run was, what it looked at, and what it matched."""
    if run is None or run.finished_at is None:
        return ""
    looked_at = run.cursors["transactions_through"]
    what = f"all {looked_at:,} movements" if run.kind is RunKind.FULL else "what was new"
    return f"{moment(run.finished_at)}, {what}; {run.figures.get('matched', 0):,} matched by it"


def _tally(tally: Tally) -> TallyRow:
    severity, tone = SEVERITIES[tally.severity]
    return TallyRow(tally.code, MEANINGS[tally.code].title, severity, tone, tally.count, tally.amount)
