"""Paying an order, or a supplement to it: intent, provider, answer; each step repeatable after a crash.

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
from migrator.journeys.fit_supplement import refuse_unless_fitting
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order
from migrator.orders.queries import lines_of, order_for_staff
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import accept
from migrator.orders.supplement_rules import refuse_unless_open
from migrator.payments.gateway import CheckoutSession, GatewayRefused, PaymentGateway, minimum_charge
from migrator.payments.lifecycle import UNSETTLED, AttemptState
from migrator.payments.models import PaymentAttempt
from migrator.payments.operations import (
    Charge,
    end_attempt,
    note_failure,
    order_charge,
    prepare_attempt,
    request_of,
    supplement_charge,
)
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
    charge = order_charge(order, lines_of(session, order))
    return _attempt(session, order, charge, person=person, base_url=base_url, now=now)


def attempt_to_pay_supplement(
    session: Session, order: Order, supplement: Supplement, *, person: Person, base_url: str, now: datetime
) -> PaymentAttempt:
    """This will accept a supplement's price and return the attempt to pay it, or write a new one (PAYMENTS, rule 1).

    Where the order's open attempt is for something else, that one is returned: the door closes it at the provider,
    and asks again.

    :param order: locked, so that two tabs get the same attempt
    :param supplement: of this order
    :raises OfferEnded: when it was paid, declined, withdrawn, or its last day is over
    :raises NothingToAdd: when the order cannot take it any more
    :raises TooSmallToCharge: below the provider's minimum
    """
    standing = unsettled_attempt(session, order.id)
    if standing is None or standing.supplement_id != supplement.id:
        # Who began to pay in time may end it on the page that is open.
        refuse_unless_open(supplement.state, supplement.expires_at, now=now)
    refuse_unless_fitting(session, order, supplement, now=now)
    charge = supplement_charge(supplement)
    attempt = _attempt(session, order, charge, person=person, base_url=base_url, now=now)
    if attempt.supplement_id == supplement.id:
        accept(session, supplement, by=person, now=now)
    return attempt


def _attempt(
    session: Session, order: Order, charge: Charge, *, person: Person, base_url: str, now: datetime
) -> PaymentAttempt:
    refuse_below_minimum(charge.amount, minimum_charge(order.currency))
    if (standing := unsettled_attempt(session, order.id)) is not None:
        return standing
    policy = migration_desk(order.terms.policy_version)
    return prepare_attempt(
        session,
        order,
        charge=charge,
        person=person,
        base_url=base_url,
        open_for=timedelta(minutes=policy.payment_open_minutes),
        now=now,
    )


def checkout_of(attempt: PaymentAttempt, *, gateway: PaymentGateway, now: datetime) -> CheckoutSession:
    """This will return the attempt's checkout as the provider knows it now, opening it where that never happened.

    One whose time is over, or whose order or offer no longer waits for it, is closed at the provider; if it was paid
    in the meantime it comes back as paid.

    :param attempt: with what it is for
    :raises GatewayRefused: when it cannot be opened; then `give_up_attempt`
    """
    if _has_lapsed(attempt, now=now):
        return closed_checkout_of(attempt, gateway=gateway)
    session_id = _session_id(attempt, gateway)
    return gateway.checkout(session_id)


def closed_checkout_of(attempt: PaymentAttempt, *, gateway: PaymentGateway) -> CheckoutSession:
    """This will close the attempt's checkout at the provider, so that another can take its place (PAYMENTS, rule 1).

    :raises GatewayRefused: when it cannot be opened; then `give_up_attempt`
    """
    session_id = _session_id(attempt, gateway)
    return gateway.expire_checkout(session_id)


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


def _session_id(attempt: PaymentAttempt, gateway: PaymentGateway) -> str:
    # The answer to a repeated call tells how the checkout stood at first, so it is asked for again.
    return attempt.session_id or gateway.create_checkout(request_of(attempt)).id


def _has_lapsed(attempt: PaymentAttempt, *, now: datetime) -> bool:
    return attempt.expires_at <= now or not _is_waited_for(attempt)


def _is_waited_for(attempt: PaymentAttempt) -> bool:
    if attempt.supplement is not None:
        offered = attempt.supplement.state is SupplementState.OFFERED
        return offered and attempt.supplement.amount == attempt.amount
    return attempt.order.state is OrderState.AWAITING_PAYMENT and attempt.order.total == attempt.amount
