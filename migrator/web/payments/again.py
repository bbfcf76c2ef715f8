"""The same order once more with the discount that was approved since: one click on the pay page (RULES C-086)."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.journeys.order_again import order_again
from migrator.orders.queries import order_of
from migrator.payments.gateway import GatewayRefused, GatewayUnreachable
from migrator.payments.queries import unsettled_attempt
from migrator.web.audience import open_to
from migrator.web.payments import pages
from migrator.web.payments.checkout import ask, look_at_provider, settle
from migrator.web.request import now, organisation_id, person


@pages.post("/orders/<number>/order-again")
@open_to(Role.CUSTOMER)
def again(number: str) -> Response:
    """This will cancel the order and place it with the discount, unless it was paid a moment ago."""
    if paid := look_at_provider(number):
        return paid
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        cheaper = order_again(session, order, person=person(), now=now()).number
        order_id = order.id
    _close_payment_page(order_id)
    flash(f"Order {number} is cancelled. This is the same order with your non-profit discount.")
    return redirect(url_for("payments.pay_page", number=cheaper), 303)


def _close_payment_page(order_id: int) -> None:
    with reading() as session:
        attempt = unsettled_attempt(session, order_id)
    if attempt is None:
        return
    try:
        settle(ask(attempt))
    except (GatewayRefused, GatewayUnreachable):
        # The minute's sweep closes what stayed open.
        return
