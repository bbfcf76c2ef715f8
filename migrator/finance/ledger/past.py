"""Posting what happened before there was a ledger: each cause once, so it can be repeated. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from migrator.finance.covers.operations import follow_window, suspend_covers, void_covers
from migrator.finance.ledger.accounts import EntryKind
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.ledger.posting import (
    post_delivery,
    post_dispute_lost,
    post_dispute_opened,
    post_dispute_won,
    post_payment,
    post_refund,
)
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.orders.queries import order_with_id
from migrator.payments.disputes.lifecycle import OPEN, TAKEN, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import ACCEPTED
from migrator.payments.refunds.models import Refund

AT_ONCE = 200


def post_some_of_the_past(session: Session, *, now: datetime, limit: int = AT_ONCE) -> int:
    """This will post the next payments, deliveries, refunds and disputes that were not posted, and count them.

    Payments come first, since all else follows from them; covers follow their windows with the delivery.
    """
    for some in (_payments, _deliveries, _refunds, _disputes):
        if count := some(session, now, limit):
            return count
    return 0


def _payments(session: Session, now: datetime, limit: int) -> int:
    wanted = select(Payment).where(~_is_posted("payment", Payment.id)).order_by(Payment.id)
    payments = session.scalars(wanted.limit(limit)).all()
    for payment in payments:
        post_payment(session, payment, now=now)
    return len(payments)


def _deliveries(session: Session, now: datetime, limit: int) -> int:
    """Only of orders for which something was posted: one that nobody paid delivers nothing into the books."""
    is_paid = exists().where(JournalEntry.order_id == Run.order_id, JournalEntry.kind == EntryKind.PAYMENT)
    is_delivered = exists().where(JournalEntry.order_id == Run.order_id, JournalEntry.kind == EntryKind.DELIVERY)
    is_done = (Run.kind == RunKind.FULL) & (Run.state == RunState.DONE)
    wanted = select(Run.order_id).where(is_done, is_paid, ~is_delivered).order_by(Run.order_id).limit(limit)
    order_ids = session.scalars(wanted).all()
    for order_id in order_ids:
        order = order_with_id(session, order_id)
        post_delivery(session, order, now=now)
        follow_window(session, order, now=now)
    return len(order_ids)


def _refunds(session: Session, now: datetime, limit: int) -> int:
    wanted = select(Refund).where(Refund.state.in_(ACCEPTED), ~_is_posted("refund", Refund.id)).order_by(Refund.id)
    refunds = session.scalars(wanted.limit(limit)).all()
    for refund in refunds:
        post_refund(session, refund, now=now)
    return len(refunds)


def _disputes(session: Session, now: datetime, limit: int) -> int:
    taken = TAKEN | {DisputeStatus.WON}
    wanted = select(Dispute).where(Dispute.status.in_(taken), ~_is_posted("dispute", Dispute.id)).order_by(Dispute.id)
    disputes = session.scalars(wanted.limit(limit)).all()
    for dispute in disputes:
        _post_dispute(session, dispute, now=now)
    return len(disputes)


def _post_dispute(session: Session, dispute: Dispute, *, now: datetime) -> None:
    order = order_with_id(session, dispute.order_id)
    post_dispute_opened(session, dispute, now=now)
    if dispute.status in OPEN:
        suspend_covers(session, order, now=now)
    elif dispute.status is DisputeStatus.LOST:
        post_dispute_lost(session, dispute, now=now)
        void_covers(session, order, now=now)
    else:
        post_dispute_won(session, dispute, now=now)


def _is_posted(subject: str, row_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    cause = literal(f"{subject}:") + cast(row_id, String)
    return exists().where(JournalEntry.cause == cause)
