"""Telling people about a ticket. Customers are told of messages alone; notes have no way into a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar
from migrator.clock.wording import end_text
from migrator.notifications.operations import owe, owe_to_address, owe_to_staff
from migrator.support.models import Ticket
from migrator.support.operations import closing_calendar
from migrator.support.queries import watchers_of
from migrator.support.views import AnswerView, answer_view, clarification_text, closing_text

NO_WORDS: Mapping[str, object] = {}


def tell_customer(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    cause: str,
    now: datetime,
    words: Mapping[str, object] = NO_WORDS,
    but: Person | None = None,
) -> None:
    """This will owe everybody who watches a ticket a message, or the address of a sender that we do not know.

    :param words: what the message's templates name beside the ticket
    :param but: whoever has caused it, and knows
    """
    if ticket.organisation_id is None:
        context = {**_context(session, ticket, now=now), **words}
        owe_to_address(
            session,
            kind=kind,
            cause=cause,
            address=ticket.contact_address,
            context=context,
            thread=ticket.number,
            now=now,
        )
        return
    for reader in _readers(session, ticket):
        if but is not None and reader.id == but.id:
            continue
        context = {**_context(session, ticket, now=now, viewer_zone=reader.zone), **words}
        owe(
            session,
            kind=kind,
            cause=cause,
            recipient=reader,
            order_id=ticket.order_id,
            context=context,
            thread=ticket.number,
            now=now,
        )


def tell_desk(
    session: Session, ticket: Ticket, kind: str, *, cause: str, now: datetime, words: Mapping[str, object] = NO_WORDS
) -> None:
    """This will owe the one who takes care of a ticket a message, or all account managers where nobody does."""
    owe_to_staff(
        session,
        kind=kind,
        cause=cause,
        order_id=ticket.order_id,
        account_manager_id=ticket.assignee_id,
        context={**_context(session, ticket, now=now), **words},
        now=now,
    )


def answer_view_of(session: Session, ticket: Ticket, *, now: datetime, viewer_zone: str = "") -> AnswerView:
    """This will say by when a ticket is answered, in a reader's zone."""
    counting = calendar(session, ticket.calendar_key) if ticket.calendar_key else None
    return answer_view(ticket, counting, now=now, viewer_zone=viewer_zone)


def _readers(session: Session, ticket: Ticket) -> list[Person]:
    standing = [reader for person in watchers_of(session, ticket.id) for reader in standing_in_for(session, person)]
    return list({reader.id: reader for reader in standing}.values())


def _context(session: Session, ticket: Ticket, *, now: datetime, viewer_zone: str = "") -> dict[str, object]:
    view = answer_view_of(session, ticket, now=now, viewer_zone=viewer_zone)
    zone = calendar(session, closing_calendar(ticket)).zone
    return {
        "ticket_number": ticket.number,
        "ticket_subject": ticket.subject,
        "promise": view.line,
        "promise_sentence": view.sentence,
        "is_late": view.is_late,
        "clarification": clarification_text(ticket),
        "closing": closing_text(ticket, zone),
        "reopen_until": end_text(ticket.reopen_until_at, zone) if ticket.reopen_until_at else "",
        "recommendation": ticket.recommendation,
        "has_account": ticket.organisation_id is not None,
    }
