"""Tells the stand-in for the payment provider what the demonstration's story says was paid, given back and disputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.clock.instants import to_seconds
from migrator.database.session import reading
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.orders.models import Order
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.refunds.models import Refund
from migrator.sandbox.past import Past, PastDispute, PastPayment, PastRefund, remember
from migrator.sandbox.state import State
from migrator.wiring import wiring

MADE_UP = "pi_demo_%"


def tell_sandbox(app: Flask) -> None:
    """This will make the story true at the stand-in too, so that its money can be given back and reconciled."""
    with app.app_context(), reading() as session:
        past = list(_past(session))
        state = State(wiring().settings.instance / "sandbox.sqlite")
    remember(state, past)


def _past(session: Session) -> Iterator[Past]:
    paid_out = _paid_out(session)
    made_up = select(Payment.id).where(Payment.payment_intent_id.like(MADE_UP))
    payments = select(Payment, Order).join(Order, Order.id == Payment.order_id).where(Payment.id.in_(made_up))
    whole = (joinedload(Payment.attempt, innerjoin=True), joinedload(Order.placed_by, innerjoin=True))
    for payment, order in session.execute(payments.order_by(Payment.settled_at).options(*whole)):
        yield _payment(payment, order, paid_out)
    refunds = select(Refund).where(Refund.payment_id.in_(made_up), Refund.provider_id.is_not(None))
    for refund in session.scalars(refunds.options(joinedload(Refund.payment), joinedload(Refund.order))):
        movement_id = f"txn_demo_re_{refund.id}"
        yield PastRefund(
            movement_id=movement_id,
            payout_id=paid_out.get(movement_id),
            id=str(refund.provider_id),
            charge_id=refund.payment.charge_id,
            amount_minor=refund.amount_minor,
            metadata={"order_number": refund.order.number, "refund_id": str(refund.id)},
            at=to_seconds(refund.submitted_at or refund.requested_at),
        )
    disputes = select(Dispute).where(Dispute.payment_id.in_(made_up)).options(joinedload(Dispute.payment))
    for dispute in session.scalars(disputes):
        movement_id = f"txn_demo_du_{dispute.id}"
        yield PastDispute(
            movement_id=movement_id,
            payout_id=paid_out.get(movement_id),
            id=dispute.provider_id,
            charge_id=dispute.payment.charge_id,
            reason=dispute.reason,
            at=to_seconds(dispute.opened_at),
        )


def _paid_out(session: Session) -> dict[str, str]:
    """This will return with which payout each movement of the story was paid out, by the provider's ids."""
    wanted = select(ProviderTransaction.provider_id, ProviderPayout.provider_id).join(
        ProviderPayout, ProviderPayout.id == ProviderTransaction.payout_id
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _payment(payment: Payment, order: Order, paid_out: Mapping[str, str]) -> PastPayment:
    movement_id = f"txn_demo_{payment.id}"
    return PastPayment(
        movement_id=movement_id,
        payout_id=paid_out.get(movement_id),
        intent_id=payment.payment_intent_id,
        charge_id=payment.charge_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency.lower(),
        email=order.placed_by.email,
        metadata={
            "order_number": order.number,
            "order_id": str(order.id),
            "attempt_id": str(payment.attempt_id),
        },
        at=to_seconds(payment.captured_at),
    )
