"""What will be charged, what became of the last try, and one button."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.order_again import could_be_cheaper
from migrator.journeys.pay_order import NothingToPay
from migrator.nonprofit.queries import standing_with
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.rules import discount_of
from migrator.payments.gateway import GatewayRefused, GatewayUnreachable
from migrator.payments.queries import latest_attempt
from migrator.payments.rules import TooSmallToCharge
from migrator.web.audience import open_to
from migrator.web.payments import pages
from migrator.web.payments.bill import bill
from migrator.web.payments.checkout import look_at_provider, send_to_checkout
from migrator.web.payments.standing import failure_text, open_until_text, unpayable_text
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id
from migrator.web.shop.wording import LineView, pending_words

CANCELLED = "There is nothing to pay: this order was cancelled."


@dataclass(frozen=True, slots=True)
class PayPage:
    """All that the pay page shows.

    :ivar failure: why the last try to pay did not succeed; empty without one
    :ivar open_until: the end of a payment page that is open already, in words; empty without one
    :ivar unpayable: why the provider cannot charge this; empty when it can
    :ivar pending: what paying now means while an application for the non-profit discount waits; empty without one
    :ivar can_be_cheaper: whether the discount was approved after the order was placed (RULES C-086)
    """

    number: str
    product: str
    lines: tuple[LineView, ...]
    total: str
    failure: str
    open_until: str
    unpayable: str
    pending: str
    can_be_cheaper: bool


@pages.get("/orders/<number>/pay")
@open_to(Role.CUSTOMER)
def pay_page(number: str) -> Response | str:
    """This will show what is charged; a customer who comes back from the provider is told how it stands there."""
    has_left = "left" in request.args
    if has_left and (back := look_at_provider(number)):
        return back
    return _shown(number, has_left=has_left)


@pages.post("/orders/<number>/pay")
@open_to(Role.CUSTOMER)
def pay(number: str) -> Response | str | tuple[Response | str, int]:
    """This will send the customer to the provider's page; pressing twice, or in two tabs, leads to the same one."""
    try:
        return send_to_checkout(number)
    except NothingToPay:
        return redirect(url_for("payments.pay_page", number=number), 303)
    except (TooSmallToCharge, GatewayRefused, GatewayUnreachable) as refusal:
        return _shown(number, refusal=refusal), status_of(refusal)


def _shown(number: str, *, has_left: bool = False, refusal: DomainError | None = None) -> Response | str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        if order.paid_at is not None:
            return redirect(url_for("payments.receipt", number=number), 303)
        if order.state is not OrderState.AWAITING_PAYMENT:
            raise NothingToPay(CANCELLED)
        page = _page(session, order)
    form = FlaskForm(formdata=None)
    return render_template("payments/pay.html", page=page, has_left=has_left, form=form, refusal=refusal)


def _page(session: Session, order: Order) -> PayPage:
    attempt = latest_attempt(session, order.id)
    standing = standing_with(session, order.organisation_id, now=now())
    waits = standing.pending and not discount_of(order) and not standing.is_discounted
    return PayPage(
        number=order.number,
        product=order.terms.product_name,
        lines=bill(session, order),
        total=str(order.total),
        failure=failure_text(attempt),
        open_until=open_until_text(attempt, order.calendar_row.zone, now=now()),
        unpayable=unpayable_text(order.total),
        pending=pending_words(standing.pending, order.calendar_row.zone) if standing.pending and waits else "",
        can_be_cheaper=could_be_cheaper(order, standing),
    )
