"""A customer writes on a ticket, names its migration, or needs no answer any more; the desk is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.stops.queries import refuse_stopped
from migrator.orders.models import Order
from migrator.support import operations as tickets
from migrator.support.attachment_rules import CheckedFile
from migrator.support.categories import Channel
from migrator.support.files import FileStore, attach
from migrator.support.letters import tell_customer, tell_desk
from migrator.support.lifecycle import TicketState
from migrator.support.models import Ticket, TicketMessage
from migrator.support.opening import Sender


def write_on_ticket(
    session: Session,
    ticket: Ticket,
    *,
    body: str,
    sender: Sender,
    channel: Channel,
    store: FileStore | None = None,
    now: datetime,
    files: tuple[CheckedFile, ...] = (),
) -> TicketMessage:
    """This will add a customer's message and tell the desk; a closed ticket is reopened (RULES C-023, C-031).

    :param ticket: held, with its people
    :raises TooLateToReopen: when its days for that are over
    :raises ContactStopped: while no messages of this person are taken
    """
    refuse_stopped(session, sender.person.id if sender.person else None)
    was_closed = ticket.state is TicketState.CLOSED
    message = tickets.write(session, ticket, body=body, sender=sender, channel=channel, now=now)
    if store is not None:
        attach(session, message, files, store=store, now=now)
    cause = f"ticket_message:{message.id}"
    words = {"author_name": message.author_name, "body": message.body}
    tell_desk(session, ticket, "ticket_to_staff", cause=cause, now=now, words=words)
    if was_closed:
        tell_customer(session, ticket, "ticket_reopened", cause=cause, now=now)
    return message


def name_migration(session: Session, ticket: Ticket, order: Order, *, sender: Sender, now: datetime) -> None:
    """This will say which migration a ticket is about; an answer is owed from then on (RULES C-028).

    :param order: of the ticket's organisation
    """
    tickets.name_order(session, ticket, order, actor=sender.actor, now=now)
    words = {"author_name": sender.display_name, "body": f"It is about {order.number}."}
    tell_desk(session, ticket, "ticket_to_staff", cause=f"ticket_order:{ticket.id}:{order.id}", now=now, words=words)


def need_no_answer(session: Session, ticket: Ticket, *, sender: Sender, now: datetime) -> None:
    """This will close a ticket for the customer.

    :raises NotNow: when it is closed already
    """
    tickets.withdraw(session, ticket, actor=sender.actor, now=now)
    cause = f"ticket_closed:{ticket.id}:{ticket.version}"
    tell_customer(session, ticket, "ticket_closed", cause=cause, now=now, words={"cause": "customer"})
