"""An announced or withdrawn closure moves the answers to tickets as it does orders; whoever waits is told once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure
from migrator.calendars.models import CalendarRow
from migrator.calendars.queries import calendar_of
from migrator.clock.wording import end_text, place_text
from migrator.history.actor import Actor
from migrator.support.letters import tell_customer
from migrator.support.queries import ticket_with_id
from migrator.support.recounting import recount_tickets


def move_ticket_dates(
    session: Session, closure: Closure, row: CalendarRow, *, since: datetime, actor: Actor, now: datetime
) -> int:
    """This will write every date of a ticket that follows from the changed days, in the transaction that changed them.

    Each customer whose answer moves is told the old date, the new one and why (RULES C-020).

    :param since: from when on days have changed
    :returns: how many tickets moved
    """
    counting = calendar_of(session, row)
    moved = recount_tickets(session, counting, since=since, reason=closure.reason, actor=actor, now=now)
    for ticket, date in moved:
        words = {
            "old": end_text(date.old_at, row.zone),
            "new": end_text(date.new_at, row.zone),
            "place": place_text(row.zone),
            "is_answer": ticket.promise_at is not None,
            "why": closure.reason,
        }
        cause = f"ticket_moved:{ticket.id}:{closure.id}:{date.new_at:%Y%m%d%H%M}"
        tell_customer(session, ticket_with_id(session, ticket.id), "ticket_moved", cause=cause, now=now, words=words)
    return len(moved)
