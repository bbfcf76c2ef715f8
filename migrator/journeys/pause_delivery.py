"""The account manager pauses delivery: with a named item and the message that tells the customer, never otherwise.

(RULES C-061 to C-063)
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.access.models import AccessItem
from migrator.access.operations import ask_for_information, mark_problem
from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.notices import iso, tell_customer
from migrator.fulfilment.operations import AlreadyPaused, bring_up_to_date, hold, open_pause
from migrator.fulfilment.queries import open_pause_for
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance, send_message


class WrongReason(DomainError):
    """The reason does not fit the item."""


def pause_delivery(
    session: Session,
    order: Order,
    item: AccessItem,
    *,
    reason: PauseReason,
    message: str,
    author: Person,
    now: datetime,
) -> PauseRow:
    """This will stop the count for an item from this message on, and tell the customer what is missing.

    :param item: of this order
    :raises AlreadyPaused: when the item is being waited for already
    :raises WrongReason: when a question of ours is called wrong access
    :raises NotNow: when the order is not under way
    :raises WordsMissing: without a message
    """
    hold(session, order)
    if open_pause_for(session, item.id):
        raise AlreadyPaused(f"We are waiting for “{item.label}” already.")
    if item.kind is ItemKind.INFORMATION and reason is not PauseReason.INFORMATION_MISSING:
        raise WrongReason(f"“{item.label}” is a question, so the reason is missing information.")
    mark_problem(session, item, message, actor=author.actor, now=now)
    advance(session, order, OrderEvent.PAUSE, now=now)
    sent = send_message(session, order, author=author, body=f"{item.label}: {item.problem}", now=now)
    pause = open_pause(session, order, item, reason=reason, message=sent)
    _record_and_tell(session, order, pause, item, author=author, now=now)
    return pause


def pause_for_information(
    session: Session, order: Order, *, label: str, message: str, author: Person, now: datetime
) -> PauseRow:
    """This will pause delivery for something that no access item covers: a new item names it (RULES C-062).

    :param label: what is missing, in a few words
    :raises WordsMissing: without a label or a message
    :raises NotNow: when the order is not under way
    """
    hold(session, order)
    item = ask_for_information(session, order, label=label)
    reason = PauseReason.INFORMATION_MISSING
    return pause_delivery(session, order, item, reason=reason, message=message, author=author, now=now)


def _record_and_tell(
    session: Session, order: Order, pause: PauseRow, item: AccessItem, *, author: Person, now: datetime
) -> None:
    bring_up_to_date(session, order)
    record(
        session,
        "order.paused",
        subject="pause",
        key=pause.id,
        actor=author.actor,
        now=now,
        order_id=order.id,
        reason=item.problem,
        facts={
            "item": item.label,
            "item_id": item.id,
            "message_id": pause.message_id,
            "old_due": iso(order.due_at),
        },
    )
    words = {"item_id": item.id, "item_label": item.label, "problem": item.problem}
    tell_customer(session, order, "order_paused", cause=f"pause:{pause.id}", now=now, words=words)
