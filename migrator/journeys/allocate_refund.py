"""Finance says which order lines a refund of the provider's dashboard gave back (PAYMENTS, rule 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.operations import hold
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.journeys.refund_news import enter_refund
from migrator.money import Money
from migrator.orders.queries import order_with_id
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.operations import allocate_lines
from migrator.payments.refunds.queries import refund_for_staff, standing_of
from migrator.payments.refunds.rules import NotWaiting, refuse_beyond_lines, refuse_unallocated

NAMED_ALREADY = "The lines of this refund are named already. Look at where it stands."


def allocate_refund(
    session: Session, refund_id: int, amounts: Mapping[int, Money], *, person: Person, now: datetime
) -> Refund:
    """This will write which lines a refund gave back; together they are all of it.

    :raises NotWaiting: when that is written already
    :raises NotAllocated: when they do not add up; :raises RefundTooLarge: beyond what is left of a line
    """
    refund = refund_for_staff(session, refund_id)
    order = order_with_id(session, refund.order_id)
    hold(session, order)
    session.refresh(refund, ["is_allocated", "version"])
    if refund.is_allocated:
        raise NotWaiting(NAMED_ALREADY)
    refuse_unallocated(refund.amount, amounts)
    refuse_beyond_lines(standing_of(session, refund.payment), amounts)
    allocate_lines(session, refund, amounts)
    enter_refund(session, refund, now=now)
    record(
        session,
        "refund.allocated",
        subject="refund",
        key=refund.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        facts={"lines": {str(line_id): amount.minor_units for line_id, amount in amounts.items()}},
    )
    return refund
