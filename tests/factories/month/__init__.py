"""A month of sales written at once, with what does not fit planted in it, and what a run finds of it.

For tests of single checks; `migrator demo month` plays a month through its doors. Read making.py first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.finance.reconciliation.expectations import expectations
from migrator.finance.reconciliation.lifecycle import DiscrepancyState, RunKind
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.reconciliation.run_models import Discrepancy, ReconciliationRun
from migrator.finance.reconciliation.runs import advance_run, begin_run
from tests.factories.month.keeping import keep_sales, keep_statement, paid_out, post_sales
from tests.factories.month.making import make_sales
from tests.factories.month.planting import Plant, finish, plant_all, plant_payouts
from tests.factories.month.sales import Sale

BEGINS_ON = date(2026, 10, 20)


def a_month(
    session: Session, *, count: int, now: datetime, each: int = 0, key: str = "mth"
) -> tuple[list[Sale], list[Plant]]:
    """This will keep a month of sales up to `now`, with every kind of exception planted `each` times."""
    sales = make_sales(session, count=count, key=key, begins_on=BEGINS_ON, now=now)
    plants = plant_all(sales, each=each) if each else []
    keep_sales(session, sales)
    post_sales(session, sales, now=now)
    finish(session, plants, now=now)
    movements = [one for sale in sales for one in sale.movements]
    payouts = paid_out(movements, key=key, now=now)
    plants += plant_payouts(payouts) if each else []
    keep_statement(session, movements, payouts)
    return sales, plants


def reconcile(session: Session, *, now: datetime, kind: RunKind = RunKind.FULL) -> ReconciliationRun:
    """This will do a whole run."""
    expected = expectations(session, livemode=False, tariff=Tariff(), now=now)
    run = begin_run(session, kind=kind, now=now)
    while advance_run(session, run, expected):
        pass
    return run


def open_subjects(session: Session) -> set[tuple[str, str]]:
    """This will return what is open: each code with what it is about."""
    rows = session.execute(
        select(Discrepancy.code, Discrepancy.subject).where(Discrepancy.state == DiscrepancyState.OPEN)
    )
    return {(code.value, subject) for code, subject in rows}


def subjects_of(plants: Sequence[Plant]) -> set[tuple[str, str]]:
    """This will return what was planted, in the same form."""
    return {(plant.code.value, plant.subject) for plant in plants}


def analyse(session: Session) -> None:
    """This will let PostgreSQL know what is in its tables."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
