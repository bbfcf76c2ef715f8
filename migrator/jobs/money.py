"""What the worker does of money, piece by piece, for who plays a month; inside the application's context."""

from __future__ import annotations

from migrator.demo.month.world import Chores
from migrator.jobs.ledger import keep_books
from migrator.jobs.payments import settle_events, sweep_payments
from migrator.jobs.refunds import send_refunds, sweep_reversals
from migrator.jobs.tasks import fetch, match
from migrator.wiring import wiring


def money_chores() -> Chores:
    """This will return the pieces; letters are left to the worker itself."""
    return Chores(hear=_hear, fetch=fetch, match=match, keep_books=keep_books, sweep=_sweep)


def _hear() -> None:
    parts = wiring()
    settle_events(parts.gateway, parts.clock)
    send_refunds(parts.gateway, parts.clock)


def _sweep() -> None:
    parts = wiring()
    sweep_payments(parts.gateway, parts.clock)
    sweep_reversals(parts.gateway, parts.clock)
