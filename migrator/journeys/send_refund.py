"""Sending a refund: intent, provider, answer; each step repeatable after a crash (PAYMENTS, rules 6 and 9).

A door runs the steps: `begin_sending` in a transaction, `made_refund` outside any, `settle_reversals` in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.operations import hold
from migrator.journeys.refund_news import tell_of_failure
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.payments.gateway import GatewayRefused, PaymentGateway
from migrator.payments.lifecycle import Disposition
from migrator.payments.movements import ProviderRefund, RefundCause, RefundRequest
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.operations import end_refund, note_submission
from migrator.payments.refunds.queries import refund_for_staff


@dataclass(frozen=True, slots=True)
class Sending:
    """A refund on its way out.

    :ivar is_repeated: whether the provider may have heard of it before
    """

    request: RefundRequest
    is_repeated: bool


def begin_sending(session: Session, refund_id: int, *, now: datetime) -> Sending | None:
    """This will write down that the provider is asked for a refund; none is returned where it is not to be sent."""
    order, refund = _held(session, refund_id)
    if refund.state is not RefundState.REQUESTED:
        return None
    is_repeated = refund.submitted_at is not None
    if not is_repeated:
        note_submission(session, refund, now=now)
    return Sending(_request(order, refund), is_repeated)


def made_refund(sending: Sending, *, gateway: PaymentGateway) -> ProviderRefund:
    """This will have the provider make a refund, or return the one that it made when its answer was lost.

    The provider forgets keys after a day, so that a repetition looks first at what was made.

    :raises GatewayRefused: when it will not be made; then `give_up_refund`
    """
    request = sending.request
    if sending.is_repeated:
        for made in gateway.refunds_of(request.payment_intent_id):
            if made.refund_id == request.refund_id:
                return made
    return gateway.create_refund(request)


def give_up_refund(session: Session, refund_id: int, refusal: GatewayRefused, *, now: datetime) -> None:
    """This will end a refund that the provider refused to make, and tell finance; no money has moved."""
    order, refund = _held(session, refund_id)
    if refund.state is not RefundState.REQUESTED:
        return
    end_refund(session, refund, RefundState.FAILED, failure=refusal.reason or refusal.code, now=now)
    tell_of_failure(session, order, refund, was_accepted=False, now=now)


def _held(session: Session, refund_id: int) -> tuple[Order, Refund]:
    refund = refund_for_staff(session, refund_id)
    order = order_with_id(session, refund.order_id)
    hold(session, order)
    session.refresh(refund)
    return order, refund


def _request(order: Order, refund: Refund) -> RefundRequest:
    is_doubled = refund.payment.disposition is Disposition.PAID_TWICE
    return RefundRequest(
        idempotency_key=refund.idempotency_key,
        refund_id=str(refund.id),
        order_number=order.number,
        payment_intent_id=refund.payment.payment_intent_id,
        amount=refund.amount,
        cause=RefundCause.DUPLICATE if is_doubled else RefundCause.REQUESTED_BY_CUSTOMER,
    )
