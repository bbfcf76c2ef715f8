"""A month in which everything that can be wrong is wrong: all of it is found, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.finance.ledger.invariants import invariants
from migrator.finance.reconciliation.expectations import expectations
from migrator.finance.reconciliation.lifecycle import Code, RunKind
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.reconciliation.runs import advance_run, begin_run
from tests.factories.month import a_month, open_subjects, reconcile, subjects_of


class Killed(BaseException):
    """The process ended between a step and its commit."""


@pytest.fixture(autouse=True)
def _books_balance() -> None:
    """What is planted here is wrong in the books too."""


@pytest.mark.parametrize("backend", ["postgresql"])
def test_every_planted_exception_is_found_and_nothing_else(session: Session, now: datetime) -> None:
    """On SQLite a whole month is played for it, in tests/cli/test_month.py."""
    _sales, plants = a_month(session, count=70, now=now, each=1)
    for kind in (RunKind.FULL, RunKind.NEW, RunKind.FULL):
        run = reconcile(session, now=now, kind=kind)
        assert open_subjects(session) == subjects_of(plants), kind
    assert (run.figures["closed"], run.figures["reopened"]) == (0, 0)
    assert {plant.code for plant in plants} == set(Code)


def test_a_look_at_what_is_new_writes_about_what_is_new_alone(session: Session, now: datetime) -> None:
    a_month(session, count=60, now=now)
    reconcile(session, now=now)
    a_month(session, count=5, now=now, key="new")
    written: Counter[str] = Counter()

    def count(_connection: object, cursor: Any, statement: str, *_others: object) -> None:
        found = re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement)
        if found and cursor.rowcount > 0:
            written[found[1]] += cursor.rowcount

    engine = session.get_bind()
    event.listen(engine, "after_cursor_execute", count)
    run = reconcile(session, now=now, kind=RunKind.NEW)
    event.remove(engine, "after_cursor_execute", count)
    looked_at = sum(run.figures[name] for name in ("transactions", "orders", "payouts"))
    del written["reconciliation_runs"]
    # What to look at is written down, and put away again.
    assert written == {"matches": 5, "reconciliation_scopes": 2 * looked_at}
    assert (run.figures["matched"], run.figures["orders"]) == (5, 5)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_month_without_mistakes_has_no_exception_and_its_books_balance(session: Session, now: datetime) -> None:
    a_month(session, count=60, now=now)
    run = reconcile(session, now=now)
    assert open_subjects(session) == set()
    assert run.figures["matched"] == 60
    assert [law for law in invariants(session) if not law.holds] == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_kill_in_any_step_of_a_run_leaves_nothing_half_done(app: Flask, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            _sales, plants = a_month(session, count=70, now=now, each=1)
        with transaction() as session:
            expected = expectations(session, livemode=False, tariff=Tariff(), now=now)
            run_id = begin_run(session, kind=RunKind.FULL, now=now).id
        more = True
        while more:
            with pytest.raises(Killed), transaction() as session:
                advance_run(session, session.get_one(ReconciliationRun, run_id), expected)
                raise Killed
            with transaction() as session:
                assert open_subjects(session) == set()
                more = advance_run(session, session.get_one(ReconciliationRun, run_id), expected)
        with reading() as session:
            assert open_subjects(session) == subjects_of(plants)
