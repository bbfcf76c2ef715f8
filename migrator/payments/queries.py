"""Questions about payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.payments.lifecycle import UNSETTLED, EventState
from migrator.payments.models import Payment, PaymentAttempt, ProviderEvent


def unsettled_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """This will return the order's one attempt that can still be paid, if there is one."""
    return session.scalar(
        select(PaymentAttempt).where(PaymentAttempt.order_id == order_id, PaymentAttempt.state.in_(UNSETTLED))
    )


def latest_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """This will return the order's last attempt, whatever became of it."""
    return session.scalar(
        select(PaymentAttempt).where(PaymentAttempt.order_id == order_id).order_by(PaymentAttempt.id.desc()).limit(1)
    )


def attempt_behind(session: Session, session_id: str, attempt_id: str | None) -> PaymentAttempt | None:
    """This will return the attempt of a checkout: by the provider's id, or by ours where that answer was lost."""
    known = session.scalar(select(PaymentAttempt).where(PaymentAttempt.session_id == session_id))
    if known is not None or attempt_id is None or not attempt_id.isdecimal():
        return known
    return session.scalar(
        select(PaymentAttempt).where(PaymentAttempt.id == int(attempt_id), PaymentAttempt.session_id.is_(None))
    )


def unsettled_attempt_ids(session: Session, *, before: datetime) -> Sequence[int]:
    """This will return the attempts made before an instant that are neither paid nor ended, the oldest first."""
    return session.scalars(
        select(PaymentAttempt.id)
        .where(PaymentAttempt.state.in_(UNSETTLED), PaymentAttempt.created_at < before)
        .order_by(PaymentAttempt.expires_at)
    ).all()


def waiting_event_ids(session: Session) -> Sequence[int]:
    """This will return the provider's events that are stored and not looked at yet, in the order they came."""
    return session.scalars(
        select(ProviderEvent.id)
        .where(ProviderEvent.state == EventState.STORED)
        .order_by(ProviderEvent.received_at, ProviderEvent.id)
    ).all()


def payment_of(session: Session, attempt_id: int) -> Payment | None:
    """This will return the money that an attempt brought."""
    return session.scalar(select(Payment).where(Payment.attempt_id == attempt_id))
