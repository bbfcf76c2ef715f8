"""The way to the provider and back, step by step: a row, the gateway outside any transaction, a row again."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.journeys.pay_order import (
    attempt_to_pay,
    attempt_to_pay_supplement,
    checkout_of,
    closed_checkout_of,
    give_up_attempt,
)
from migrator.journeys.settle_payment import Settlement, settle_payment
from migrator.orders.queries import order_of
from migrator.orders.supplement_queries import supplement_of
from migrator.payments.gateway import CheckoutSession, GatewayRefused, GatewayUnreachable
from migrator.payments.models import PaymentAttempt
from migrator.payments.queries import unsettled_attempt
from migrator.web.request import now, organisation_id, person
from migrator.wiring import wiring

# The first may be for something else, the second one whose time is over: each is closed and makes way.
MOST_ATTEMPTS = 3


def send_to_checkout(number: str, supplement_id: int | None = None) -> Response:
    """This will send the customer to the provider's page for the order or a supplement, the same page for every tab.

    :raises NothingToPay: when the order is paid or cancelled
    :raises OfferEnded: when the supplement is no longer offered; :raises NothingToAdd: when it no longer fits
    :raises TooSmallToCharge: below the provider's minimum
    :raises GatewayUnreachable: when the provider does not answer
    :raises GatewayRefused: when it opens no page
    """
    for _ in range(MOST_ATTEMPTS):
        attempt = _attempt(number, supplement_id)
        if attempt.supplement_id != supplement_id:
            settle(ask(attempt, close=True))
            continue
        checkout = ask(attempt)
        settlement = settle(checkout)
        if settlement is Settlement.WAITING and checkout.url:
            return redirect(checkout.url, 303)
        if settlement is not Settlement.EXPIRED:
            return redirect(url_for("payments.paid", number=number, session=checkout.id), 303)
    return redirect(pay_url(number, supplement_id), 303)


def pay_url(number: str, supplement_id: int | None) -> str:
    """This will return where an order, or a supplement to it, is paid."""
    if supplement_id is None:
        return url_for("payments.pay_page", number=number)
    return url_for("extras.offer", number=number, supplement_id=supplement_id)


def look_at_provider(number: str) -> Response | None:
    """This will lead on where the provider knows more than we do of the order's open payment; else return none."""
    with reading() as session:
        attempt = unsettled_attempt(session, order_of(session, number, organisation_id()).id)
    if attempt is None:
        return None
    try:
        checkout = ask(attempt)
    except (GatewayRefused, GatewayUnreachable):
        return None
    if settle(checkout) in {Settlement.WAITING, Settlement.EXPIRED}:
        return None
    return redirect(url_for("payments.paid", number=number, session=checkout.id), 303)


def ask(attempt: PaymentAttempt, *, close: bool = False) -> CheckoutSession:
    """This will return the attempt's checkout as the provider knows it, opening it where that never happened.

    :param close: for one that must make way for another
    :raises GatewayRefused: when it opens none; the attempt is then given up
    """
    try:
        if close:
            return closed_checkout_of(attempt, gateway=wiring().gateway)
        return checkout_of(attempt, gateway=wiring().gateway, now=now())
    except GatewayRefused as refusal:
        with transaction() as session:
            give_up_attempt(session, attempt.id, refusal, now=now())
        raise


def settle(checkout: CheckoutSession) -> Settlement:
    """This will bring the order to what the provider says."""
    with transaction() as session:
        return settle_payment(session, checkout, now=now())


def _attempt(number: str, supplement_id: int | None) -> PaymentAttempt:
    base_url = wiring().settings.base_url
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        if supplement_id is None:
            return attempt_to_pay(session, order, person=person(), base_url=base_url, now=now())
        supplement = supplement_of(session, order.id, supplement_id)
        return attempt_to_pay_supplement(session, order, supplement, person=person(), base_url=base_url, now=now())
