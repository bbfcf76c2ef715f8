"""Keeping the books: premiums are earned, statements posted; each batch in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from migrator.database.session import transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.ledger.statements import post_statements
from migrator.jobs.recording import recorded
from migrator.upkeep.tasks import Task
from migrator.wiring import wiring

AT_ONCE = 500


@recorded(Task.BOOKS)
def keep_books() -> int:
    """This will earn premiums through yesterday, and post fees and payouts of statements that have come."""
    now = wiring().clock.now()
    earned = _all(lambda session: earn_some(session, now=now))
    return earned + _all(lambda session: post_statements(session, now=now, limit=AT_ONCE))


def _all(some: Callable[[Session], int]) -> int:
    done = 0
    while True:
        with transaction() as session:
            count = some(session)
        if not count:
            return done
        done += count
