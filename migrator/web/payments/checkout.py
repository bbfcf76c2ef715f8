"""The way to the provider and back, step by step: a row, the gateway outside any transaction, a row again."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from migrator.database.session import transaction
from migrator.journeys.pay_order import attempt_to_pay, checkout_of, give_up_attempt
from migrator.journeys.settle_payment import Settlement, settle_payment
from migrator.orders.queries import order_of
from migrator.payments.gateway import CheckoutSession, GatewayRefused
from migrator.payments.models import PaymentAttempt
from migrator.web.request import now, organisation_id, person
from migrator.wiring import wiring

# The first may be one whose time is over: it is closed and makes way for the second.
MOST_ATTEMPTS = 2


def send_to_checkout(number: str) -> Response:
    """This will send the customer to the provider's page for the order, the same page for every tab.

    :raises NothingToPay: when the order is paid or cancelled
    :raises TooSmallToCharge: below the provider's minimum
    :raises GatewayUnreachable: when the provider does not answer
    :raises GatewayRefused: when it opens no page
    """
    for _ in range(MOST_ATTEMPTS):
        checkout = ask(_attempt(number))
        settlement = settle(checkout)
        if settlement is Settlement.WAITING and checkout.url:
            return redirect(checkout.url, 303)
        if settlement is not Settlement.EXPIRED:
            return redirect(url_for("payments.paid", number=number, session=checkout.id), 303)
    return redirect(url_for("payments.pay_page", number=number), 303)


def ask(attempt: PaymentAttempt) -> CheckoutSession:
    """This will return the attempt's checkout as the provider knows it, opening it where that never happened.

    :raises GatewayRefused: when it opens none; the attempt is then given up
    """
    try:
        return checkout_of(attempt, gateway=wiring().gateway, now=now())
    except GatewayRefused as refusal:
        with transaction() as session:
            give_up_attempt(session, attempt.id, refusal, now=now())
        raise


def settle(checkout: CheckoutSession) -> Settlement:
    """This will bring the order to what the provider says."""
    with transaction() as session:
        return settle_payment(session, checkout, now=now())


def _attempt(number: str) -> PaymentAttempt:
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        base_url = wiring().settings.base_url
        return attempt_to_pay(session, order, person=person(), base_url=base_url, now=now())
