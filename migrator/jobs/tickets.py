"""What happens to tickets by itself: each in a transaction of its own, so that one that fails holds up none."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.jobs.recording import each, recorded
from migrator.journeys.look_after_tickets import close_silent_ticket, warn_of_ticket
from migrator.support.queries import tickets_to_close, tickets_to_warn_of
from migrator.upkeep.tasks import Task
from migrator.wiring import wiring

# What a first look after a long silence leaves is done with the next, a minute later.
AT_ONCE = 1_000


@recorded(Task.TICKETS)
def look_after_tickets() -> int:
    """This will close what nobody answers and warn the desk of answers that are due soon or late."""
    now = wiring().clock.now()
    with reading() as session:
        silent = tickets_to_close(session, now, limit=AT_ONCE)
        waiting = tickets_to_warn_of(session, now, limit=AT_ONCE)
    closed = each(Task.TICKETS, silent, lambda key: _changed(lambda opened: close_silent_ticket(opened, key, now=now)))
    warned = each(Task.TICKETS, waiting, lambda key: _changed(lambda opened: warn_of_ticket(opened, key, now=now)))
    return closed + warned


def _changed(work: Callable[[Session], int]) -> int:
    with transaction() as session:
        return work(session)
