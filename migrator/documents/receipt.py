"""The receipt: each payment of an order with the lines that it paid. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from migrator.clock.wording import place_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import given, moment, priced
from migrator.money import total
from migrator.orders.models import Order, OrderLine
from migrator.payments.models import Payment

NO_NUMBERS: Mapping[int, str] = {}


def receipt(
    order: Order,
    lines: Sequence[OrderLine],
    payments: Sequence[Payment],
    numbers: Mapping[int, str] = NO_NUMBERS,
) -> Sheet:
    """This will tell what was paid and for what.

    :param order: with its people and calendar
    :param lines: all of the order's
    :param payments: those that paid the order and its supplements, the earliest first, with attempts and supplements
    :param numbers: of the receipts that were issued, by payment; older payments may have none
    """
    zone = order.calendar_row.zone
    received = total([payment.amount for payment in payments], order.currency)
    return Sheet(
        title="Receipt",
        number=order.number,
        made_at=payments[-1].settled_at,
        zone=zone,
        facts={
            "lead": f"Migrator has received {received} from {order.organisation.name}.",
            "rows": [
                ("For", order.organisation.name),
                ("Ordered by", order.placed_by.display_name),
                ("Order", f"{order.number}, {order.terms.product_name}"),
            ],
            "payments": [_paid(payment, lines, zone, numbers.get(payment.id, "")) for payment in payments],
        },
    )


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
