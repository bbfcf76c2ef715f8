"""What happens to tickets by itself: silence closes them, and the desk is warned once when amber and once when late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.history.actor import SYSTEM
from migrator.support import operations as tickets
from migrator.support.letters import tell_customer, tell_desk
from migrator.support.queries import ticket_with_id
from migrator.support.rules import is_late


def close_silent_ticket(session: Session, ticket_id: int, *, now: datetime) -> int:
    """This will close a ticket that nobody has answered after our third question (RULES C-031).

    It ends at the instant that was announced, whenever the worker looks; so do the days for reopening.

    :returns: 1, or 0 when the customer has written meanwhile
    """
    ticket = ticket_with_id(session, ticket_id, for_update=True)
    if ticket.closes_at is None or ticket.closes_at > now:
        return 0
    closed_at = ticket.closes_at
    tickets.close_in_silence(session, ticket, actor=SYSTEM, now=closed_at)
    cause = f"ticket_closed:{ticket.id}:{ticket.version}"
    tell_customer(session, ticket, "ticket_closed", cause=cause, now=now, words={"cause": "silence"})
    return 1


def warn_of_ticket(session: Session, ticket_id: int, *, now: datetime) -> int:
    """This will warn the desk that an answer is due soon, or late: each once for an answer (RULES M-018, M-044).

    :returns: 1, or 0 when it was answered meanwhile
    """
    ticket = ticket_with_id(session, ticket_id, for_update=True)
    if ticket.next_warning_at is None or ticket.next_warning_at >= now or ticket.asked_at is None:
        return 0
    late = is_late(ticket.promise_at, now)
    tickets.note_warning(session, ticket, is_late=late)
    which = "late" if late else "soon"
    cause = f"ticket_warning:{ticket.id}:{ticket.asked_at.isoformat()}:{which}"
    tell_desk(session, ticket, "ticket_warning", cause=cause, now=now)
    return 1
