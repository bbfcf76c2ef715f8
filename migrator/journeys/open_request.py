"""Somebody asks a desk: the ticket with its files, once for each press, a receipt, and word to the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops.queries import refuse_stopped
from migrator.history.actor import Actor
from migrator.hosting.models import HostingInstance
from migrator.journeys.write_on_ticket import write_on_ticket
from migrator.orders.models import Order
from migrator.policy.support import support_policy
from migrator.support.attachment_rules import CheckedFile
from migrator.support.categories import Channel, needs_order
from migrator.support.files import FileStore, attach
from migrator.support.letters import tell_customer, tell_desk
from migrator.support.models import Ticket, TicketMessage, TicketOpening
from migrator.support.opening import Request, Sender, open_ticket
from migrator.support.queries import has_orders, ticket_opened_with, ticket_with_id
from migrator.support.request_rules import OrderMissing, refuse_short_description


def open_request(
    session: Session,
    request: Request,
    *,
    person: Person,
    token: str,
    now: datetime,
    store: FileStore | None = None,
    order: Order | None = None,
    files: tuple[CheckedFile, ...] = (),
    plan_minutes: int | None = None,
    instance: HostingInstance | None = None,
) -> Ticket:
    """This will open a ticket of a customer who is signed in (RULES C-015, C-021, C-024 to C-029).

    :param token: of the form that was sent; a second press of its button returns the first ticket
    :param order: of the customer's organisation
    :param store: where files are kept; needed where any came
    :param instance: of the customer's organisation; its plan says how soon we answer (RULES M-018)
    :raises DescriptionTooShort: for a description that cannot say what happens
    :raises OrderMissing: when the migration is not named and has to be
    :raises ContactStopped: while no requests of this person are taken
    """
    already = ticket_opened_with(session, token, person.id)
    if already is not None:
        return already
    refuse_stopped(session, person.id)
    refuse_short_description(request.body, least=support_policy(request.desk).description_characters)
    _refuse_missing_order(session, request, person, order)
    try:
        with session.begin_nested():
            ticket, message = open_ticket(
                session,
                request,
                sender=Sender(person),
                order=order,
                plan_minutes=plan_minutes,
                instance=instance,
                now=now,
            )
            session.add(TicketOpening(token=token, person_id=person.id, ticket_id=ticket.id))
    except IntegrityError:
        again = ticket_opened_with(session, token, person.id)
        if again is None:
            raise
        return again
    if store is not None:
        attach(session, message, files, store=store, now=now)
    return opened(session, ticket, message, now=now)


def add_to_request(
    session: Session,
    ticket: Ticket,
    *,
    body: str,
    person: Person,
    token: str,
    channel: Channel,
    store: FileStore,
    now: datetime,
    files: tuple[CheckedFile, ...] = (),
) -> Ticket:
    """This will add what was about to be a second request to the first one, once for each press (RULES M-021).

    :param ticket: of the customer's organisation, held, with its people
    :param token: of the form that was sent
    """
    if ticket_opened_with(session, token, person.id) is None:
        session.add(TicketOpening(token=token, person_id=person.id, ticket_id=ticket.id))
        sender = Sender(person)
        write_on_ticket(session, ticket, body=body, sender=sender, channel=channel, files=files, store=store, now=now)
    return ticket


def log_contact(
    session: Session,
    request: Request,
    *,
    sender: Sender,
    actor: Actor,
    now: datetime,
    order: Order | None = None,
    plan_minutes: int | None = None,
) -> Ticket:
    """This will file a chat or a call as a ticket, so that it has a clock and a place (RULES C-002, C-006)."""
    ticket, message = open_ticket(
        session, request, sender=sender, order=order, plan_minutes=plan_minutes, now=now, actor=actor
    )
    return opened(session, ticket, message, now=now)


def opened(session: Session, ticket: Ticket, message: TicketMessage, *, now: datetime) -> Ticket:
    """This will owe the receipt with the date of the answer, and tell the desk (RULES C-023)."""
    whole = ticket_with_id(session, ticket.id)
    tell_customer(session, whole, "ticket_received", cause=f"ticket:{whole.id}", now=now)
    words = {"author_name": message.author_name, "body": message.body}
    tell_desk(session, whole, "ticket_to_staff", cause=f"ticket_message:{message.id}", now=now, words=words)
    return whole


def _refuse_missing_order(session: Session, request: Request, person: Person, order: Order | None) -> None:
    assert person.organisation_id is not None, "only customers open requests"
    known = has_orders(session, person.organisation_id)
    if order is None and needs_order(request.desk, request.category, has_orders=known):
        raise OrderMissing("Choose the migration that it is about.")
