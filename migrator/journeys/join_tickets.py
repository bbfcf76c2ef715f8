"""Two requests that are the same are joined, or parted again; the customer is told of a joining once (RULES M-021)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.support.letters import tell_customer
from migrator.support.merging import operations
from migrator.support.merging.rules import CannotMerge
from migrator.support.models import Ticket
from migrator.support.queries import ticket_for_staff


def join_tickets(session: Session, number: str, into: str, *, author: Person, now: datetime) -> Ticket:
    """This will put the request `number` into the request `into`, whose number stays; the earlier clock is kept.

    :raises NotFound: when one of them does not exist
    :raises CannotMerge: when they must stay apart
    """
    merged, kept = _held(session, number, into)
    row = operations.merge(session, kept, merged, author=author, now=now)
    words = {"merged_number": merged.number, "merged_subject": merged.subject}
    tell_customer(session, kept, "ticket_merged", cause=f"ticket_merge:{row.id}", now=now, words=words)
    return kept


def part_tickets(session: Session, number: str, kept_number: str, *, author: Person, now: datetime) -> Ticket:
    """This will take the request `number` out of the other one again.

    :raises NotFound: when they are not joined
    :raises CannotUndo: when it is too late, or the other one is joined with a third
    """
    merged, kept = _held(session, number, kept_number)
    operations.undo(session, kept, merged, author=author, now=now)
    return merged


def _held(session: Session, first: str, second: str) -> tuple[Ticket, Ticket]:
    # Always in the same order, so that two people who join the same two the other way round do not wait for each other.
    ids = {number: ticket_for_staff(session, number).id for number in (first, second)}
    if len(set(ids.values())) < 2:
        raise CannotMerge("A request cannot be joined with itself. Enter the number of the other one.")
    held = {number: ticket_for_staff(session, number, for_update=True) for number in sorted(ids, key=ids.__getitem__)}
    return held[first], held[second]
