"""Somebody writes about an order: both sides read it on the page, and the other side is told by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops.queries import refuse_stopped
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.orders import operations as orders
from migrator.orders.models import CustomerMessage, Order


def send_message(session: Session, order: Order, *, author: Person, body: str, now: datetime) -> CustomerMessage:
    """This will write a message that customer and staff both read, and owe it to the other side.

    :param order: with its people and calendar loaded
    :raises EmptyMessage: when there are no words in it
    :raises ContactStopped: when we take no messages from this customer (RULES C-032)
    """
    if not author.actor.is_staff:
        refuse_stopped(session, author.id)
    message = orders.send_message(session, order, author=author, body=body, now=now)
    words = {"author_name": author.display_name, "body": message.body}
    cause = f"message:{message.id}"
    if author.actor.is_staff:
        tell_customer(session, order, "message_to_customer", cause=cause, now=now, words=words)
    else:
        tell_staff(session, order, "message_to_staff", cause=cause, now=now, words=words)
    return message
