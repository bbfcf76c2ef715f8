"""Decisions on money that comes in. Pure."""

from __future__ import annotations

from migrator.errors import DomainError
from migrator.money import Money
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.payments.lifecycle import UNSETTLED, AttemptState, Disposition

# Each names a checkout, and after each a checkout may stand differently. Others are kept and not looked at.
TELLING = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.expired",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "payment_intent.payment_failed",
    }
)
# Each names a payment whose refunds or disputes may have moved.
REVERSING = frozenset(
    {
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refunded",
        "charge.refund.updated",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    }
)
EXCEPTION_WORDS = {
    Disposition.PAID_LATE: "Paid after the attempt or the offer had ended.",
    Disposition.PAID_TWICE: "Paid although it was paid already.",
    Disposition.PAID_AFTER_CANCEL: "Paid although the order was cancelled.",
    Disposition.AMOUNT_MISMATCH: "The amount or currency paid is not the one asked for.",
}


class TooSmallToCharge(DomainError):
    """The total is below what the payment provider takes."""


def refuse_below_minimum(amount: Money, minimum: Money) -> None:
    """This will refuse a total that the provider would not charge (PAYMENTS, rule 8).

    :raises TooSmallToCharge: naming the minimum
    """
    if amount < minimum:
        raise TooSmallToCharge(f"Cards are charged from {minimum} on; this order is {amount}. Please write to us.")


def disposition_of(state: OrderState, attempt: AttemptState, *, paid: Money, total: Money) -> Disposition:
    """This will decide what a payment does: it pays its order, or it is money that does not fit (PAYMENTS, rule 5)."""
    if state is OrderState.CANCELLED:
        return Disposition.PAID_AFTER_CANCEL
    if state is not OrderState.AWAITING_PAYMENT:
        return Disposition.PAID_TWICE
    if attempt not in UNSETTLED:
        return Disposition.PAID_LATE
    return Disposition.APPLIED if paid == total else Disposition.AMOUNT_MISMATCH


def disposition_of_supplement(
    state: SupplementState, attempt: AttemptState, *, order: OrderState, fits: bool, paid: Money, price: Money
) -> Disposition:
    """This will decide what the payment of a supplement does: it applies, or it is money that does not fit.

    :param fits: whether the order can still take it: what belongs before the full migration comes too late after it
    """
    if order is OrderState.CANCELLED:
        return Disposition.PAID_AFTER_CANCEL
    if state is SupplementState.PAID:
        return Disposition.PAID_TWICE
    if state is not SupplementState.OFFERED or attempt not in UNSETTLED or not fits:
        return Disposition.PAID_LATE
    return Disposition.APPLIED if paid == price else Disposition.AMOUNT_MISMATCH
