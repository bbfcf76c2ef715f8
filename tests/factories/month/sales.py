"""One sale: our rows about it, and the movements that the provider would tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.windows.models import Window
from migrator.orders.models import Order, OrderLine
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment, PaymentAttempt, PaymentException
from migrator.payments.refunds.models import Refund

FEE_BP, FEE_FIXED, DISPUTE_FEE = 290, 30, 1_500


@dataclass(slots=True)
class Movement:
    """One movement of the balance as the provider tells it.

    :ivar is_paid_out: whether it goes into a payout of its week
    """

    id: str
    category: str
    gross_minor: int
    fee_minor: int
    currency: str
    created_at: datetime
    source_id: str = ""
    charge_id: str = ""
    payment_intent_id: str = ""
    order_number: str = ""
    customer_email: str = ""
    livemode: bool = False
    is_paid_out: bool = True
    payout_id: str = ""

    @property
    def net_minor(self) -> int:
        """What reached or left the balance."""
        return self.gross_minor - self.fee_minor


@dataclass(slots=True)
class PaidOut:
    """One payout as the provider tells it, and what the bank's statement shows of it."""

    id: str
    amount_minor: int
    currency: str
    created_at: datetime
    arrival_on: date
    at_bank_on: date | None
    at_bank_minor: int | None


@dataclass(slots=True)
class Sale:
    """One order from its price to its insurance.

    :ivar is_posted: whether the books know of its payment
    """

    number: int
    order: Order
    email: str
    lines: list[OrderLine]
    attempts: list[PaymentAttempt]
    payments: list[Payment]
    preview: Preview
    run: Run
    window: Window | None
    restarts: list[Run] = field(default_factory=list)
    refunds: list[tuple[Refund, list[tuple[OrderLine, int]]]] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    exceptions: list[PaymentException] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    is_posted: bool = True
    is_planted: bool = False

    @property
    def payment(self) -> Payment:
        """The payment that paid it."""
        return self.payments[0]

    @property
    def premium(self) -> OrderLine | None:
        """The insurance line, where there is one."""
        return next((line for line in self.lines if line.plan is not None), None)

    @property
    def charge(self) -> Movement:
        """The movement of its first charge."""
        return self.movements[0]

    def charged(self, payment: Payment, key: str) -> Movement:
        """This will add the movement by which a payment was taken."""
        movement = Movement(
            id=f"txn_{key}",
            category="charge",
            gross_minor=payment.amount_minor,
            fee_minor=fee_of(payment.amount_minor),
            currency=payment.currency,
            created_at=payment.captured_at + timedelta(seconds=3),
            source_id=payment.charge_id,
            charge_id=payment.charge_id,
            payment_intent_id=payment.payment_intent_id,
            order_number=self.order.number,
            customer_email=self.email,
        )
        self.movements.append(movement)
        return movement

    def moved(self, key: str, category: str, amount: int, *, source_id: str, at: datetime, fee: int = 0) -> Movement:
        """This will add another movement about the first payment."""
        movement = Movement(
            id=f"txn_{key}",
            category=category,
            gross_minor=amount,
            fee_minor=fee,
            currency=self.payment.currency,
            created_at=at,
            source_id=source_id,
            charge_id=self.payment.charge_id,
            payment_intent_id=self.payment.payment_intent_id,
        )
        self.movements.append(movement)
        return movement


def fee_of(amount_minor: int) -> int:
    """This will return the provider's fee for a charge, as the stand-in takes it."""
    return (amount_minor * FEE_BP + 5_000) // 10_000 + FEE_FIXED
