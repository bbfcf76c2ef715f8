"""What happened to an order's money, row by row: quote, lines, payments, refunds, disputes, supplements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.money import Money, total
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import lines_of
from migrator.orders.quote_models import Quote
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_queries import supplements_of
from migrator.payments.disputes.lifecycle import OPEN, DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.disputes.queries import disputes_of_order
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import ACCEPTED, WORDS, RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import refunds_of_order
from migrator.web.finance.refund_rows import TONES
from migrator.web.finance.statement import Movement
from migrator.web.payments.desk import DISPOSITIONS

HELD = OPEN | {DisputeStatus.WON, DisputeStatus.LOST}


def movements_of_order(session: Session, order: Order, payments: Sequence[Payment]) -> list[Movement]:
    """This will gather all movements of an order's money."""
    lines, supplements = lines_of(session, order), supplements_of(session, order.id)
    quote = session.scalar(select(Quote).where(Quote.order_id == order.id))
    return [
        *([_quoted(quote)] if quote else []),
        *_charged(order, lines, supplements),
        *(_paid(payment) for payment in payments),
        *_refunded(refunds_of_order(session, order.id)),
        *_disputed(disputes_of_order(session, order.id)),
        *_forgiven(order, lines),
    ]


def _quoted(quote: Quote) -> Movement:
    price = Money(quote.price_minor or 0, quote.currency)
    return Movement(quote.answered_at or quote.requested_at, f"Quote {quote.number}: {price}", state="Quoted")


def _charged(order: Order, lines: Iterable[OrderLine], supplements: Iterable[Supplement]) -> Iterator[Movement]:
    paid_at = {one.id: one.ended_at for one in supplements if one.state is SupplementState.PAID}
    for line in lines:
        bought_at = paid_at.get(line.supplement_id or 0) or order.placed_at
        yield Movement(bought_at, line.name, url=f"#line-{line.id}", charged=line.amount)


def _paid(payment: Payment) -> Movement:
    words, tone = DISPOSITIONS[payment.disposition]
    fits = payment.disposition is Disposition.APPLIED
    what = f"Payment {payment.payment_intent_id}"
    at, url = payment.settled_at, f"#payment-{payment.id}"
    return Movement(at, what, url, received=payment.amount, state="" if fits else words, tone=tone)


def _refunded(refunds: Iterable[Refund]) -> Iterator[Movement]:
    for refund in refunds:
        gone = refund.state in ACCEPTED
        lines = total([Money(part.amount_minor, refund.currency) for part in refund.lines], refund.currency)
        yield Movement(
            refund.submitted_at or refund.requested_at,
            f"Refund: {refund.reason}" if gone else f"Refund of {refund.amount}: {refund.reason}",
            url_for("finance.refund_page", refund_id=refund.id),
            charged=-lines if gone and refund.lines else None,
            received=-refund.amount if gone else None,
            state="" if refund.state is RefundState.DONE and refund.is_allocated else _standing(refund),
            tone=TONES[refund.state] if refund.is_allocated else "attention",
        )


def _standing(refund: Refund) -> str:
    return WORDS[refund.state] if refund.is_allocated else "Lines not named yet"


def _disputed(disputes: Iterable[Dispute]) -> Iterator[Movement]:
    for dispute in disputes:
        url = f"{url_for('finance.dispute_list')}#dispute-{dispute.id}"
        reason = dispute.reason.replace("_", " ")
        if dispute.status in HELD:
            yield Movement(dispute.opened_at, f"Disputed at the bank: {reason}", url, received=-dispute.amount)
        else:
            yield Movement(dispute.opened_at, f"The bank asks: {reason}", url)
        yield from _decided(dispute, dispute.closed_at, url)


def _decided(dispute: Dispute, closed_at: datetime | None, url: str) -> Iterator[Movement]:
    if closed_at and dispute.status is DisputeStatus.WON:
        yield Movement(closed_at, "Dispute won: the money is back", url, received=dispute.amount)
    elif closed_at and dispute.status is DisputeStatus.LOST:
        yield Movement(closed_at, "Dispute lost: the bank keeps it", url, state="Lost", tone="problem")


def _forgiven(order: Order, lines: Iterable[OrderLine]) -> Iterator[Movement]:
    # What was never paid is owed no longer once the order has ended.
    if order.state is OrderState.CANCELLED and order.paid_at is None:
        charged = total([line.amount for line in lines], order.currency)
        yield Movement(order.state_since_at, "Cancelled before it was paid", charged=-charged)
