"""The price of a late change was paid, or ended unpaid: the request that it belongs to follows (RULES C-067)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.changes.models import ChangeRequest, ChangeState
from migrator.fulfilment.changes.operations import ask_for_price_again, drop_with_price, work_on_what_was_paid
from migrator.fulfilment.changes.queries import request_priced_by
from migrator.fulfilment.operations import bring_up_to_date
from migrator.history.actor import SYSTEM
from migrator.history.operations import record
from migrator.orders.lifecycle import SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement


def work_on_paid_change(session: Session, order: Order, supplement: Supplement, now: datetime) -> None:
    """This will begin the work on the change that a supplement is the price of; without one nothing follows."""
    if request := _waiting(session, supplement):
        work_on_what_was_paid(session, request)
        _follow(session, order, request, "change.paid", now=now)


def drop_price(session: Session, order: Order, supplement: Supplement, now: datetime) -> None:
    """This will end a change whose price the customer did not want or let expire; one that we took back waits for
    another price.
    """
    request = _waiting(session, supplement)
    if request is None:
        return
    if supplement.state is SupplementState.WITHDRAWN:
        ask_for_price_again(session, request)
        _follow(session, order, request, "change.price_withdrawn", now=now)
    else:
        drop_with_price(session, request, now=now)
        _follow(session, order, request, "change.price_refused", now=now)


def _waiting(session: Session, supplement: Supplement) -> ChangeRequest | None:
    request = request_priced_by(session, supplement.id)
    return request if request and request.state is ChangeState.QUOTED else None


def _follow(session: Session, order: Order, request: ChangeRequest, verb: str, *, now: datetime) -> None:
    bring_up_to_date(session, order)
    facts = {"kind": request.kind.value, "request_id": request.id}
    record(
        session,
        verb,
        subject="change_request",
        key=request.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        facts=facts,
    )
