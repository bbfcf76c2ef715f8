"""A restart that waits for access details starts only while its insurance counts (PAYMENTS rule 7, RULES C-084)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.queries import items_of
from migrator.fulfilment.notices import tell_staff
from migrator.fulfilment.runs.models import Run
from migrator.history.actor import SYSTEM, Actor
from migrator.history.operations import record
from migrator.journeys.request_restart import start_waiting_restart, waiting_restart_of, withdraw_restart
from migrator.orders.lifecycle import OrderEvent, OrderState, allows
from migrator.orders.models import Order
from migrator.payments.disputes.cover_queries import REFUNDED, SUSPENDED, VOID, cover_suspension

WAITED_FOR = frozenset({OrderState.AWAITING_ACCESS, OrderState.VERIFYING})
# What the desk reads; the customer reads the reason itself.
HELD = {
    SUSPENDED: "The customer’s bank is looking at a payment of this order, so the restart does not start. It starts by "
    "itself when the bank decides for us, and is taken back when the bank takes the payment back.",
    REFUNDED: "The insurance of this order was refunded, so the restart does not start. Agree with the customer that "
    "it is taken back.",
    VOID: "The customer’s bank took a payment of this order back, and the insurance ended with it.",
}


def why_held(session: Session, order: Order) -> str:
    """This will say to the desk why a restart that waits would not start now; empty where it would, or none waits."""
    if order.state not in WAITED_FOR or not order.restarts_limit or waiting_restart_of(session, order) is None:
        return ""
    return HELD.get(cover_suspension(session, order.id), "")


def start_or_hold(session: Session, order: Order, run: Run, *, actor: Actor, now: datetime) -> None:
    """This will start a restart whose access details are all right, or say why it waits: to the customer and the desk.

    :param order: held, its details being checked
    """
    suspension = cover_suspension(session, order.id)
    if not suspension:
        start_waiting_restart(session, order, run, actor=actor, now=now)
        return
    record(
        session, "run.restart_held", subject="run", key=run.id, actor=actor, now=now, order_id=order.id,
        reason=suspension,
    )  # fmt: skip
    words = {"sentence": HELD[suspension]}
    tell_staff(session, order, "restart_held", cause=f"run:{run.id}:held", now=now, words=words)


def follow_suspension(session: Session, order: Order, *, now: datetime) -> None:
    """This will start a restart that waited for a bank alone, or take it back where the bank ended its insurance.

    :param order: held, after something was heard of its money
    """
    run = waiting_restart_of(session, order)
    if run is None:
        return
    suspension = cover_suspension(session, order.id)
    if suspension == VOID:
        withdraw_restart(session, order, actor=SYSTEM, now=now)
    elif not suspension and _is_ready(session, order):
        start_waiting_restart(session, order, run, actor=SYSTEM, now=now)


def _is_ready(session: Session, order: Order) -> bool:
    is_checked = all(each.state is ItemState.VERIFIED for each in items_of(session, order.id) if each.required)
    return is_checked and allows(order.state, OrderEvent.VERIFY_ACCESS)
