"""Questions about tickets. A customer's are asked with the organisation, so that nobody else's is ever found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.orders.models import Order
from migrator.orders.numbers import read_number
from migrator.support.lifecycle import ENDED
from migrator.support.models import (
    CLOSING,
    WARNED,
    Ticket,
    TicketAttachment,
    TicketMessage,
    TicketNote,
    TicketOpening,
    TicketWatcher,
)

NO_SUCH_TICKET = "There is no such request."
PAGE_LENGTH = 20
NUMBER, ORGANISATION = bindparam("number", type_=String), bindparam("organisation", type_=BigInteger)
ID = bindparam("id", type_=BigInteger)
# Written once: building such a statement takes three times as long as its answer.
WHOLE = select(Ticket).options(
    joinedload(Ticket.organisation),
    joinedload(Ticket.opened_by),
    joinedload(Ticket.order),
    joinedload(Ticket.assignee),
    joinedload(Ticket.hosting_instance),
)
HELD = WHOLE.with_for_update(of=Ticket).execution_options(populate_existing=True)
BY_NUMBER = {False: WHOLE.where(Ticket.number == NUMBER), True: HELD.where(Ticket.number == NUMBER)}
BY_ID = {False: WHOLE.where(Ticket.id == ID), True: HELD.where(Ticket.id == ID)}
THEIR_OWN = {held: wanted.where(Ticket.organisation_id == ORGANISATION) for held, wanted in BY_NUMBER.items()}
MESSAGES = select(TicketMessage).where(TicketMessage.ticket_id == ID).order_by(TicketMessage.id)
ATTACHMENTS = select(TicketAttachment).where(TicketAttachment.ticket_id == ID).order_by(TicketAttachment.id)
NOTES = (
    select(TicketNote)
    .where(TicketNote.ticket_id == ID)
    .options(joinedload(TicketNote.author))
    .order_by(TicketNote.id.desc())
)


def ticket_of(session: Session, number: str, organisation_id: int, *, for_update: bool = False) -> Ticket:
    """This will return the organisation's ticket with its people and order, in one query.

    :raises NotFound: when there is none, or it is somebody else's
    """
    values = {"number": read_number(number), "organisation": organisation_id}
    return _found(session.scalar(THEIR_OWN[for_update], values))


def ticket_for_staff(session: Session, number: str, *, for_update: bool = False) -> Ticket:
    """This will return any ticket with its people and order, in one query; for staff alone.

    :raises NotFound: when there is none
    """
    return _found(session.scalar(BY_NUMBER[for_update], {"number": read_number(number)}))


def ticket_with_id(session: Session, ticket_id: int, *, for_update: bool = False) -> Ticket:
    """This will return a ticket that exists, with its people and order; for what happens by itself."""
    return _found(session.scalar(BY_ID[for_update], {"id": ticket_id}))


def tickets_of(
    session: Session, organisation_id: int, *, before_id: int | None = None, limit: int = PAGE_LENGTH
) -> Sequence[Ticket]:
    """This will return the organisation's tickets, the newest first; one more than `limit` when there are further."""
    wanted = select(Ticket).where(Ticket.organisation_id == organisation_id)
    if before_id is not None:
        wanted = wanted.where(Ticket.id < before_id)
    return session.scalars(wanted.order_by(Ticket.id.desc()).limit(limit + 1)).all()


def open_tickets_of(session: Session, organisation_id: int, *, limit: int) -> Sequence[Ticket]:
    """This will return the organisation's tickets that have not ended, the newest first."""
    wanted = select(Ticket).where(Ticket.organisation_id == organisation_id, Ticket.state.not_in(ENDED))
    return session.scalars(wanted.order_by(Ticket.id.desc()).limit(limit)).all()


def tickets_of_order(session: Session, order_id: int, *, limit: int) -> Sequence[Ticket]:
    """This will return the tickets about an order, the newest first."""
    wanted = select(Ticket).where(Ticket.order_id == order_id)
    return session.scalars(wanted.order_by(Ticket.id.desc()).limit(limit)).all()


def tickets_of_instance(session: Session, instance_id: int, *, limit: int) -> Sequence[Ticket]:
    """This will return the tickets about a hosting instance, the newest first."""
    wanted = select(Ticket).where(Ticket.hosting_instance_id == instance_id)
    return session.scalars(wanted.order_by(Ticket.id.desc()).limit(limit)).all()


def messages_of(session: Session, ticket_id: int) -> Sequence[TicketMessage]:
    """This will return what both sides read on a ticket, the oldest first."""
    return session.scalars(MESSAGES, {"id": ticket_id}).all()


def attachments_of(session: Session, ticket_id: int) -> Sequence[TicketAttachment]:
    """This will return the files of a ticket, in the order in which they came."""
    return session.scalars(ATTACHMENTS, {"id": ticket_id}).all()


def attachment_of(session: Session, ticket_id: int, attachment_id: int) -> TicketAttachment:
    """This will return one file of a ticket.

    :raises NotFound: when the ticket has no such file
    """
    wanted = select(TicketAttachment).where(
        TicketAttachment.id == attachment_id, TicketAttachment.ticket_id == ticket_id
    )
    attachment = session.scalar(wanted)
    if attachment is None:
        raise NotFound("There is no such file.")
    return attachment


def notes_of(session: Session, ticket_id: int) -> Sequence[TicketNote]:
    """This will return the notes of our people on a ticket, the newest first, with their authors; for staff alone."""
    return session.scalars(NOTES, {"id": ticket_id}).all()


def watchers_of(session: Session, ticket_id: int) -> list[Person]:
    """This will return who is told of every message on a ticket."""
    wanted = select(Person).join(TicketWatcher, TicketWatcher.person_id == Person.id)
    return list(session.scalars(wanted.where(TicketWatcher.ticket_id == ticket_id).order_by(Person.id)))


def ticket_opened_with(session: Session, token: str, person_id: int) -> Ticket | None:
    """This will return the ticket that this press of the button has made already, or none."""
    wanted = select(Ticket).join(TicketOpening, TicketOpening.ticket_id == Ticket.id)
    return session.scalar(wanted.where(TicketOpening.token == token, TicketOpening.person_id == person_id))


def tickets_to_close(session: Session, now: datetime, *, limit: int) -> Sequence[int]:
    """This will return the tickets that nobody has answered after our last question (RULES C-031)."""
    wanted = select(Ticket.id).where(CLOSING, Ticket.closes_at <= now)
    return session.scalars(wanted.order_by(Ticket.closes_at, Ticket.id).limit(limit)).all()


def tickets_to_warn_of(session: Session, now: datetime, *, limit: int) -> Sequence[int]:
    """This will return the tickets whose answer is due soon or late and of which the desk was not warned."""
    wanted = select(Ticket.id).where(WARNED, Ticket.next_warning_at < now)
    return session.scalars(wanted.order_by(Ticket.next_warning_at, Ticket.id).limit(limit)).all()


def has_orders(session: Session, organisation_id: int) -> bool:
    """This will tell whether a customer has any order to name (RULES C-028)."""
    wanted = select(Order.id).where(Order.organisation_id == organisation_id).limit(1)
    return session.scalar(wanted) is not None


def _found(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound(NO_SUCH_TICKET)
    return ticket
