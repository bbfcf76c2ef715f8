"""Bringing the refunds and disputes of a payment to what the provider says of them, however often it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.operations import hold
from migrator.journeys.cancel_order import end_if_given_back
from migrator.journeys.dispute_news import tell_of_dispute
from migrator.journeys.refund_news import enter_refund, tell_of_failure, tell_of_refund
from migrator.journeys.waiting_restart import follow_suspension
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.payments.disputes import lifecycle as dispute_life
from migrator.payments.disputes import operations as disputes_written
from migrator.payments.disputes.queries import dispute_named
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment
from migrator.payments.movements import ProviderDispute, ProviderRefund
from migrator.payments.refunds.lifecycle import ACCEPTED, LIVE, UNSENT, RefundState, is_news
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.operations import adopt, end_refund, follow
from migrator.payments.refunds.queries import payment_with_intent, refund_known_as, refunds_of_payment

CROWDED_OUT = "Another refund took what was left of the payment."


def settle_reversals(
    session: Session,
    payment_intent_id: str,
    *,
    refunds: Iterable[ProviderRefund],
    disputes: Iterable[ProviderDispute],
    now: datetime,
) -> bool:
    """This will write down what the provider says of a payment's refunds and disputes (PAYMENTS, rules 6 and 7).

    Called from the worker after a refund was sent, from events and from the sweep, in any order and any number of
    times: the order is locked, and a life only goes forward.

    :param refunds: fetched from the provider a moment ago, never taken from an event; so are the disputes
    :returns: whether the payment is one of ours
    """
    payment = payment_with_intent(session, payment_intent_id)
    if payment is None:
        return False
    order = order_with_id(session, payment.order_id)
    hold(session, order)
    for refund in sorted(refunds, key=lambda each: each.created_at):
        _settle_refund(session, order, payment, refund, now=now)
    for dispute in sorted(disputes, key=lambda each: each.created_at):
        _settle_dispute(session, order, payment, dispute, now=now)
    _end_crowded_out(session, payment, now=now)
    end_if_given_back(session, order, now=now)
    follow_suspension(session, order, now=now)
    return True


def _settle_refund(session: Session, order: Order, payment: Payment, told: ProviderRefund, *, now: datetime) -> None:
    refund = refund_known_as(session, payment.id, provider_id=told.id, refund_id=told.refund_id)
    before: RefundState | None = None
    if refund is None:
        names_lines = payment.disposition is Disposition.APPLIED
        refund = adopt(session, payment, told, is_allocated=not names_lines, now=now)
    else:
        session.refresh(refund)
        before = refund.state
        if not is_news(before, told.state):
            return
        follow(session, refund, told, now=now)
    _tell(session, order, refund, before=before, now=now)


def _tell(session: Session, order: Order, refund: Refund, *, before: RefundState | None, now: datetime) -> None:
    was_accepted = before in ACCEPTED
    if refund.state in ACCEPTED and not was_accepted:
        tell_of_refund(session, order, refund, now=now)
    if refund.state in ACCEPTED:
        enter_refund(session, refund, now=now)
    if refund.state in {RefundState.FAILED, RefundState.CANCELLED}:
        tell_of_failure(session, order, refund, was_accepted=was_accepted, now=now)


def _settle_dispute(session: Session, order: Order, payment: Payment, told: ProviderDispute, *, now: datetime) -> None:
    dispute = dispute_named(session, told.id)
    if dispute is not None:
        session.refresh(dispute)
        if not dispute_life.is_news(dispute.status, told.status):
            return
    for status in dispute_life.steps_to(dispute.status if dispute else None, told.status):
        step, before = replace(told, status=status), dispute.status if dispute else None
        if dispute is None:
            dispute = disputes_written.add_dispute(session, payment, step, now=now)
        else:
            disputes_written.follow(session, dispute, step, now=now)
        tell_of_dispute(session, order, dispute, before=before, now=now)


def _end_crowded_out(session: Session, payment: Payment, *, now: datetime) -> None:
    # What was given back in the dashboard is gone; what we only meant to give back makes room for it.
    refunds = refunds_of_payment(session, payment.id)
    excess = sum(one.amount_minor for one in refunds if one.state in LIVE) - payment.amount_minor
    for refund in reversed(refunds):
        if excess > 0 and refund.state in UNSENT and refund.submitted_at is None:
            end_refund(session, refund, RefundState.CANCELLED, failure=CROWDED_OUT, now=now)
            excess -= refund.amount_minor
