"""How long reconciliation takes: `PYTHONPATH=. python bench/reconcile.py 100000` prints the table.

A database of its own on SQLite and on PostgreSQL is filled with paid, insured orders, their covers and books, and one
movement of the provider for each. Then everything is matched and looked at, with all that is written; looked at again;
and 1,000 new movements are looked at; and the premiums of all covers are earned, a day and then the rest. Own work is
the processor time of this process and of its server's. Beside it DuckDB and polars do the same joins on the same rows
in memory: they read nothing from a disk, keep nothing, and tell nobody why; that is what the ratios say.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb
import polars
from sqlalchemy import text

from bench.reconcile_data import a_template, copy_orders
from migrator.app import create_app
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.reconciliation.expectations import expectations
from migrator.finance.reconciliation.lifecycle import RunKind
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.reconciliation.runs import advance_run, begin_run, steps_of
from tests.conftest import NOW, fill, settings_for
from tests.factories.postgresql import PostgresqlServer

NEW = 1_000
BATCH = 100_000
JOINS = (
    """SELECT t.id, p.id AS payment FROM t JOIN p ON p.payment_intent_id = t.payment_intent_id
        WHERE t.reporting_category = 'charge'""",
    "SELECT p.id FROM p LEFT JOIN t ON p.payment_intent_id = t.payment_intent_id WHERE t.id IS NULL",
    "SELECT t.id FROM t LEFT JOIN p ON p.payment_intent_id = t.payment_intent_id WHERE p.id IS NULL",
    """SELECT t.id FROM t JOIN p ON p.payment_intent_id = t.payment_intent_id
        WHERE t.gross_minor <> p.amount_minor OR t.currency <> p.currency""",
    "SELECT t.payout_id, SUM(t.net_minor) AS net FROM t GROUP BY t.payout_id",
    "SELECT p.id FROM p LEFT JOIN e ON e.cause = 'payment:' || p.id WHERE e.cause IS NULL",
)
TABLES = {
    "t": "SELECT id, payment_intent_id, reporting_category, gross_minor, net_minor, currency, payout_id "
    "FROM provider_transactions",
    "p": "SELECT id, payment_intent_id, amount_minor, currency FROM payments",
    "e": "SELECT cause FROM journal_entries",
}


def main(orders: int, only: str) -> None:
    """This will measure both databases, each in a process of its own, so that each has its own peak of memory."""
    if only == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), f"sqlite:///{folder}/bench.sqlite")
            _measure(only, Path(folder), f"sqlite:///{folder}/bench.sqlite", orders=orders)
    elif only == "PostgreSQL":
        server = PostgresqlServer()
        try:
            with tempfile.TemporaryDirectory() as folder:
                server.prepare("bench", lambda url: fill(Path(folder), url))
                _measure(only, Path(folder), server.url("bench"), orders=orders)
        finally:
            server.stop()
    else:
        print(f"{orders:,} insured orders\n{'':12}{'step':40}{'seconds':>9}{'own work':>11}{'MB':>8}")
        for name in ("SQLite", "PostgreSQL"):
            subprocess.run(
                [sys.executable, __file__, str(orders), name, *(["-v"] if "-v" in sys.argv else [])], check=True
            )


def _measure(name: str, folder: Path, url: str, *, orders: int) -> None:
    app = create_app(settings_for(folder, url), clock=FileClock(folder / "clock"), wake=lambda: None)
    with app.app_context():
        with transaction() as session:
            now = a_template(session, NOW)
        _fill(1, orders)
        for kind, words in ((RunKind.FULL, "everything, nothing matched yet"), (RunKind.FULL, "everything again")):
            _run(name, words, kind, now, verbose="-v" in sys.argv)
        _fill(orders + 1, orders + NEW)
        _run(name, f"{NEW:,} new movements", RunKind.NEW, now, verbose="-v" in sys.argv)
        for words, days in (("a day of all premiums earned", 2), ("all that is left of them", 60)):
            _earn(name, words, now + timedelta(days=days))
        _others(folder)
        db.engine.dispose()


def _fill(first: int, last: int) -> None:
    for begin in range(first, last + 1, BATCH):
        with transaction() as session:
            copy_orders(session.connection(), first=begin, last=min(begin + BATCH - 1, last))
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _run(name: str, words: str, kind: RunKind, now: Any, *, verbose: bool) -> None:
    begun, worked = perf_counter(), _work()
    with transaction() as session:
        expected = expectations(session, livemode=False, tariff=Tariff(), now=now)
        run_id = begin_run(session, kind=kind, now=now).id
    more, longest = True, 0.0
    while more:
        step_begun, step_worked = perf_counter(), _work()
        with transaction() as session:
            run = session.get_one(ReconciliationRun, run_id, with_for_update=True)
            step = steps_of(run)[run.done].words
            more = advance_run(session, run, expected)
            figures = dict(run.figures)
        longest = max(longest, perf_counter() - step_begun)
        if verbose:
            print(f"{'':12}  {step:50}{perf_counter() - step_begun:8.3f}{_work() - step_worked:8.3f}")
    _say(name, words, perf_counter() - begun, _work() - worked)
    print(f"{name:12}{'  longest step':40}{longest:9.2f}   {figures}")


def _earn(name: str, words: str, now: Any) -> None:
    begun, worked, longest, more = perf_counter(), _work(), 0.0, 1
    while more:
        batch_begun = perf_counter()
        with transaction() as session:
            more = earn_some(session, now=now)
        longest = max(longest, perf_counter() - batch_begun)
    _say(name, words, perf_counter() - begun, _work() - worked)
    print(f"{name:12}{'  longest batch':40}{longest:9.2f}")


def _work() -> float:
    """This will return the processor time so far: of this process, and of the server's that works for it."""
    if db.engine.dialect.name == "sqlite":
        return process_time()
    with db.engine.connect() as connection:
        server = connection.scalar(text("SELECT pg_backend_pid()"))
    ticks = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:13]
    return process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _others(folder: Path) -> None:
    with db.engine.connect() as connection:
        rows = {table: connection.execute(text(query)).all() for table, query in TABLES.items()}
        columns = {table: list(connection.execute(text(f"{query} LIMIT 1")).keys()) for table, query in TABLES.items()}
    frames = {
        table: polars.DataFrame(found, schema=columns[table], orient="row", infer_schema_length=None)
        for table, found in rows.items()
    }
    del rows
    lake = duckdb.connect()
    for table, frame in frames.items():
        columns_of = ", ".join(
            f"{name} {'BIGINT' if kind.is_integer() else 'VARCHAR'}" for name, kind in frame.schema.items()
        )
        lake.execute(f"CREATE TABLE {table} ({columns_of})")
        frame.write_csv(folder / f"{table}.csv")
        lake.execute(f"COPY {table} FROM '{folder}/{table}.csv' (HEADER)")
    begun, worked = perf_counter(), process_time()
    for join in JOINS:
        lake.execute(f"CREATE OR REPLACE TABLE answer AS {join}")
    _say("DuckDB", "the joins alone, in memory", perf_counter() - begun, process_time() - worked)
    begun, worked = perf_counter(), process_time()
    context = polars.SQLContext(frames=frames)
    for join in JOINS:
        context.execute(join, eager=True)
    _say("polars", "the joins alone, in memory", perf_counter() - begun, process_time() - worked)


def _say(name: str, words: str, seconds: float, worked: float) -> None:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:12}{words:40}{seconds:9.2f}{worked:11.2f}{megabytes:8.0f}", flush=True)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "-v"]
    main(int(given[0]) if given else 100_000, given[1] if len(given) > 1 else "")
