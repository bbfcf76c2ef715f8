"""Where the provider sends the customer back to. It proves nothing: the provider is asked (PAYMENTS, rule 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from migrator.clock.wording import counted_text
from migrator.database.session import reading
from migrator.errors import NotFound
from migrator.history.actor import Role
from migrator.journeys.settle_payment import Settlement, said_of
from migrator.orders.models import Order
from migrator.orders.queries import NO_SUCH_ORDER, order_of
from migrator.payments.gateway import CheckoutSession, GatewayRefused, GatewayUnreachable
from migrator.payments.models import PaymentAttempt
from migrator.payments.queries import attempt_by_checkout, payment_of
from migrator.web.audience import open_to
from migrator.web.payments import pages
from migrator.web.payments.checkout import pay_url, settle
from migrator.web.request import organisation_id
from migrator.wiring import wiring

CHECKOUT_ID = re.compile(r"cs_[A-Za-z0-9_]{1,110}", flags=re.ASCII)


@dataclass(frozen=True, slots=True)
class PaidPage:
    """What became of a payment, as far as we know.

    :ivar product: what was paid for
    :ivar is_supplement: whether that is something that was added to the order
    """

    number: str
    product: str
    total: str
    check_within: str
    settlement: Settlement
    is_supplement: bool


@pages.get("/orders/<number>/paid")
@open_to(Role.CUSTOMER)
def paid(number: str) -> Response | str:
    """This will say that the order is paid, or that we are confirming it, and ask again until it is known."""
    checkout_id = _checkout_id()
    with reading() as session:
        order = order_of(session, number, organisation_id())
        attempt = attempt_by_checkout(session, order.id, checkout_id)
        payment = payment_of(session, attempt.id) if attempt else None
    settlement = said_of(payment) if payment else _settlement(order, checkout_id)
    if settlement is Settlement.EXPIRED:
        flash("The payment page was closed. Nothing was charged.")
        return redirect(pay_url(number, attempt.supplement_id if attempt else None), 303)
    return render_template("payments/paid.html", page=_page(order, attempt, settlement))


def _checkout_id() -> str:
    text = request.args.get("session", "")
    if not CHECKOUT_ID.fullmatch(text):
        raise NotFound(NO_SUCH_ORDER)
    return text


def _settlement(order: Order, checkout_id: str) -> Settlement:
    checkout = _asked(checkout_id)
    if checkout is None:
        return Settlement.WAITING
    if checkout.order_number != order.number:
        raise NotFound(NO_SUCH_ORDER)
    return settle(checkout)


def _asked(checkout_id: str) -> CheckoutSession | None:
    try:
        return wiring().gateway.checkout(checkout_id)
    except GatewayUnreachable:
        return None
    except GatewayRefused as refusal:
        raise NotFound(NO_SUCH_ORDER) from refusal


def _page(order: Order, attempt: PaymentAttempt | None, settlement: Settlement) -> PaidPage:
    supplement = attempt.supplement if attempt else None
    return PaidPage(
        number=order.number,
        product=supplement.title if supplement else order.terms.product_name,
        total=str(attempt.amount if attempt else order.total),
        is_supplement=supplement is not None,
        check_within=counted_text(order.terms.access_check_business_days, "working day"),
        settlement=settlement,
    )
