"""The manager sends the price of a change that is not included; work starts when it is paid (RULES C-067)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.changes.models import ChangeRequest
from migrator.fulfilment.changes.operations import await_payment
from migrator.fulfilment.changes.rules import Step, refuse_step
from migrator.fulfilment.operations import bring_up_to_date
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import hold_as_of
from migrator.journeys.offer_supplement import offer_change
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement

TITLE_LENGTH = 80


def price_change(
    session: Session,
    order: Order,
    request: ChangeRequest,
    *,
    amount: Money,
    by: Person,
    now: datetime,
    minutes: int = 0,
) -> Supplement:
    """This will offer a change at a price, which the customer reads in the offer's own letter.

    :param minutes: support time that comes with it, in whole tenths of an hour
    :raises NotNow: when the request's state does not allow it
    :raises OutOfRange: for a price or a time that is not sold
    """
    hold_as_of(session, order, now)
    refuse_step(Step.QUOTE, request.state, is_included=request.is_included)
    title = f"Change: {' '.join(request.body.split())}"
    if len(title) > TITLE_LENGTH:
        title = f"{title[: TITLE_LENGTH - 1]}…"
    supplement = offer_change(
        session, order, title=title, words=request.body, amount=amount, minutes=minutes, by=by, now=now
    )
    await_payment(session, request, supplement)
    bring_up_to_date(session, order)
    record(
        session,
        "change.priced",
        subject="change_request",
        key=request.id,
        actor=by.actor,
        now=now,
        order_id=order.id,
        facts={"kind": request.kind.value, "request_id": request.id, "supplement_id": supplement.id},
    )
    return supplement
