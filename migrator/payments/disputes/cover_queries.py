"""Whether an order's insurance counts, as far as its money decides (PAYMENTS rule 7, RULES X-12)."""

from __future__ import annotations

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from migrator.catalogue.rules import LineKind
from migrator.orders.models import OrderLine
from migrator.payments.disputes.lifecycle import OPEN, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.refunds.lifecycle import LIVE, RefundState
from migrator.payments.refunds.models import Refund, RefundLine

SUSPENDED = "Your bank is looking at a payment of this order. Restarts wait until it has decided."
VOID = "Your bank took a payment of this order back. The insurance ended with it."
REFUNDED = "The insurance of this order was refunded, so it covers no restart any more."


def cover_suspension(session: Session, order_id: int) -> str:
    """This will say why the insurance of an order does not count now, in one query; empty where it does."""
    is_open = exists().where(Dispute.order_id == order_id, Dispute.status.in_(OPEN))
    is_lost = exists().where(Dispute.order_id == order_id, Dispute.status == DisputeStatus.LOST)
    insured = (OrderLine.order_id == order_id) & (OrderLine.kind == LineKind.INSURANCE)
    sold = select(func.coalesce(func.sum(OrderLine.amount_minor), 0)).where(insured).scalar_subquery()
    back = (
        select(func.coalesce(func.sum(RefundLine.amount_minor), 0))
        .join(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(insured, Refund.state.in_(LIVE - {RefundState.AWAITING_APPROVAL}))
        .scalar_subquery()
    )
    held, lost, all_back = session.execute(select(is_open, is_lost, (back >= sold) & (back > 0))).one()
    if lost:
        return VOID
    if held:
        return SUSPENDED
    return REFUNDED if all_back else ""
