"""Finance ends money that does not fit an order: it goes back as proposed, or it stays for a reason (rule 5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.operations import hold
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.journeys.request_refund import Wish, request_refund
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.payments.lifecycle import Resolution
from migrator.payments.models import PaymentException
from migrator.payments.operations import resolve
from migrator.payments.queries import exception_for_staff
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import standing_of
from migrator.payments.refunds.rules import NotWaiting, reason_for_refund

DECIDED = "This was decided already. Look at where it stands."


def refund_exception(
    session: Session, exception_id: int, *, person: Person, limit: Money | None, now: datetime
) -> Refund:
    """This will ask for the refund of money that does not fit, of all that is left of it, once.

    The exception ends when the provider has given it back.

    :raises NotWaiting: when it was decided already
    :raises RefundsWait: while a dispute is open; :raises NothingToRefund: when nothing is left
    """
    order, exception = _held(session, exception_id)
    left = standing_of(session, exception.payment).refundable
    wish = Wish(reason=exception.words, token=f"exception-{exception.id}-{left.minor_units}", amounts={}, whole=left)
    return request_refund(session, order, exception.payment_id, wish, person=person, limit=limit, now=now)


def waive_exception(
    session: Session, exception_id: int, *, reason: str, person: Person, now: datetime
) -> PaymentException:
    """This will let money that does not fit stay with us, for a reason, such as an agreement with the customer.

    :raises NotWaiting: when it was decided already; :raises RefundReasonMissing: without a reason
    """
    why = reason_for_refund(reason)
    order, exception = _held(session, exception_id)
    resolve(session, exception, Resolution.WAIVED, by_id=person.id, now=now, reason=why)
    record(
        session,
        "payment.exception_waived",
        subject="payment",
        key=exception.payment_id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=why,
        facts={"code": exception.code.value, "amount_minor": exception.proposed_refund_minor},
    )
    return exception


def _held(session: Session, exception_id: int) -> tuple[Order, PaymentException]:
    exception = exception_for_staff(session, exception_id)
    order = order_with_id(session, exception.order_id)
    hold(session, order)
    session.refresh(exception, ["resolved_at", "resolution"])
    if exception.resolved_at is not None:
        raise NotWaiting(DECIDED)
    return order, exception
