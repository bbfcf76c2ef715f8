"""Settling a payment: the one way from the provider's word to what was paid for, however often it is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.finance.invoices.operations import issue_for_payment
from migrator.finance.ledger.posting import post_payment
from migrator.fulfilment.notices import tell_customer
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.journeys.apply_supplement import pay_supplement
from migrator.journeys.begin_order import begin_order
from migrator.journeys.fit_supplement import is_fitting
from migrator.money import Money
from migrator.notifications.operations import owe, owe_to_staff
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_queries import supplement_of
from migrator.payments.gateway import CheckoutSession, CheckoutStatus, PaymentStatus
from migrator.payments.lifecycle import UNSETTLED, AttemptState, Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.operations import end_attempt, note_checkout, note_failure, raise_exception, take
from migrator.payments.queries import attempt_behind, finance_people, payment_of, payment_of_checkout
from migrator.payments.rules import disposition_of, disposition_of_supplement


class Settlement(StrEnum):
    """What a settlement found."""

    PAID = "paid"
    DOES_NOT_FIT = "does_not_fit"
    WAITING = "waiting"
    EXPIRED = "expired"


SETTLED = frozenset({Settlement.PAID, Settlement.DOES_NOT_FIT})


class UnknownCheckout(DomainError):
    """The provider speaks of a checkout that none of our attempts opened."""


def settle_payment(session: Session, checkout: CheckoutSession, *, now: datetime) -> Settlement:
    """This will settle the money of a checkout and issue the invoice and the receipt of it, each once.

    :param checkout: fetched from the provider a moment ago, never taken from an event
    :raises UnknownCheckout: when no attempt of ours opened it
    """
    settlement = settle_money(session, checkout, now=now)
    if settlement in SETTLED and (payment := payment_of_checkout(session, checkout.id)):
        issue_for_payment(session, payment, now=now)
    return settlement


def settle_money(session: Session, checkout: CheckoutSession, *, now: datetime) -> Settlement:
    """This will bring an order, or a supplement to it, to what the provider says of its checkout (rules 2 and 5).

    Called from the webhook, the return page and the sweep, in any order and any number of times: the order is
    locked, and money that was settled is left alone. Amount and currency are the provider's.

    :param checkout: fetched from the provider a moment ago, never taken from an event
    :raises UnknownCheckout: when no attempt of ours opened it
    """
    attempt = attempt_behind(session, checkout.id, checkout.metadata.get("attempt_id"))
    if attempt is None or attempt.order_number != checkout.order_number:
        raise UnknownCheckout(f"No attempt of ours opened the checkout {checkout.id}.")
    order = order_for_staff(session, attempt.order_number, for_update=True)
    session.refresh(attempt)
    note_checkout(session, attempt, checkout)
    if payment := payment_of(session, attempt.id):
        return said_of(payment)
    if checkout.payment_status is PaymentStatus.PAID:
        return said_of(_take(session, order, attempt, checkout, now=now))
    if checkout.failure not in {"", attempt.last_error}:
        _note_failure(session, attempt, checkout.failure, now=now)
    if checkout.status is CheckoutStatus.EXPIRED:
        if attempt.state in UNSETTLED:
            end_attempt(session, attempt, AttemptState.EXPIRED, now=now)
        return Settlement.EXPIRED
    return Settlement.WAITING


def _take(
    session: Session, order: Order, attempt: PaymentAttempt, checkout: CheckoutSession, *, now: datetime
) -> Payment:
    supplement = supplement_of(session, order.id, attempt.supplement_id) if attempt.supplement_id else None
    disposition = _disposition(session, order, attempt, supplement, paid=checkout.amount_total)
    payment = take(session, attempt, checkout, disposition=disposition, now=now)
    if disposition is not Disposition.APPLIED:
        _put_before_finance(session, order, payment, now=now)
    elif supplement is None:
        _pay(session, order, payment, now=now)
    else:
        pay_supplement(session, order, supplement, payment_id=payment.id, now=now)
    post_payment(session, payment, now=now)
    return payment


def _disposition(
    session: Session, order: Order, attempt: PaymentAttempt, supplement: Supplement | None, *, paid: Money
) -> Disposition:
    if supplement is None:
        return disposition_of(order.state, attempt.state, paid=paid, total=order.total)
    session.refresh(supplement)
    return disposition_of_supplement(
        supplement.state,
        attempt.state,
        order=order.state,
        fits=is_fitting(session, order, supplement),
        paid=paid,
        price=supplement.amount,
    )


def _pay(session: Session, order: Order, payment: Payment, *, now: datetime) -> None:
    facts = {"amount_minor": payment.amount_minor, "currency": payment.currency, "payment_id": payment.id}
    begin_order(session, order, facts=facts, now=now)
    words = {"order": order, "payment": payment}
    tell_customer(session, order, "payment_received", cause=f"payment:{payment.id}", now=now, words=words)


def _note_failure(session: Session, attempt: PaymentAttempt, words: str, *, now: datetime) -> None:
    note_failure(session, attempt, words)
    record(
        session,
        "payment.failed",
        subject="payment_attempt",
        key=attempt.id,
        actor=SYSTEM,
        now=now,
        order_id=attempt.order_id,
        reason=words,
    )


def _put_before_finance(session: Session, order: Order, payment: Payment, *, now: datetime) -> None:
    exception = raise_exception(session, payment, now=now)
    record(
        session,
        "payment.exception",
        subject="payment",
        key=payment.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=exception.words,
        facts={"code": exception.code.value, "amount_minor": payment.amount_minor, "currency": payment.currency},
    )
    kind, cause = "payment_exception", f"payment:{payment.id}"
    context = {"order": order, "payment": payment, "exception": exception}
    for person in finance_people(session):
        owe(session, kind=kind, cause=cause, recipient=person, order_id=order.id, context=context, now=now)
    manager_id = order.account_manager_id
    owe_to_staff(
        session, kind=kind, cause=cause, order_id=order.id, account_manager_id=manager_id, context=context, now=now
    )


def said_of(payment: Payment) -> Settlement:
    """This will return what settling a payment found."""
    return Settlement.PAID if payment.disposition is Disposition.APPLIED else Settlement.DOES_NOT_FIT
