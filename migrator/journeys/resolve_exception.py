"""Finance ends money that does not fit an order: it goes back as proposed, or it stays for a reason (rule 5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.finance.reconciliation.rules import needs_second_person
from migrator.fulfilment.operations import hold
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.journeys.request_refund import Wish, request_refund
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.payments.lifecycle import Resolution
from migrator.payments.models import PaymentException
from migrator.payments.operations import agree_to_waive, ask_to_waive, forget_waiver, resolve
from migrator.payments.queries import exception_for_staff
from migrator.payments.refunds.lifecycle import LIVE
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import refunds_of_payment, standing_of
from migrator.payments.refunds.rules import NotTheSecondPerson, NotWaiting, reason_for_refund

DECIDED = "This was decided already. Look at where it stands."
GOES_BACK = "A refund of it is under way. Look at where that stands."
ASKED = "Somebody wants it to stay already. A second person agrees, or puts that away."


class NobodyAsked(DomainError):
    """Nobody wants the money to stay, so there is nothing to agree to."""


def refund_exception(
    session: Session, exception_id: int, *, person: Person, limit: Money | None, now: datetime
) -> Refund:
    """This will ask for the refund of money that does not fit, of all that is left of it, once.

    The exception ends when the provider has given it back; that somebody wants it to stay is put away.

    :raises NotWaiting: when it was decided already
    :raises RefundsWait: while a dispute is open; :raises NothingToRefund: when nothing is left
    """
    order, exception = _held(session, exception_id)
    if exception.waiver_asked_by_id is not None:
        forget_waiver(session, exception)
    left = standing_of(session, exception.payment).refundable
    wish = Wish(reason=exception.words, token=f"exception-{exception.id}-{left.minor_units}", amounts={}, whole=left)
    return request_refund(session, order, exception.payment_id, wish, person=person, limit=limit, now=now)


def waive_exception(
    session: Session, exception_id: int, *, reason: str, person: Person, limit_minor: int, now: datetime
) -> bool:
    """This will let money that does not fit stay with us, for a reason, such as an agreement with the customer.

    :param limit_minor: up to it one person decides; above it a second one has to agree, as for all that does not fit
    :returns: whether that counts already
    :raises NotWaiting: when it was decided already, waits for a second person, or goes back
    :raises RefundReasonMissing: without a reason
    """
    why = reason_for_refund(reason)
    order, exception = _held(session, exception_id)
    if exception.waiver_asked_by_id is not None:
        raise NotWaiting(ASKED)
    if any(refund.state in LIVE for refund in refunds_of_payment(session, exception.payment_id)):
        raise NotWaiting(GOES_BACK)
    if needs_second_person(exception.proposed_refund_minor, limit_minor):
        ask_to_waive(session, exception, by_id=person.id, reason=why)
        _record(session, "payment.waiver_asked", order, exception, person=person, now=now)
        return False
    resolve(session, exception, Resolution.WAIVED, by_id=person.id, now=now, reason=why)
    _record(session, "payment.exception_waived", order, exception, person=person, now=now)
    return True


def agree_waiver(session: Session, exception_id: int, *, person: Person, now: datetime) -> None:
    """This will let money stay that somebody else wants to stay.

    :raises NobodyAsked: where nobody does
    :raises NotTheSecondPerson: for who asked; the database refuses that too
    :raises NotWaiting: when it was decided already
    """
    order, exception = _asked(session, exception_id)
    if exception.waiver_asked_by_id == person.id:
        raise NotTheSecondPerson("You decided this yourself. Somebody else from finance has to agree.")
    agree_to_waive(session, exception, by_id=person.id, now=now)
    _record(session, "payment.exception_waived", order, exception, person=person, now=now)


def put_waiver_away(session: Session, exception_id: int, *, person: Person, now: datetime) -> None:
    """This will put away that somebody wants money to stay; it waits for a decision again.

    :raises NobodyAsked: where nobody does
    :raises NotWaiting: when it was decided already
    """
    order, exception = _asked(session, exception_id)
    _record(session, "payment.waiver_put_away", order, exception, person=person, now=now)
    forget_waiver(session, exception)


def _asked(session: Session, exception_id: int) -> tuple[Order, PaymentException]:
    order, exception = _held(session, exception_id)
    if exception.waiver_asked_by_id is None:
        raise NobodyAsked("Nobody wants this money to stay now. Look at where it stands.")
    return order, exception


def _held(session: Session, exception_id: int) -> tuple[Order, PaymentException]:
    exception = exception_for_staff(session, exception_id)
    order = order_with_id(session, exception.order_id)
    hold(session, order)
    session.refresh(exception, ["resolved_at", "resolution", "waiver_asked_by_id", "reason"])
    if exception.resolved_at is not None:
        raise NotWaiting(DECIDED)
    return order, exception


def _record(
    session: Session, verb: str, order: Order, exception: PaymentException, *, person: Person, now: datetime
) -> None:
    record(
        session,
        verb,
        subject="payment",
        key=exception.payment_id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=exception.reason,
        facts={"code": exception.code.value, "amount_minor": exception.proposed_refund_minor},
    )
