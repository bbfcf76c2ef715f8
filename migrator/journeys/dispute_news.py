"""What follows from the provider's word on a dispute: cover, the ledger, and who is told (PAYMENTS, rule 7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.finance.covers.operations import restore_covers, suspend_covers, void_covers
from migrator.finance.ledger.giving_back import post_dispute_lost, post_dispute_opened, post_dispute_won
from migrator.fulfilment.notices import tell_staff
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.payments.disputes.lifecycle import CLOSED, INQUIRIES, OPEN, STEPS, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.disputes.queries import has_lost_dispute, has_open_dispute
from migrator.payments.queries import finance_people


def tell_of_dispute(
    session: Session, order: Order, dispute: Dispute, *, before: DisputeStatus | None, now: datetime
) -> None:
    """This will do what one step of a dispute asks for.

    :param order: held; :param before: where it stood before the step; none at the first
    """
    if dispute.status in OPEN and before not in OPEN:
        post_dispute_opened(session, dispute, now=now)
        suspend_covers(session, order, now=now)
        _say(session, order, dispute, "dispute.opened", now=now)
    if dispute.status in INQUIRIES and before is None:
        _say(session, order, dispute, "dispute.inquired", now=now)
    if dispute.status in CLOSED:
        _close(session, order, dispute, now=now)


def _close(session: Session, order: Order, dispute: Dispute, *, now: datetime) -> None:
    if dispute.status is DisputeStatus.WON:
        post_dispute_won(session, dispute, now=now)
        if not has_open_dispute(session, order.id) and not has_lost_dispute(session, order.id):
            restore_covers(session, order, now=now)
    if dispute.status is DisputeStatus.LOST:
        post_dispute_lost(session, dispute, now=now)
        void_covers(session, order, now=now)
    _say(session, order, dispute, f"dispute.{dispute.status}", now=now)


def _say(session: Session, order: Order, dispute: Dispute, verb: str, *, now: datetime) -> None:
    cause = f"dispute:{dispute.id}:{verb}"
    record(
        session,
        verb,
        subject="dispute",
        key=dispute.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=dispute.reason.replace("_", " "),
        facts={"amount_minor": dispute.amount_minor, "currency": dispute.currency, "fee_minor": dispute.fee_minor},
    )
    words = {"order": order, "dispute": dispute, "step": STEPS[verb.removeprefix("dispute.")]}
    for person in finance_people(session):
        owe(session, kind="dispute_moved", cause=cause, recipient=person, order_id=order.id, context=words, now=now)
    tell_staff(session, order, "dispute_moved", cause=cause, now=now, words=words)
