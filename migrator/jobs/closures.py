"""Counting what a closure moves, and telling customers of it, chunk by chunk; a kill costs one chunk."""

from __future__ import annotations

import logging

from migrator.clock.source import Clock
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.closures.models import RecountState
from migrator.fulfilment.closures.operations import count_chunk, refuse_recount
from migrator.fulfilment.closures.queries import recount_of, recounts_under_way
from migrator.fulfilment.closures.telling import tell_chunk
from migrator.jobs.recording import failed
from migrator.upkeep.tasks import Task

log = logging.getLogger(__name__)


def continue_recounts(clock: Clock) -> int:
    """This will go on with every recount that counts or tells, and return how many chunks were done."""
    with reading() as session:
        waiting = recounts_under_way(session)
    return sum(_continue(recount_id, state, clock=clock) for recount_id, state in waiting)


def _continue(recount_id: int, state: RecountState, *, clock: Clock) -> int:
    chunks = 0
    try:
        while _do_chunk(recount_id, state, clock=clock):
            chunks += 1
    except DomainError as refusal:
        _refuse(recount_id, str(refusal), clock=clock)
    except Exception as error:
        # One that cannot go on must not hold up the others; it is tried again with the next look.
        log.exception("A recount stopped.")
        failed(Task.CLOSURES, error, key=recount_id)
    return chunks


def _do_chunk(recount_id: int, state: RecountState, *, clock: Clock) -> bool:
    do = count_chunk if state is RecountState.COUNTING else tell_chunk
    # A transaction of its own: what was done is kept, and others come in between.
    with transaction() as session:
        return do(session, recount_of(session, recount_id), now=clock.now())


def _refuse(recount_id: int, reason: str, *, clock: Clock) -> None:
    with transaction() as session:
        recount = recount_of(session, recount_id)
        if recount.state is RecountState.COUNTING:
            refuse_recount(session, recount, reason=reason, now=clock.now())
