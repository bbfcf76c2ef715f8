"""The account manager finds problems before the count has started: back to the customer, no clock (RULES C-064)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.models import AccessItem
from migrator.access.operations import WordsMissing, mark_problem
from migrator.access.queries import item_of
from migrator.accounts.models import Person
from migrator.fulfilment.notices import tell_customer
from migrator.fulfilment.operations import bring_up_to_date, hold, note_submission
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance, send_message

OPENING = "We have checked your access details and cannot work with all of them yet."


def refuse_access(
    session: Session, order: Order, *, problems: Mapping[int, str], author: Person, now: datetime
) -> None:
    """This will send items back with what is wrong and what to do, and tell the customer in one message.

    :param problems: the words for each item, by the item's id
    :raises WordsMissing: when no item is named, or one has no words
    :raises NotNow: when the order's details are not being checked
    :raises NotFound: for an item that is not of this order
    """
    if not problems:
        raise WordsMissing("Mark at least one item that has a problem.")
    hold(session, order)
    advance(session, order, OrderEvent.REFUSE_ACCESS, now=now)
    note_submission(session, order, submitted_at=None)
    items = [item_of(session, order.id, item_id) for item_id in sorted(problems)]
    for item in items:
        mark_problem(session, item, problems[item.id], actor=author.actor, now=now)
    message = send_message(session, order, author=author, body=_body(items), now=now)
    bring_up_to_date(session, order)
    words = {"problems": [{"id": item.id, "label": item.label, "words": item.problem} for item in items]}
    tell_customer(session, order, "access_problem", cause=f"message:{message.id}", now=now, words=words)


def _body(items: list[AccessItem]) -> str:
    return "\n\n".join([OPENING, *(f"{item.label}: {item.problem}" for item in items)])
