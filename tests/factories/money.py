"""Money that came and went, brought about as the provider would tell it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.journeys.pay_order import attempt_to_pay
from migrator.journeys.settle_payment import settle_money, settle_payment
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.payments.gateway import CheckoutSession, CheckoutStatus, PaymentStatus
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.queries import payment_of
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund, RefundLine
from tests.conftest import NOW


def a_paid_checkout(attempt: PaymentAttempt) -> CheckoutSession:
    """This will return what the provider says of an attempt that was paid."""
    return CheckoutSession(
        id=f"cs_test_{attempt.id}",
        url=None,
        status=CheckoutStatus.COMPLETE,
        payment_status=PaymentStatus.PAID,
        order_number=attempt.order_number,
        customer_email="",
        metadata={"attempt_id": str(attempt.id)},
        amount_total=attempt.amount,
        payment_intent_id=f"pi_{attempt.id}",
        charge_id=f"ch_{attempt.id}",
        expires_at=attempt.expires_at,
        created_at=attempt.created_at,
        livemode=False,
    )


def a_payment(session: Session, order: Order, *, now: datetime = NOW, issues: bool = True) -> Payment:
    """This will pay an order; without issuing as it was before there were invoices."""
    order = order_for_staff(session, order.number, for_update=True)
    attempt = attempt_to_pay(session, order, person=order.placed_by, base_url="http://localhost", now=now)
    settle = settle_payment if issues else settle_money
    settle(session, a_paid_checkout(attempt), now=now)
    payment = payment_of(session, attempt.id)
    assert payment is not None
    return payment


def a_done_refund(
    session: Session, payment: Payment, *, amount_minor: int, lines: dict[int, int] | None = None, now: datetime = NOW
) -> Refund:
    """This will add a refund that has reached the customer.

    :param lines: how much of which order lines, by their ids
    """
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        state=RefundState.DONE,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason="Not started",
        idempotency_key=f"refund-{payment.id}-{amount_minor}",
        provider_id=f"re_{payment.id}_{amount_minor}",
        requested_by_id=session.get_one(PaymentAttempt, payment.attempt_id).person_id,
        requested_at=now,
        ended_at=now,
    )
    session.add(refund)
    session.flush()
    session.add_all(
        RefundLine(refund_id=refund.id, order_line_id=line_id, amount_minor=minor)
        for line_id, minor in (lines or {}).items()
    )
    session.flush()
    return refund
