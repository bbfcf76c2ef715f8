"""Paying an order: intent first, then the provider, then its answer; each step repeatable after a crash.

A door runs the steps: `attempt_to_pay` in a transaction, the gateway outside any, `settle_payment` in another.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.history.actor import SYSTEM
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import lines_of, order_for_staff
from migrator.payments.gateway import CheckoutSession, GatewayRefused, PaymentGateway, minimum_charge
from migrator.payments.lifecycle import UNSETTLED, AttemptState
from migrator.payments.models import PaymentAttempt
from migrator.payments.operations import end_attempt, note_failure, prepare_attempt, request_of
from migrator.payments.queries import unsettled_attempt
from migrator.payments.rules import refuse_below_minimum
from migrator.policy.loading import migration_desk

UNKNOWN_TO_PROVIDER = "resource_missing"


class NothingToPay(DomainError):
    """The order does not wait for a payment."""


def attempt_to_pay(session: Session, order: Order, *, person: Person, base_url: str, now: datetime) -> PaymentAttempt:
    """This will return the order's open attempt, or write a new one (PAYMENTS, rule 1).

    :param order: locked, so that two tabs get the same attempt
    :raises NothingToPay: when the order is paid or cancelled
    :raises TooSmallToCharge: below the provider's minimum
    """
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise NothingToPay("There is nothing to pay: this order is paid already or was cancelled.")
    refuse_below_minimum(order.total, minimum_charge(order.currency))
    if (standing := unsettled_attempt(session, order.id)) is not None:
        return standing
    policy = migration_desk(order.terms.policy_version)
    return prepare_attempt(
        session,
        order,
        lines=tuple(lines_of(session, order)),
        person=person,
        base_url=base_url,
        open_for=timedelta(minutes=policy.payment_open_minutes),
        now=now,
    )


def checkout_of(attempt: PaymentAttempt, *, gateway: PaymentGateway, now: datetime) -> CheckoutSession:
    """This will return the attempt's checkout as the provider knows it now, opening it where that never happened.

    One whose time is over, or whose order no longer waits for it, is closed at the provider; if it was paid in the
    meantime it comes back as paid.

    :param attempt: with its order
    :raises GatewayRefused: when it cannot be opened; then `give_up_attempt`
    """
    # The answer to a repeated call tells how the checkout stood at first, so it is asked for again.
    session_id = attempt.session_id or gateway.create_checkout(request_of(attempt)).id
    if _has_lapsed(attempt, now=now):
        return gateway.expire_checkout(session_id)
    return gateway.checkout(session_id)


def give_up_attempt(session: Session, attempt_id: int, refusal: GatewayRefused, *, now: datetime) -> None:
    """This will end an attempt that the provider refused to open or does not know; another one can follow.

    :raises GatewayRefused: the same again, where a checkout that can still be paid may stand behind the attempt
    """
    attempt = session.get_one(PaymentAttempt, attempt_id)
    order = order_for_staff(session, attempt.order_number, for_update=True)
    session.refresh(attempt)
    if attempt.state not in UNSETTLED:
        return
    if attempt.state is AttemptState.OPEN and refusal.code != UNKNOWN_TO_PROVIDER:
        raise refusal
    note_failure(session, attempt, refusal.reason)
    end_attempt(session, attempt, AttemptState.FAILED, now=now)
    record(
        session,
        "payment.refused",
        subject="payment_attempt",
        key=attempt.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=refusal.reason,
        facts={"code": refusal.code},
    )


def _has_lapsed(attempt: PaymentAttempt, *, now: datetime) -> bool:
    order = attempt.order
    waits = order.state is OrderState.AWAITING_PAYMENT and order.total == attempt.amount
    return attempt.expires_at <= now or not waits
