"""The refund form: what is left of each line, our proposal with its reason, and a reason of the person's own."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.journeys.request_refund import Wish, payment_of_order, proposal, request_refund
from migrator.money import SYMBOLS, Money
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import standing_of
from migrator.payments.refunds.rules import PaymentStanding, Suggestion
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.refund_forms import RefundForm, WholeForm, proposed, refund_form
from migrator.web.finance.refunds import MONEY, Answer
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.web.shop.declaration import new_token
from migrator.wiring import wiring


@dataclass(frozen=True, slots=True)
class GivingBackPage:
    """What the form shows beside its fields.

    :ivar left: what each line still has, by the name of its field
    :ivar limit: up to it one person suffices; none where two always decide
    """

    number: str
    payment_id: int
    captured: Money
    refundable: Money
    suggestion: Suggestion
    left: dict[str, Money]
    limit: Money | None
    symbol: str
    ends_order: bool


@pages.get("/finance/orders/<number>/payments/<int:payment_id>/refund")
@open_to(*MONEY)
def giving_back(number: str, payment_id: int) -> str:
    """This will show the form with our proposal."""
    with reading() as session:
        order = order_for_staff(session, number)
        standing = standing_of(session, payment_of_order(session, order, payment_id))
        suggestion = proposal(session, order, standing)
    form = refund_form(standing)(formdata=None, data={**proposed(standing, suggestion), "token": new_token()})
    return _rendered(form, order, standing, suggestion)


@pages.post("/finance/orders/<number>/payments/<int:payment_id>/refund")
@open_to(*MONEY)
def give_back(number: str, payment_id: int) -> Answer:
    """This will ask for the refund, once however often the button is pressed."""
    with reading() as session:
        order = order_for_staff(session, number)
        standing = standing_of(session, payment_of_order(session, order, payment_id))
        suggestion = proposal(session, order, standing)
    form = refund_form(standing)()
    if not form.validate_on_submit():
        return _rendered(form, order, standing, suggestion), 422
    try:
        with transaction() as session:
            order = order_for_staff(session, number, for_update=True)
            limit = wiring().settings.refund_limit(form.currency)
            refund = request_refund(session, order, payment_id, _wish(form), person=person(), limit=limit, now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _again(form, number, payment_id, refusal), status_of(refusal)
    return _onwards(number, refund)


def _wish(form: RefundForm) -> Wish:
    whole = form.read(form.whole) if isinstance(form, WholeForm) else None
    return Wish(
        reason=form.reason.data or "",
        token=(form.token.data or new_token())[:64],
        amounts=form.amounts(),
        whole=whole,
        expected=form.seen(),
    )


def _again(form: RefundForm, number: str, payment_id: int, refusal: DomainError) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        standing = standing_of(session, payment_of_order(session, order, payment_id))
        suggestion = proposal(session, order, standing)
    # What the person reads now is what the next press is about.
    form.expected.data = str(standing.refundable.minor_units)
    return _rendered(form, order, standing, suggestion, refusal=refusal)


def _rendered(
    form: RefundForm,
    order: Order,
    standing: PaymentStanding,
    suggestion: Suggestion,
    *,
    refusal: DomainError | None = None,
) -> str:
    currency = standing.captured.currency
    page = GivingBackPage(
        number=order.number,
        payment_id=standing.payment_id,
        captured=standing.captured,
        refundable=standing.refundable,
        suggestion=suggestion,
        left={f"line_{line.line_id}": line.refundable for line in standing.lines},
        limit=wiring().settings.refund_limit(currency),
        symbol=SYMBOLS[currency],
        ends_order=standing.fits,
    )
    return render_template("finance/giving_back.html", page=page, form=form, refusal=refusal)


def _onwards(number: str, refund: Refund) -> Response:
    if refund.state is RefundState.AWAITING_APPROVAL:
        flash(f"Asked for: {refund.amount}. It is sent as soon as a second person from finance approves it.")
    else:
        flash(f"{refund.amount} goes back to the customer’s card.")
    return redirect(url_for("finance.sheet", number=number), 303)
