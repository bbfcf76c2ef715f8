"""What is written about refunds. Flushes, never commits, and never calls the provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.money import Money
from migrator.payments.models import Payment
from migrator.payments.movements import ProviderRefund
from migrator.payments.refunds.lifecycle import ENDED, RefundOrigin, RefundState
from migrator.payments.refunds.models import Refund, RefundLine
from migrator.payments.refunds.queries import refund_with_key

FROM_DASHBOARD = "Made in the payment provider’s dashboard"


def add_request(
    session: Session,
    payment: Payment,
    *,
    amount: Money,
    amounts: Mapping[int, Money],
    reason: str,
    key: str,
    person: Person,
    state: RefundState,
    now: datetime,
) -> Refund:
    """This will write a refund that somebody asks for, once for each key; a second press returns the first.

    :param amounts: by order line; what is nothing is left out
    :param state: to be sent, or waiting for a second person
    """
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        state=state,
        amount_minor=amount.minor_units,
        currency=amount.currency,
        reason=reason,
        idempotency_key=key,
        requested_by_id=person.id,
        requested_at=now,
    )
    try:
        with session.begin_nested():
            session.add(refund)
            session.flush()
            _add_lines(session, refund, amounts)
    except IntegrityError:
        if (first := refund_with_key(session, key)) is not None:
            return first
        raise
    return refund


def adopt(session: Session, payment: Payment, told: ProviderRefund, *, is_allocated: bool, now: datetime) -> Refund:
    """This will write down a refund that was made in the provider's dashboard (PAYMENTS, rule 6).

    :param is_allocated: whether there are no lines that it could name
    """
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        state=told.state,
        origin=RefundOrigin.DASHBOARD,
        amount_minor=told.amount.minor_units,
        currency=told.amount.currency,
        reason=told.reason.replace("_", " ") or FROM_DASHBOARD,
        idempotency_key=f"dashboard-{told.id}",
        provider_id=told.id,
        requested_at=told.created_at,
        submitted_at=told.created_at,
        ended_at=now if told.state in ENDED else None,
        failure=told.failure,
        card=told.card,
        is_allocated=is_allocated,
    )
    session.add(refund)
    session.flush()
    return refund


def approve(session: Session, refund: Refund, *, person: Person, now: datetime) -> None:
    """This will write down the second person; the refund is to be sent."""
    refund.approved_by_id = person.id
    refund.approved_at = now
    refund.state = RefundState.REQUESTED
    session.flush()


def end_refund(session: Session, refund: Refund, state: RefundState, *, failure: str, now: datetime) -> None:
    """This will end a refund that moved no money, with why."""
    refund.state = state
    refund.failure = failure
    refund.ended_at = now
    session.flush()


def note_submission(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will write down that the provider is about to be asked, so that after a crash it is asked what it knows."""
    refund.submitted_at = now
    session.flush()


def follow(session: Session, refund: Refund, told: ProviderRefund, *, now: datetime) -> None:
    """This will write down what the provider says of a refund."""
    refund.provider_id = told.id
    refund.state = told.state
    refund.failure = told.failure
    refund.card = told.card or refund.card
    refund.ended_at = now if told.state in ENDED else None
    session.flush()


def allocate_lines(session: Session, refund: Refund, amounts: Mapping[int, Money]) -> None:
    """This will write which order lines a refund of the dashboard gave back."""
    _add_lines(session, refund, amounts)
    refund.is_allocated = True
    session.flush()


def _add_lines(session: Session, refund: Refund, amounts: Mapping[int, Money]) -> None:
    session.add_all(
        RefundLine(refund_id=refund.id, order_line_id=line_id, amount_minor=amount.minor_units)
        for line_id, amount in amounts.items()
        if amount.minor_units
    )
    session.flush()
