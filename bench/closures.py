"""How long a closure takes with many open orders: `PYTHONPATH=. python bench/closures.py 100000` prints the table.

A database of its own on SQLite and on PostgreSQL is filled with orders of every kind that a closure can reach, two for
each customer. Then one closed day is counted in chunks, switched in one transaction, and told; and withdrawn again.
While the worker counts, the longest chunk is what others wait for at most on SQLite; during the switch it is all of it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import func, select, update

from migrator.app import create_app
from migrator.calendars.closure_operations import draft_closure
from migrator.calendars.closure_queries import closure_of
from migrator.calendars.queries import calendar
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.fulfilment.closures.models import Direction, Move, Recount
from migrator.fulfilment.closures.operations import count_chunk
from migrator.fulfilment.closures.queries import in_reach, recount_of, standings
from migrator.fulfilment.closures.rules import Change, moved
from migrator.fulfilment.closures.telling import tell_chunk
from migrator.history.actor import Actor
from migrator.journeys.announce_closure import move_the_dates, see_what_moves
from migrator.notifications.models import OwedMessage
from tests.conftest import NOW, fill, settings_for
from tests.factories.herd import a_herd
from tests.factories.people import an_administrator
from tests.factories.postgresql import PostgresqlServer

KINDS = 6
TOLD_ORDERS = 2_000
LATER = NOW + timedelta(days=7)
EVER = datetime(2026, 1, 1, tzinfo=UTC)


def main(orders: int) -> None:
    """This will measure both databases."""
    print(f"{'':12}{'step':34}{'seconds':>9}{'own work':>11}{'MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", Path(folder), f"sqlite:///{folder}/bench.sqlite", orders=orders)
    server = PostgresqlServer()
    try:
        with tempfile.TemporaryDirectory() as folder:
            server.prepare("bench", lambda url: fill(Path(folder), url))
            _measure("PostgreSQL", Path(folder), server.url("bench"), orders=orders)
    finally:
        server.stop()


def _measure(name: str, folder: Path, url: str, *, orders: int) -> None:
    if name == "SQLite":
        fill(folder, url)
    app = create_app(settings_for(folder, url), clock=FileClock(folder / "clock"), wake=lambda: None)
    with app.app_context():
        with _timed(name, f"filling {orders:,} orders"), transaction() as session:
            a_herd(session, copies=max(1, orders // KINDS - 1))
            actor = an_administrator(session).actor
        with transaction() as session:
            closure_id = draft_closure(
                session, calendar_key="kyiv", name="Moving day", reason="We move.", first_on=date(2026, 12, 2),
                last_on=date(2026, 12, 2), actor=actor, now=LATER,
            ).id  # fmt: skip
        for direction in Direction:
            _pass(name, closure_id, direction, actor)
        db.engine.dispose()


def _pass(name: str, closure_id: int, direction: Direction, actor: Actor) -> None:
    with transaction() as session:
        closure = closure_of(session, closure_id, for_update=True)
        recount_id = see_what_moves(session, closure, direction=direction, now=LATER).id
    longest = 0.0
    with _timed(name, f"{direction.value}: counting"):
        more = True
        while more:
            begun = perf_counter()
            with transaction() as session:
                more = count_chunk(session, recount_of(session, recount_id), now=LATER)
            longest = max(longest, perf_counter() - begun)
    print(f"{name:12}{f'{direction.value}: longest chunk':34}{longest:9.2f}")
    with _timed(name, f"{direction.value}: the switch"), transaction() as session:
        move_the_dates(session, recount_id, actor=actor, now=LATER)
    _check(name, recount_id)
    _tell(name, recount_id, direction)


def _tell(name: str, recount_id: int, direction: Direction) -> None:
    told = 0
    with _timed(name, f"{direction.value}: telling {TOLD_ORDERS:,} orders"):
        while told < TOLD_ORDERS:
            with transaction() as session:
                recount = recount_of(session, recount_id)
                if not tell_chunk(session, recount, now=LATER):
                    break
                told = recount.told
    # The rest is marked as told: only the pace of telling is of interest.
    with transaction() as session:
        session.execute(update(Move).where(Move.told_at.is_(None)).values(told_at=LATER))
        tell_chunk(session, recount_of(session, recount_id), now=LATER)
        letters = session.scalar(select(func.count()).select_from(OwedMessage))
    print(f"{name:12}{'letters so far':34}{letters:9,}")


def _check(name: str, recount_id: int) -> None:
    """This will stop where a stored date is not the computed one."""
    with reading() as session:
        days = calendar(session, "kyiv")
        same, after_id = Change(days, days, days, EVER), 0
        while found := standings(session, in_reach("kyiv", EVER), after_id=after_id, limit=5_000):
            assert not any(moved(standing, same) for standing in found), "A stored date differs from the computed one."
            after_id = found[-1].order_id
        moves = session.scalar(select(func.count()).select_from(Move).where(Move.recount_id == recount_id))
        seen = session.get_one(Recount, recount_id).seen
    print(f"{name:12}{f'{seen:,} looked at, moved':34}{moves:9,}")


@contextmanager
def _timed(name: str, step: str) -> Iterator[None]:
    begun, worked = perf_counter(), process_time()
    yield
    own = process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:12}{step:34}{perf_counter() - begun:9.2f}{own:11.2f}{memory:8}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
