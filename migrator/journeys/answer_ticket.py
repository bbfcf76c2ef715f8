"""Our people answer, ask for what is missing, say what they found, and close; the customer is told of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.support import operations as tickets
from migrator.support.categories import Channel
from migrator.support.letters import tell_customer
from migrator.support.models import Ticket, TicketMessage
from migrator.support.request_rules import Missing, Verdict


def answer_ticket(
    session: Session, ticket: Ticket, *, body: str, author: Person, now: datetime, channel: Channel = Channel.WEB
) -> TicketMessage:
    """This will answer a ticket, which meets its promise (RULES C-023).

    :param ticket: held, with its people
    :raises NotNow: when it is closed
    """
    message = tickets.reply(session, ticket, body=body, author=author, channel=channel, now=now)
    _tell(session, ticket, "ticket_answered", message, now=now)
    return message


def ask_for_item(
    session: Session,
    ticket: Ticket,
    *,
    item: Missing,
    body: str,
    author: Person,
    now: datetime,
    channel: Channel = Channel.WEB,
) -> TicketMessage:
    """This will ask for a missing item; the third time with the date on which the ticket closes (RULES C-030, C-031).

    :raises NothingMissing: when the item is there
    :raises NoMoreClarifications: when it was asked for often enough
    """
    message = tickets.clarify(session, ticket, item=item, body=body, author=author, channel=channel, now=now)
    _tell(session, ticket, "ticket_clarification", message, now=now)
    return message


def find_cause(
    session: Session, ticket: Ticket, verdict: Verdict, *, words: str, author: Person, now: datetime
) -> None:
    """This will write down what an investigation found, for the customer to read (RULES M-026 to M-028)."""
    tickets.give_verdict(session, ticket, verdict, words=words, actor=author.actor, now=now)


def finish_ticket(session: Session, ticket: Ticket, *, author: Person, now: datetime) -> None:
    """This will close a ticket for our people and tell the customer until when it can be reopened.

    :raises CannotClose: while an answer is owed or the verdict is missing
    """
    tickets.close(session, ticket, actor=author.actor, now=now)
    cause = f"ticket_closed:{ticket.id}:{ticket.version}"
    tell_customer(session, ticket, "ticket_closed", cause=cause, now=now, words={"cause": "staff"})


def _tell(session: Session, ticket: Ticket, kind: str, message: TicketMessage, *, now: datetime) -> None:
    words = {"author_name": message.author_name, "body": message.body}
    tell_customer(session, ticket, kind, cause=f"ticket_message:{message.id}", now=now, words=words)
