"""What follows from the provider's word on a dispute: cover, the ledger, and who is told (PAYMENTS, rule 7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.notices import tell_staff
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.payments.disputes.lifecycle import CLOSED, INQUIRIES, OPEN, STEPS, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.queries import finance_people

# What took the money at some time, whether or not we heard of it then.
TOOK_MONEY = OPEN | {DisputeStatus.WON, DisputeStatus.LOST}


def tell_of_dispute(
    session: Session, order: Order, dispute: Dispute, *, before: DisputeStatus | None, now: datetime
) -> None:
    """This will do what each step of a dispute asks for, those that we missed too, each once.

    :param order: held; :param before: where it stood when we heard of it last; none at the first time
    """
    if dispute.status in TOOK_MONEY and before not in TOOK_MONEY:
        _open(session, order, dispute, now=now)
    if dispute.status in INQUIRIES and before is None:
        _say(session, order, dispute, "dispute.inquired", now=now)
    if dispute.status in CLOSED and before not in CLOSED:
        _close(session, order, dispute, now=now)


def _open(session: Session, order: Order, dispute: Dispute, *, now: datetime) -> None:
    _say(session, order, dispute, "dispute.opened", now=now)


def _close(session: Session, order: Order, dispute: Dispute, *, now: datetime) -> None:
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
