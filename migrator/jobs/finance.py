"""Fetching what the provider says, reading its files, and going on with runs; a kill at any step costs that step."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from migrator.clock.source import Clock
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.finance.reconciliation.expectations import TRANSACTIONS, Expectations, expectations
from migrator.finance.reconciliation.lifecycle import RunKind
from migrator.finance.reconciliation.models import StatementImport
from migrator.finance.reconciliation.pulling import (
    is_pull_asked,
    keep_movements,
    keep_payout,
    note_pull,
    pulled_through,
    wants_parts,
)
from migrator.finance.reconciliation.queries import (
    imports_under_way,
    is_look_due,
    last_audit_at,
    last_pull_at,
    run_under_way,
)
from migrator.finance.reconciliation.rules import Tariff, is_due
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.reconciliation.runs import advance_run, begin_run, fail_run
from migrator.finance.reconciliation.statements.imports import refuse_statement, set_aside, take_statement
from migrator.finance.reconciliation.statements.reading import BadStatement, rows_of
from migrator.finance.reconciliation.statements.storing import path_of
from migrator.payments.gateway import PaymentGateway
from migrator.payments.movements import Payout
from migrator.policy.loading import calendar_plans, migration_desk

log = logging.getLogger(__name__)
Each = TypeVar("Each")
PAYOUTS = "payouts"
BATCH = 500
ROWS_AT_ONCE = 5_000
# What was made in the same second as the last pull, and clocks that differ a little.
OVERLAP = timedelta(hours=1)
# Until then a payout may still change its state.
PAYOUTS_CHANGE_FOR = timedelta(days=14)


def fetch_statements(gateway: PaymentGateway, clock: Clock, folder: Path) -> int:
    """This will read the files that were sent, and ask the provider where that is due; returns how much is new.

    It is asked each night, and whenever somebody, or an event of the provider, has asked for it.
    """
    rows = continue_imports(folder, clock, livemode=gateway.livemode)
    with reading() as session:
        wants = is_pull_asked(session) or is_due(last_pull_at(session), now=clock.now(), zone=_zone())
    return rows + (pull(gateway, clock) if wants else 0)


def reconcile(clock: Clock, *, livemode: bool, tariff: Tariff) -> int:
    """This will begin the runs that are due and go on with the one that is under way; returns how many steps."""
    steps = continue_runs(clock, livemode=livemode, tariff=tariff)
    if begin_due_run(clock):
        steps += continue_runs(clock, livemode=livemode, tariff=tariff)
    return steps


def begin_due_run(clock: Clock) -> bool:
    """This will begin a run of everything once a night, or of what is new; tells whether one was begun."""
    now = clock.now()
    with transaction() as session:
        if run_under_way(session) is not None:
            return False
        if is_due(last_audit_at(session), now=now, zone=_zone()):
            begin_run(session, kind=RunKind.FULL, now=now)
            return True
        if is_look_due(session):
            begin_run(session, kind=RunKind.NEW, now=now)
            return True
    return False


def pull(gateway: PaymentGateway, clock: Clock) -> int:
    """This will fetch the movements and payouts since the last pull, and return how many movements are new.

    The mark of how far was pulled moves only when all pages have come: they come newest first.
    """
    return _pull_movements(gateway, clock) + _pull_payouts(gateway, clock)


def continue_runs(clock: Clock, *, livemode: bool, tariff: Tariff) -> int:
    """This will go on with the run that is under way, step by step, and return how many steps were done."""
    with reading() as session:
        run_id = run_under_way(session)
        expected = expectations(session, livemode=livemode, tariff=tariff, now=clock.now()) if run_id else None
    if run_id is None or expected is None:
        return 0
    try:
        return _continue(run_id, expected)
    except DomainError as refusal:
        with transaction() as session:
            run = session.get_one(ReconciliationRun, run_id, with_for_update=True)
            fail_run(session, run, problem=str(refusal), now=clock.now())
        return 0


def continue_imports(folder: Path, clock: Clock, *, livemode: bool) -> int:
    """This will go on reading the files that are being imported, and return how many rows were set aside."""
    with reading() as session:
        waiting = imports_under_way(session)
    return sum(_import(import_id, path_of(folder, sha256), clock, livemode=livemode) for import_id, sha256 in waiting)


def _continue(run_id: int, expected: Expectations) -> int:
    steps, more = 0, True
    while more:
        # A transaction of its own: what was done is kept, and others come in between.
        with transaction() as session:
            more = advance_run(session, session.get_one(ReconciliationRun, run_id, with_for_update=True), expected)
        steps += 1
    return steps


def _pull_movements(gateway: PaymentGateway, clock: Clock) -> int:
    started_at = clock.now()
    with reading() as session:
        through = pulled_through(session, TRANSACTIONS)
    new = 0
    since = through - OVERLAP if through else None
    for batch in _batches(gateway.balance_transactions(created_from=since), BATCH):
        with transaction() as session:
            new += keep_movements(session, batch, livemode=gateway.livemode)
    with transaction() as session:
        note_pull(session, TRANSACTIONS, through=started_at, now=clock.now())
    return new


def _pull_payouts(gateway: PaymentGateway, clock: Clock) -> int:
    started_at = clock.now()
    with reading() as session:
        through = pulled_through(session, PAYOUTS)
    since = through - PAYOUTS_CHANGE_FOR if through else None
    new = sum(_pull_payout(gateway, payout) for payout in gateway.payouts(created_from=since))
    with transaction() as session:
        note_pull(session, PAYOUTS, through=started_at, now=clock.now())
    return new


def _pull_payout(gateway: PaymentGateway, payout: Payout) -> int:
    with transaction() as session:
        row = keep_payout(session, payout)
        payout_id, is_wanted = row.id, wants_parts(row)
    if not is_wanted:
        return 0
    parts = list(gateway.balance_transactions(payout_id=payout.id))
    with transaction() as session:
        new = sum(
            keep_movements(session, batch, livemode=gateway.livemode, payout_id=payout_id)
            for batch in _batches(iter(parts), BATCH)
        )
        keep_payout(session, payout).is_itemized = True
    return new


def _import(import_id: int, path: Path, clock: Clock, *, livemode: bool) -> int:
    try:
        return _read(import_id, path, clock, livemode=livemode)
    except (BadStatement, FileNotFoundError) as error:
        gone = "The file is no longer there. Send it again."
        problem = str(error) if isinstance(error, BadStatement) else gone
        with transaction() as session:
            refuse_statement(session, _held(session, import_id), problem, now=clock.now())
        return 0


def _read(import_id: int, path: Path, clock: Clock, *, livemode: bool) -> int:
    with reading() as session:
        done = begun_with = session.get_one(StatementImport, import_id).done_rows
    with path.open("rb") as file:
        for rows in _batches(rows_of(file, skip=done), ROWS_AT_ONCE):
            with transaction() as session:
                if not set_aside(session, _held(session, import_id), rows, after=done, livemode=livemode):
                    return done - begun_with
            done += len(rows)
    with transaction() as session:
        take_statement(session, _held(session, import_id), count=done, now=clock.now())
    return done - begun_with


def _zone() -> str:
    desk = migration_desk().calendar
    return next(plan.zone for plan in calendar_plans() if plan.key == desk)


def _held(session: Session, import_id: int) -> StatementImport:
    return session.get_one(StatementImport, import_id, with_for_update=True)


def _batches(each: Iterable[Each], size: int) -> Iterator[list[Each]]:
    iterator = iter(each)
    while batch := list(islice(iterator, size)):
        yield batch
