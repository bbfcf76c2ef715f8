"""Killed at any step of pulling, importing, earning, posting and closing: nothing lost, nothing twice (rule 9)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.finance.months.lifecycle import MonthState
from migrator.finance.months.operations import lock, take_into_review
from migrator.finance.months.queries import month_row
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.statements.imports import begin_import
from migrator.finance.reconciliation.statements.storing import store
from migrator.jobs import finance, ledger
from tests.conftest import NOW
from tests.factories.books import MONTH, a_finished_run, an_order_in_the_books
from tests.factories.counter import Counter
from tests.factories.ledger import a_covered_order, a_movement
from tests.factories.machine import Machine
from tests.factories.people import a_finance_person
from tests.factories.till import Till

HEADING = "balance_transaction_id,currency,gross,fee,net,reporting_category,automatic_payout_id"
ROWS = [f"txn_{number},usd,100.00,3.20,96.80,charge,po_{number % 2}" for number in range(5)]


@pytest.fixture
def machine(app: Flask, tmp_path: Path) -> Machine:
    return Machine(app, tmp_path)


def inside(app: Flask, work: Callable[[], object]) -> Callable[[], object]:
    """This will return the work as the worker does it."""

    def door() -> None:
        with app.app_context():
            work()

    return door


def rows_in(machine: Machine) -> tuple[int, ...]:
    with machine.app.app_context(), reading() as session:
        counts = (select(func.count()).select_from(table) for table in (ProviderTransaction, ProviderPayout))
        return tuple(session.scalar(count) or 0 for count in counts)


def test_killed_anywhere_while_a_file_is_read(
    machine: Machine, clock: FileClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finance, "ROWS_AT_ONCE", 2)
    kept = store(io.BytesIO("\n".join((HEADING, *ROWS, "")).encode()), tmp_path, most_bytes=10_000)
    with machine.app.app_context(), transaction() as session:
        begin_import(
            session, kind=kept.kind, file_name="november.csv", sha256=kept.sha256, byte_count=kept.byte_count,
            line_count=kept.line_count, imported_by_id=a_finance_person(session).id, now=NOW,
        )  # fmt: skip
    work = inside(machine.app, lambda: finance.continue_imports(tmp_path, clock, livemode=False))
    assert machine.killed_everywhere(work) >= 18
    assert rows_in(machine) == (5, 2)


def test_killed_anywhere_while_statements_are_pulled(
    machine: Machine, till: Till, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came is asked of the provider itself, page by page: a charge, a refund, and the payout of both."""
    monkeypatch.setattr(finance, "BATCH", 2)
    counter = Counter(till)
    number = counter.paid()
    counter.in_dashboard(number, 5_000)
    till.sandbox.control("payouts", currency="usd")
    work = inside(machine.app, lambda: finance.pull(till.gateway, clock))
    assert machine.killed_everywhere(work, writes=False) >= 14
    assert rows_in(machine) == (3, 1)


def test_killed_anywhere_while_premiums_are_earned_and_statements_posted(
    machine: Machine, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "AT_ONCE", 1)
    monkeypatch.setattr(ledger, "earn_some", partial(ledger.earn_some, limit=1))
    done = NOW - timedelta(days=1)
    with machine.app.app_context(), transaction() as session:
        for _ in range(2):
            a_covered_order(session, at=done)
        a_movement(session, "txn_1", gross=-500, fee=0, category="fee", at=done)
        session.add(
            ProviderPayout(provider_id="po_1", amount_minor=100, currency="USD", status="paid", created_at=done)
        )
    clock.advance(timedelta(days=20))
    assert machine.killed_everywhere(inside(machine.app, ledger.keep_books)) >= 25


def test_killed_anywhere_while_a_month_is_closed(machine: Machine, clock: FileClock) -> None:
    with machine.app.app_context(), transaction() as session:
        an_order_in_the_books(session)
        a_finished_run(session)
        by = a_finance_person(session)

    def close() -> None:
        for standing, step in ((MonthState.OPEN, take_into_review), (MonthState.IN_REVIEW, lock)):
            with transaction() as session:
                if month_row(session, MONTH).state is standing:
                    step(session, MONTH, by=by, now=NOW)

    assert machine.killed_everywhere(inside(machine.app, close)) >= 8
