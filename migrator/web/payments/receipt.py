"""The receipt: what was paid, line by line, with the insurance's calculation and the payment's reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.clock.wording import instant_text, place_text
from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.money import total
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.payments.models import Payment
from migrator.payments.queries import applied_payments
from migrator.payments.refunds.lifecycle import ACCEPTED
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import refunds_told
from migrator.payments.refunds.rules import SHOWN_WITHIN
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.payments import pages
from migrator.web.payments.bill import bill
from migrator.web.request import organisation_id
from migrator.web.shop.wording import LineView


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """All that the receipt shows; the allow-list is the addresses that our messages come from (RULES C-027)."""

    number: str
    organisation: str
    facts: tuple[tuple[str, str, None], ...]
    lines: tuple[LineView, ...]
    total: str
    refunds: tuple[str, ...]
    allow_list: tuple[str, ...]


@pages.get("/orders/<number>/receipt")
@open_to(Role.CUSTOMER)
def receipt(number: str) -> Response | str:
    """This will show the receipt of a paid order; one that is not paid leads to the pay page."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        payments = applied_payments(session, order.id)
        if not payments:
            # A free migration was never paid for (RULES M-024).
            page_of = "orders.tracker" if order.paid_at else "payments.pay_page"
            return redirect(url_for(page_of, number=number), 303)
        page = _page(session, order, payments)
    return render_template("payments/receipt.html", page=page)


def _page(session: Session, order: Order, payments: Sequence[Payment]) -> ReceiptPage:
    return ReceiptPage(
        number=order.number,
        organisation=order.organisation.name,
        facts=(
            ("For", order.organisation.name, None),
            ("Ordered by", order.placed_by.display_name, None),
            ("Order", f"{order.number}, {order.terms.product_name}", None),
            *(row for payment in payments for row in _paid(payment, order.calendar_row.zone)),
        ),
        lines=bill(session, order),
        total=str(total([payment.amount for payment in payments])),
        refunds=tuple(refund_words(refund, order.calendar_row.zone) for refund in refunds_told(session, order.id)),
        allow_list=migration_desk(order.terms.policy_version).allow_list,
    )


def refund_words(refund: Refund, zone: str) -> str:
    """This will say in one sentence what became of a refund."""
    when, card = instant_text(refund.submitted_at or refund.requested_at, zone), refund.card or "your card"
    if refund.state in ACCEPTED:
        return f"{refund.amount} went back to {card} on {when}. Banks show it within {SHOWN_WITHIN}."
    return f"{refund.amount} was sent to {card} on {when}, and the bank returned it to us. We write to you."


def _paid(payment: Payment, zone: str) -> Iterator[tuple[str, str, None]]:
    yield "Paid", f"{payment.amount}, {instant_text(payment.settled_at, zone)} {place_text(zone)}, by card", None
    yield "Payment reference", payment.payment_intent_id, None
