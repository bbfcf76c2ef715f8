"""What follows from the provider's word on a refund: letters, exceptions, the ledger, the end of the order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.finance.invoices.operations import cancel_credit_note, issue_for_refund
from migrator.finance.ledger.giving_back import post_refund, post_refund_failed
from migrator.fulfilment.notices import tell_customer
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.payments.lifecycle import Resolution
from migrator.payments.operations import reopen, resolve
from migrator.payments.queries import exceptions_of_payment, finance_people
from migrator.payments.refunds.lifecycle import RefundOrigin
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import standing_of
from migrator.payments.refunds.rules import SHOWN_WITHIN


def tell_of_refund(session: Session, order: Order, refund: Refund, *, now: datetime) -> None:
    """This will say that money goes back, once: to the customer, and to finance where its lines are to be named.

    :param order: held; :param refund: with its payment, a moment ago taken on by the provider
    """
    _record(session, "refund.made", order, refund, now=now)
    if standing_of(session, refund.payment).is_given_back:
        for exception in exceptions_of_payment(session, refund.payment_id):
            if exception.resolved_at is None:
                resolve(session, exception, Resolution.REFUNDED, by_id=refund.requested_by_id, now=now)
    words = {"refund": refund, "shown_within": SHOWN_WITHIN}
    tell_customer(session, order, "refund_made", cause=f"refund:{refund.id}", now=now, words=words)
    if not refund.is_allocated:
        _tell_finance(session, order, refund, "refund_unallocated", now=now)


def enter_refund(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will post a refund that the provider has taken on, and issue its credit note once it is done; each once."""
    post_refund(session, refund, now=now)
    issue_for_refund(session, refund, now=now)


def tell_of_failure(session: Session, order: Order, refund: Refund, *, was_accepted: bool, now: datetime) -> None:
    """This will say that money did not go back: to finance, and to the customer who was told that it would.

    :param was_accepted: whether the provider had taken it on; money that does not fit waits for finance again
    """
    _record(session, "refund.failed", order, refund, now=now, is_customers=was_accepted)
    post_refund_failed(session, refund, now=now)
    cancel_credit_note(session, refund, now=now)
    _tell_finance(session, order, refund, "refund_failed_staff", now=now)
    if not was_accepted:
        return
    for exception in exceptions_of_payment(session, refund.payment_id):
        if exception.resolution is Resolution.REFUNDED:
            reopen(session, exception)
    tell_customer(session, order, "refund_failed", cause=f"refund:{refund.id}", now=now, words={"refund": refund})


def _tell_finance(session: Session, order: Order, refund: Refund, kind: str, *, now: datetime) -> None:
    for person in finance_people(session):
        owe(
            session,
            kind=kind,
            cause=f"refund:{refund.id}",
            recipient=person,
            order_id=order.id,
            context={"order": order, "refund": refund},
            now=now,
        )


def _record(
    session: Session, verb: str, order: Order, refund: Refund, *, now: datetime, is_customers: bool = True
) -> None:
    record(
        session,
        verb,
        subject="refund",
        key=refund.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        visibility=Visibility.CUSTOMER if is_customers else Visibility.STAFF,
        reason=refund.failure,
        facts={
            "amount_minor": refund.amount_minor,
            "currency": refund.currency,
            "card": refund.card,
            "shown_within": SHOWN_WITHIN,
            "is_ours": refund.origin is RefundOrigin.DESK,
        },
    )
