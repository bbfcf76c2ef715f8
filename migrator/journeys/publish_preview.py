"""The manager publishes a preview: assisted work is delivered with it, a package waits for the customer's approval.

(RULES C-034, C-039, C-055g)
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.changes.operations import finish_preview_problems
from migrator.fulfilment.checks.models import CheckList
from migrator.fulfilment.checks.queries import plugin_standing_of, standing_of
from migrator.fulfilment.checks.rules import installs_plugins
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.notices import iso, tell_customer
from migrator.fulfilment.operations import bring_up_to_date, hold, note_delivery, open_pause
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.previews.operations import add_preview
from migrator.fulfilment.previews.rules import Draft, not_ready, refuse_unready
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent, next_state
from migrator.orders.models import Order
from migrator.orders.operations import advance, send_message
from migrator.policy.types import Family

LOOK = "Please look at the preview. We go on when you start the full migration, or tell us what is wrong."


def publish_preview(session: Session, order: Order, draft: Draft, *, author: Person, now: datetime) -> Preview:
    """This will publish the next preview and tell the customer. What was wrong with the one before counts as mended.

    :raises NotNow: when the order is not being set up
    :raises NotReady: when checks, pages or plug-ins are not settled
    """
    hold(session, order)
    next_state(order.state, OrderEvent.PUBLISH_PREVIEW)
    refuse_unready(still_to_do(session, order))
    preview = add_preview(session, order, draft, author=author, now=now)
    finish_preview_problems(session, order, answer=f"Mended in preview {preview.number}.", now=now)
    advance(session, order, OrderEvent.PUBLISH_PREVIEW, now=now)
    facts: dict[str, object] = {"preview_id": preview.id, "number": preview.number, "pairs": len(draft.pairs)}
    if order.family is Family.ASSISTED:
        note_delivery(session, order, delivered_at=now)
    if order.family is Family.PACKAGE:
        facts |= {"message_id": _wait_for_approval(session, order, draft.words, author=author, now=now)}
    bring_up_to_date(session, order)
    record(
        session,
        "preview.published",
        subject="preview",
        key=preview.id,
        actor=author.actor,
        now=now,
        order_id=order.id,
        facts={**facts, "old_due": iso(order.due_at)},
    )
    words = {"preview_number": preview.number, "preview_words": draft.words}
    tell_customer(session, order, "preview_published", cause=f"preview:{preview.id}", now=now, words=words)
    return preview


def still_to_do(session: Session, order: Order) -> tuple[str, ...]:
    """This will return what must be done before a preview of the order is published, a sentence each."""
    return not_ready(
        validation=standing_of(session, order.id, CheckList.VALIDATION),
        measured_pages=order.measured_pages,
        plugins=plugin_standing_of(session, order.id),
        installs_plugins=installs_plugins(order.family, order.tier),
    )


def _wait_for_approval(session: Session, order: Order, words: str, *, author: Person, now: datetime) -> int:
    message = send_message(session, order, author=author, body=words or LOOK, now=now)
    open_pause(session, order, None, reason=PauseReason.APPROVAL_MISSING, message=message)
    return message.id
