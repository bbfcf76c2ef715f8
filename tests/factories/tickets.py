"""Tickets for the tests, opened as people open them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.orders.models import Order
from migrator.support.categories import Category, Channel, Desk
from migrator.support.models import Ticket
from migrator.support.opening import Request, Sender, open_ticket
from migrator.support.queries import ticket_with_id
from tests.conftest import NOW
from tests.factories.people import a_customer

BODY = "The shop’s pictures are missing on every product page since this morning."


def a_request(**differences: object) -> Request:
    """This will return a service question by the web form of the migration desk, unless said otherwise."""
    facts = {
        "desk": Desk.MIGRATION,
        "category": Category.SERVICE_QUESTION,
        "channel": Channel.WEB,
        "subject": "Pictures are missing",
        "body": BODY,
    }
    return Request(**{**facts, **differences})  # type: ignore[arg-type]


def a_ticket(
    session: Session,
    *,
    person: Person | None = None,
    order: Order | None = None,
    plan_minutes: int | None = None,
    at: datetime = NOW,
    **differences: object,
) -> Ticket:
    """This will open a ticket of a customer."""
    sender = Sender(person or (order.placed_by if order else a_customer(session)))
    ticket, _ = open_ticket(
        session, a_request(**differences), sender=sender, order=order, plan_minutes=plan_minutes, now=at
    )
    return ticket_with_id(session, ticket.id)


def a_hosting_ticket(session: Session, **differences: object) -> Ticket:
    """This will open a technical ticket under a plan that promises an answer within 15 minutes."""
    facts = {
        "desk": Desk.HOSTING,
        "category": Category.TECHNICAL,
        "channel": Channel.PORTAL,
        "plan_minutes": 15,
    }
    return a_ticket(session, **{**facts, **differences})  # type: ignore[arg-type]


def an_unknown_ticket(session: Session, *, at: datetime = NOW, address: str = "nobody@unknown.example") -> Ticket:
    """This will open a ticket of an address that we do not know."""
    request = a_request(channel=Channel.EMAIL, category=Category.TROUBLESHOOTING)
    ticket, _ = open_ticket(session, request, sender=Sender(name="Somebody", address=address), now=at)
    return ticket_with_id(session, ticket.id)
