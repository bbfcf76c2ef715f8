"""A customer has not answered for too long: the account manager is asked to speak to them (RULES C-065).

Nothing is cancelled: what is paid waits for as long as it takes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.wording import instant_text
from migrator.fulfilment.notices import tell_staff
from migrator.fulfilment.operations import hold
from migrator.fulfilment.queries import pause_with_order
from migrator.fulfilment.reminders.operations import Waiting, note_handover
from migrator.fulfilment.reminders.queries import moments_of_order, moments_of_pause
from migrator.fulfilment.reminders.rules import Moments
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.orders.lifecycle import WORDS
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id

RULE = "C-065"


def hand_over_pause(session: Session, pause_id: int, *, now: datetime) -> bool:
    """This will ask the account manager to look after a pause that has lasted too long, once; false where none has."""
    pause = pause_with_order(session, pause_id)
    hold(session, pause.order)
    session.refresh(pause, ["ended_at", "handed_over_at", "started_at"])
    if pause.ended_at is not None or pause.handed_over_at is not None:
        return False
    moments = moments_of_pause(session, pause)
    cause = f"pause:{pause.id}"
    return _hand_over(
        session, pause.order, pause, moments, label=pause.label, since_at=pause.started_at, cause=cause, now=now
    )


def hand_over_order(session: Session, order_id: int, *, now: datetime) -> bool:
    """This will do the same for an order that waits as a whole, such as for its access details (RULES C-064)."""
    order = order_with_id(session, order_id)
    hold(session, order)
    moments = moments_of_order(session, order)
    if moments is None or order.paid_at is None or order.handed_over_at is not None:
        return False
    since_at = order.state_since_at
    cause = f"order:{order.id}:{since_at.isoformat()}"
    return _hand_over(session, order, order, moments, label=WORDS[order.state], since_at=since_at, cause=cause, now=now)


def _hand_over(
    session: Session,
    order: Order,
    waiting: Waiting,
    moments: Moments,
    *,
    label: str,
    since_at: datetime,
    cause: str,
    now: datetime,
) -> bool:
    if moments.ends_at > now:
        return False
    note_handover(session, waiting, moments, handed_over_at=moments.ends_at)
    record(
        session,
        "order.handed_over",
        subject="order",
        key=order.number,
        actor=SYSTEM,
        now=moments.ends_at,
        order_id=order.id,
        visibility=Visibility.STAFF,
        facts={"rule": RULE, "waits_for": label, "since": since_at.isoformat()},
    )
    words = {"label": label, "since": instant_text(since_at, order.calendar_row.zone), "order": order}
    tell_staff(session, order, "waiting_handed_over", cause=cause, now=now, words=words)
    return True
