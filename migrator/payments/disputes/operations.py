"""What is written about disputes. Flushes, never commits, and never calls the provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.payments.disputes.lifecycle import CLOSED
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.movements import ProviderDispute


def add_dispute(session: Session, payment: Payment, told: ProviderDispute, *, now: datetime) -> Dispute:
    """This will write down a dispute that we hear of for the first time."""
    dispute = Dispute(
        payment_id=payment.id,
        order_id=payment.order_id,
        provider_id=told.id,
        status=told.status,
        reason=told.reason,
        amount_minor=told.amount.minor_units,
        fee_minor=max(told.fee.minor_units, 0),
        currency=told.amount.currency,
        opened_at=told.created_at,
        answer_by_at=told.answer_by_at,
        closed_at=now if told.status in CLOSED else None,
    )
    session.add(dispute)
    session.flush()
    return dispute


def follow(session: Session, dispute: Dispute, told: ProviderDispute, *, now: datetime) -> None:
    """This will write down how a dispute goes on."""
    dispute.status = told.status
    dispute.amount_minor = told.amount.minor_units
    dispute.fee_minor = max(told.fee.minor_units, 0)
    dispute.answer_by_at = told.answer_by_at
    dispute.closed_at = now if told.status in CLOSED else None
    session.flush()
