"""The receipt: each payment of an order with the lines that it paid, and what of it went back since. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from migrator.clock.wording import place_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import given, moment, priced
from migrator.money import Money, total
from migrator.orders.models import Order, OrderLine
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund

NO_NUMBERS: Mapping[int, str] = {}
UNNAMED = "Money that we gave back"


def receipt(
    order: Order,
    lines: Sequence[OrderLine],
    payments: Sequence[Payment],
    numbers: Mapping[int, str] = NO_NUMBERS,
    refunds: Sequence[Refund] = (),
    notes: Mapping[int, str] = NO_NUMBERS,
) -> Sheet:
    """This will tell what was paid and for what, and what has gone back of it up to now.

    :param order: with its people and calendar
    :param lines: all of the order's
    :param payments: those that paid the order and its supplements, the earliest first, with attempts and supplements
    :param numbers: of the receipts that were issued, by payment; older payments may have none
    :param refunds: of those payments that the provider has taken on, the earliest first, with lines and order lines
    :param notes: the numbers of their credit notes, by refund
    """
    zone = order.calendar_row.zone
    received = total([payment.amount for payment in payments], order.currency)
    return Sheet(
        title="Receipt",
        number=order.number,
        made_at=max([payments[-1].settled_at, *(_went_at(refund) for refund in refunds)]),
        zone=zone,
        facts={
            "lead": _lead(order, received, refunds),
            "rows": [
                ("For", order.organisation.name),
                ("Ordered by", order.placed_by.display_name),
                ("Order", f"{order.number}, {order.terms.product_name}"),
            ],
            "payments": [_paid(payment, lines, zone, numbers.get(payment.id, "")) for payment in payments],
            "refunds": [_gone_back(refund, zone, notes.get(refund.id, "")) for refund in refunds],
        },
    )


def _lead(order: Order, received: Money, refunds: Sequence[Refund]) -> str:
    said = f"Migrator has received {received} from {order.organisation.name}."
    back = total([refund.amount for refund in refunds], order.currency)
    return f"{said} {back} of it went back." if refunds else said


def _gone_back(refund: Refund, zone: str, note: str) -> dict[str, Any]:
    when = f"{moment(_went_at(refund), zone)} {place_text(zone)}"
    parts = [(part.order_line.name, str(Money(part.amount_minor, refund.currency))) for part in refund.lines]
    return {
        "title": "Given back" if refund.state is RefundState.DONE else "On its way back",
        "rows": given(
            (
                ("Credit note", note),
                ("Sent back", f"{when}, to {refund.card or 'the card that was paid with'}"),
                ("Why", refund.reason),
                ("Refund reference", refund.provider_id),
            )
        ),
        "lines": parts or [(UNNAMED, str(refund.amount))],
        "total": str(refund.amount),
    }


def _went_at(refund: Refund) -> datetime:
    return refund.ended_at or refund.submitted_at or refund.requested_at


def _paid(payment: Payment, lines: Sequence[OrderLine], zone: str, number: str) -> dict[str, Any]:
    supplement = payment.attempt.supplement
    supplement_id = supplement.id if supplement else None
    return {
        "title": supplement.title if supplement else "The order",
        "rows": given(
            (
                ("Receipt number", number),
                ("Paid", f"{moment(payment.settled_at, zone)} {place_text(zone)}, by card"),
                ("Payment reference", payment.payment_intent_id),
            )
        ),
        "lines": priced(line for line in lines if line.supplement_id == supplement_id),
        "total": str(payment.amount),
    }
