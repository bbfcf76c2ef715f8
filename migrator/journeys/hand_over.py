"""An order gets another account manager, and the customer is told who and when to reach them (RULES C-055b)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.notices import opening_hours, tell_customer
from migrator.fulfilment.operations import hold
from migrator.history.actor import Actor
from migrator.orders.lifecycle import ENDED, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import assign

UNTOLD = ENDED | {OrderState.AWAITING_PAYMENT}


def hand_over(session: Session, order: Order, *, account_manager: Person, actor: Actor, now: datetime) -> bool:
    """This will give the order to an account manager and tell the customer; false when they have it already."""
    hold(session, order)
    if order.account_manager_id == account_manager.id:
        return False
    entry = assign(session, order, account_manager=account_manager, actor=actor, now=now)
    if order.state not in UNTOLD:
        words = {"manager_name": account_manager.display_name, "manager_hours": opening_hours(order)}
        tell_customer(session, order, "manager_changed", cause=f"history:{entry.id}", now=now, words=words)
    return True
