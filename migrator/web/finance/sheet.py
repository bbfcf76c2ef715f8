"""An order's money sheet: one running balance, and what is left of each payment, with the way to give it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.journeys.cancel_order import why_not_cancellable
from migrator.money import Money
from migrator.orders.lifecycle import ENDED, WORDS
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.payments.models import Payment, PaymentException
from migrator.payments.queries import exceptions_of_payment
from migrator.payments.refunds.queries import payments_of_order, standings_of
from migrator.payments.refunds.rules import PaymentStanding
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.refunds import MONEY
from migrator.web.finance.sheet_movements import movements_of_order
from migrator.web.finance.showing import moment
from migrator.web.finance.statement import StatementRow, statement
from migrator.web.payments.desk import DISPOSITIONS
from migrator.web.request import person


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """One payment and what is left of it.

    :ivar open_exception_id: of money that does not fit and waits for a decision; none otherwise
    """

    payment_id: int
    at_text: str
    reference: str
    words: str
    tone: str
    standing: PaymentStanding
    open_exception_id: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the page shows.

    :ivar desk_link: whether the reader may open the order's workbench
    :ivar may_cancel: whether the order can be cancelled with all its money now
    """

    number: str
    customer: str
    product: str
    state: str
    rows: tuple[tuple[StatementRow, str], ...]
    owed: Money
    payments: tuple[PaymentPart, ...]
    desk_link: bool
    may_cancel: bool


@pages.get("/finance/orders/<number>")
@open_to(*MONEY)
def sheet(number: str) -> str:
    """This will show the money of one order."""
    with reading() as session:
        page = _sheet(session, order_for_staff(session, number))
    return render_template("finance/sheet.html", page=page)


def _sheet(session: Session, order: Order) -> Sheet:
    payments = payments_of_order(session, order.id)
    rows = statement(movements_of_order(session, order, payments), order.currency)
    standings = standings_of(session, order.id, payments)
    return Sheet(
        number=order.number,
        customer=order.organisation.name,
        product=order.terms.product_name,
        state=WORDS[order.state],
        rows=tuple((row, moment(row.movement.at)) for row in rows),
        owed=rows[-1].owed if rows else Money(0, order.currency),
        payments=tuple(
            _part(payment, standing, exceptions_of_payment(session, payment.id))
            for payment, standing in zip(payments, standings, strict=True)
        ),
        desk_link=person().role is Role.ADMINISTRATOR,
        may_cancel=bool(payments) and order.state not in ENDED and not why_not_cancellable(session, order),
    )


def _part(payment: Payment, standing: PaymentStanding, exceptions: Sequence[PaymentException]) -> PaymentPart:
    words, tone = DISPOSITIONS[payment.disposition]
    return PaymentPart(
        payment_id=payment.id,
        at_text=moment(payment.settled_at),
        reference=payment.payment_intent_id,
        words=words,
        tone=tone,
        standing=standing,
        open_exception_id=next((one.id for one in exceptions if one.resolved_at is None), None),
    )
