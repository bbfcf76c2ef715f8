"""Measured pages against the limit: too many stop the order before the full migration, until the customer decides.

(RULES C-069)
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.notices import iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date, open_pause
from migrator.fulfilment.pages.rules import is_over, over_text
from migrator.fulfilment.queries import open_pause_because
from migrator.history.actor import SYSTEM
from migrator.history.operations import record
from migrator.journeys.answer_pause import answer_pause, end_waiting
from migrator.orders.lifecycle import OrderEvent, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import advance, send_message
from migrator.policy.loading import migration_desk

THREE_WAYS = (
    "Choose one of three ways on the order’s page: a larger product at the difference in price, the further pages at "
    "their price, or fewer pages, which we count again."
)


def too_many_pages(order: Order) -> bool:
    """This will tell whether more pages were measured than the order covers, with the tolerance of its policy."""
    policy = migration_desk(order.terms.policy_version)
    return is_over(order.measured_pages, order.page_limit, tolerance_percent=policy.page_tolerance_percent)


def judge_pages(session: Session, order: Order, *, by: Person, now: datetime) -> PauseRow | None:
    """This will stop the order when it has too many pages, or let it go on when it has no longer.

    :param order: held, with its pages written down
    :returns: the wait for the customer's decision, if it has begun now
    """
    waiting = open_pause_because(session, order.id, PauseReason.DECISION_MISSING)
    if too_many_pages(order):
        return None if waiting else _stop(session, order, by=by, now=now)
    if waiting:
        answer_pause(session, order, waiting, actor=by.actor, now=now)
    return None


def end_decided(session: Session, order: Order, *, now: datetime) -> None:
    """This will end the wait for a decision when what was paid for covers the pages; the letter is the payer's."""
    waiting = open_pause_because(session, order.id, PauseReason.DECISION_MISSING)
    if waiting and not too_many_pages(order):
        end_waiting(session, order, waiting, actor=SYSTEM, now=now)


def _stop(session: Session, order: Order, *, by: Person, now: datetime) -> PauseRow:
    said = over_text(order.measured_pages or 0, order.page_limit)
    if order.state is not OrderState.PREVIEW_READY:
        advance(session, order, OrderEvent.PAUSE, now=now)
    sent = send_message(session, order, author=by, body=f"{said} {THREE_WAYS}", now=now)
    pause = open_pause(session, order, None, reason=PauseReason.DECISION_MISSING, message=sent)
    bring_up_to_date(session, order)
    facts = {"item": pause.label, "message_id": sent.id, "old_due": iso(order.due_at)}
    record(
        session,
        "order.paused",
        subject="pause",
        key=pause.id,
        actor=by.actor,
        now=now,
        order_id=order.id,
        reason=said,
        facts=facts,
    )
    words = {"said": said, "item_label": pause.label}
    tell_customer(session, order, "pages_over", cause=f"pause:{pause.id}", now=now, words=words)
    return pause
