"""Forgetting who wrote to us, where an account is closed."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.support.mail.models import IncomingMail
from migrator.support.models import Ticket, TicketMessage


def forget_author(session: Session, person: Person, *, address: str) -> None:
    """This will write a customer's pseudonym under what they wrote to us, which stays (RULES X-14).

    :param person: pseudonymised already
    :param address: that their mail came from until now
    """
    written = update(TicketMessage).where(TicketMessage.author_id == person.id)
    session.execute(written.values(author_name=person.name))
    opened = update(Ticket).where(Ticket.opened_by_id == person.id, Ticket.contact_address != "")
    session.execute(opened.values(contact_name=person.name, contact_address=person.email))
    came = update(IncomingMail).where(IncomingMail.sender_address == address)
    session.execute(came.values(sender_name=person.name, sender_address=person.email))
