"""Asking for a refund: the rule proposes, a person decides, a second one where it is much (RULES X-12, X-13, C-086).

A door wakes the worker after the commit; `jobs/refunds.py` makes the call (PAYMENTS, rule 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.fulfilment.operations import hold
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.money import Money
from migrator.nonprofit.queries import was_approved_after
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.orders.queries import lines_of
from migrator.payments.models import Payment
from migrator.payments.queries import finance_people
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.operations import add_request
from migrator.payments.refunds.queries import given_alone, payments_of_order, refund_with_key, standing_of
from migrator.payments.refunds.rules import (
    PaymentStanding,
    RefundFacts,
    RefundsMovedOn,
    Suggestion,
    amount_to_refund,
    needs_second_person,
    reason_for_refund,
    suggestion,
)

NO_SUCH_PAYMENT = "There is no such payment of this order."
MOVED_ON = "Somebody changed the refunds of this payment meanwhile. Look at what is left now."


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to give back.

    :ivar amounts: by order line; empty for money that fits no order
    :ivar whole: of money that fits no order; none otherwise
    :ivar expected: what the form said could still go back; none where no form was open
    :ivar token: of the form: a second press of its button is the first one
    """

    reason: str
    token: str
    amounts: Mapping[int, Money]
    whole: Money | None = None
    expected: Money | None = None


def refund_facts(session: Session, order: Order) -> RefundFacts:
    """This will return what the proposal for an order's payments depends on beside them (RULES C-086, X-12)."""
    lines = lines_of(session, order)
    is_discounted = any(line.discount_bp for line in lines)
    paid_at = order.paid_at
    return RefundFacts(
        has_started=full_run_of(session, order.id) is not None,
        joined_later=(
            paid_at is not None and not is_discounted and was_approved_after(session, order.organisation_id, paid_at)
        ),
    )


def proposal(session: Session, order: Order, standing: PaymentStanding) -> Suggestion:
    """This will propose what to give back of a payment, with the reason."""
    return suggestion(standing, refund_facts(session, order))


def request_refund(
    session: Session, order: Order, payment_id: int, wish: Wish, *, person: Person, limit: Money | None, now: datetime
) -> Refund:
    """This will ask for a refund, once for each token: to be sent at once, or after a second person's approval.

    :param order: with its people and calendar
    :param limit: up to it one person suffices, for this order's currency
    :raises NotFound: when the order has no such payment
    :raises RefundReasonMissing: without a reason
    :raises RefundsMovedOn: when less or more is left than the form said
    :raises RefundsWait: while a dispute is open; :raises NothingToRefund: without an amount
    :raises RefundTooLarge: beyond what is left
    """
    reason = reason_for_refund(wish.reason)
    hold(session, order)
    payment = payment_of_order(session, order, payment_id)
    key = f"{order.number}-refund-{wish.token}"
    if (first := refund_with_key(session, key)) is not None:
        return first
    standing = standing_of(session, payment)
    if wish.expected is not None and wish.expected != standing.refundable:
        raise RefundsMovedOn(MOVED_ON)
    amount = amount_to_refund(standing, wish.amounts, wish.whole)
    needs_two = needs_second_person(amount, given_alone=given_alone(session, order.id, amount.currency), limit=limit)
    refund = add_request(
        session,
        payment,
        amount=amount,
        amounts=wish.amounts,
        reason=reason,
        key=key,
        person=person,
        state=RefundState.AWAITING_APPROVAL if needs_two else RefundState.REQUESTED,
        now=now,
    )
    _record(session, order, refund, person=person, now=now)
    if needs_two:
        ask_for_approval(session, order, refund, person=person, now=now)
    return refund


def payment_of_order(session: Session, order: Order, payment_id: int) -> Payment:
    """This will return a payment of an order, with its attempt.

    :raises NotFound: when it has none such
    """
    found = next((one for one in payments_of_order(session, order.id) if one.id == payment_id), None)
    if found is None:
        raise NotFound(NO_SUCH_PAYMENT)
    return found


def ask_for_approval(session: Session, order: Order, refund: Refund, *, person: Person, now: datetime) -> None:
    """This will write to everybody in finance who may be the second person."""
    context = {"order": order, "refund": refund, "person": person}
    for other in finance_people(session):
        if other.id != person.id:
            owe(
                session,
                kind="refund_awaiting",
                cause=f"refund:{refund.id}",
                recipient=other,
                order_id=order.id,
                context=context,
                now=now,
            )


def _record(session: Session, order: Order, refund: Refund, *, person: Person, now: datetime) -> None:
    record(
        session,
        "refund.requested",
        subject="refund",
        key=refund.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=refund.reason,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency, "state": refund.state.value},
    )
