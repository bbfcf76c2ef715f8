"""Questions about disputes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from migrator.payments.disputes.lifecycle import OPEN, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment

PAGE_LENGTH = 50
WITH_ORDER = (joinedload(Dispute.order, innerjoin=True), joinedload(Dispute.payment, innerjoin=True))


def dispute_named(session: Session, provider_id: str) -> Dispute | None:
    """This will return the dispute with the provider's id, or none."""
    return session.scalar(select(Dispute).where(Dispute.provider_id == provider_id))


def disputes_of_order(session: Session, order_id: int) -> Sequence[Dispute]:
    """This will return all disputes of an order, the earliest first."""
    return session.scalars(select(Dispute).where(Dispute.order_id == order_id).order_by(Dispute.id)).all()


def disputes_of_payment(session: Session, payment_id: int) -> Sequence[Dispute]:
    """This will return all disputes of a payment, the earliest first."""
    return session.scalars(select(Dispute).where(Dispute.payment_id == payment_id).order_by(Dispute.id)).all()


def has_open_dispute(session: Session, order_id: int) -> bool:
    """This will tell whether a bank holds a payment of the order until it decides."""
    return bool(session.scalar(select(exists().where(Dispute.order_id == order_id, Dispute.status.in_(OPEN)))))


def has_lost_dispute(session: Session, order_id: int) -> bool:
    """This will tell whether a bank took a payment of the order back."""
    lost = exists().where(Dispute.order_id == order_id, Dispute.status == DisputeStatus.LOST)
    return bool(session.scalar(select(lost)))


def undecided_intents(session: Session) -> Sequence[str]:
    """This will return the provider's payments whose disputes are not decided, the earliest first."""
    return session.scalars(
        select(Payment.payment_intent_id)
        .join(Dispute, Dispute.payment_id == Payment.id)
        .where(Dispute.closed_at.is_(None))
        .order_by(Dispute.id)
    ).all()


def undecided_disputes(session: Session) -> Sequence[Dispute]:
    """This will return undecided disputes, the earliest first; one more than a page where there are more."""
    wanted = select(Dispute).where(Dispute.closed_at.is_(None)).order_by(Dispute.id)
    return session.scalars(wanted.limit(PAGE_LENGTH + 1).options(*WITH_ORDER)).all()


def decided_disputes(session: Session, *, before_id: int | None = None) -> Sequence[Dispute]:
    """This will return decided disputes, the newest first; one more than a page where there are more.

    :param before_id: the dispute that the page before ended with
    """
    wanted = select(Dispute).where(Dispute.closed_at.is_not(None))
    if before_id is not None:
        wanted = wanted.where(Dispute.id < before_id)
    return session.scalars(wanted.order_by(Dispute.id.desc()).limit(PAGE_LENGTH + 1).options(*WITH_ORDER)).all()
