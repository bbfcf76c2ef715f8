"""The customer sends the access details for checking; our promise to check them begins (RULES C-043)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.queries import items_of
from migrator.access.rules import NotComplete, missing_labels
from migrator.clock.wording import listed_text
from migrator.fulfilment.notices import iso, tell_staff
from migrator.fulfilment.operations import bring_up_to_date, hold, note_submission
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance


def submit_access(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """This will hand the complete details to the account manager, with the time by which we aim to have checked them.

    :raises NotComplete: naming what is still missing
    :raises NotNow: when the order does not wait for access details
    """
    hold(session, order)
    missing = missing_labels((item.label, item.required, item.state) for item in items_of(session, order.id))
    if missing:
        raise NotComplete(f"This is still needed before we can check: {listed_text(missing)}.")
    advance(session, order, OrderEvent.SUBMIT_ACCESS, now=now)
    note_submission(session, order, submitted_at=now)
    bring_up_to_date(session, order)
    entry = record(
        session,
        "access.submitted",
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={"check_by_at": iso(order.check_by_at)},
    )
    tell_staff(session, order, "access_submitted", cause=f"history:{entry.id}", now=now)
