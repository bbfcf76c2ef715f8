"""What money does when it comes."""

from __future__ import annotations

import pytest

from migrator.money import Money
from migrator.orders.lifecycle import OrderState
from migrator.payments.lifecycle import AttemptState, Disposition
from migrator.payments.rules import EXCEPTION_WORDS, TooSmallToCharge, disposition_of, refuse_below_minimum

PRICE = Money(26_643)


@pytest.mark.parametrize(
    ("state", "attempt", "paid", "expected"),
    [
        (OrderState.AWAITING_PAYMENT, AttemptState.OPEN, PRICE, Disposition.APPLIED),
        (OrderState.AWAITING_PAYMENT, AttemptState.PREPARED, PRICE, Disposition.APPLIED),
        (OrderState.AWAITING_PAYMENT, AttemptState.OPEN, Money(26_642), Disposition.AMOUNT_MISMATCH),
        (OrderState.AWAITING_PAYMENT, AttemptState.OPEN, Money(26_643, "EUR"), Disposition.AMOUNT_MISMATCH),
        (OrderState.AWAITING_PAYMENT, AttemptState.EXPIRED, PRICE, Disposition.PAID_LATE),
        (OrderState.AWAITING_PAYMENT, AttemptState.FAILED, PRICE, Disposition.PAID_LATE),
        (OrderState.CANCELLED, AttemptState.OPEN, PRICE, Disposition.PAID_AFTER_CANCEL),
        (OrderState.AWAITING_ACCESS, AttemptState.OPEN, PRICE, Disposition.PAID_TWICE),
        (OrderState.COMPLETED, AttemptState.EXPIRED, PRICE, Disposition.PAID_TWICE),
    ],
)
def test_money_pays_its_order_or_is_kept_as_what_it_is(
    state: OrderState, attempt: AttemptState, paid: Money, expected: Disposition
) -> None:
    assert disposition_of(state, attempt, paid=paid, total=PRICE) is expected


def test_everything_that_does_not_fit_has_its_words() -> None:
    assert set(EXCEPTION_WORDS) == set(Disposition) - {Disposition.APPLIED}


def test_the_minimum_itself_can_be_charged() -> None:
    refuse_below_minimum(Money(50), Money(50))
    with pytest.raises(TooSmallToCharge, match=r"from \$0.50 on; this order is \$0.49"):
        refuse_below_minimum(Money(49), Money(50))
