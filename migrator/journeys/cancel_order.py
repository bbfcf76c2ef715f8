"""A paid order ends before its full migration, and its money goes back (RULES X-12, C-082, C-086)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.operations import destroy_all
from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date, end_pause, hold
from migrator.fulfilment.queries import open_pauses, pauses_of
from migrator.fulfilment.runs.queries import runs_of
from migrator.history.actor import SYSTEM, Actor
from migrator.journeys.end_supplement import drop
from migrator.journeys.request_refund import Wish, refund_facts, request_refund
from migrator.money import Money, total
from migrator.orders.lifecycle import OrderEvent, SupplementState, allows
from migrator.orders.models import Order
from migrator.orders.operations import cancel_paid
from migrator.orders.supplement_queries import open_supplements_of
from migrator.payments.lifecycle import Disposition
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import is_all_given_back, payments_of_order, standings_of
from migrator.payments.refunds.rules import (
    SHOWN_WITHIN,
    PaymentStanding,
    SuggestionCode,
    reason_for_refund,
    suggestion,
)

GIVEN_BACK = "All of it was given back before the full migration started"
DESTROYED = "destroyed because the order was cancelled"
STARTED = "The full migration has started, so this order cannot be cancelled. Finance may give back what is right."
ENDED = "This order has ended already, or was never paid. Look at what it says now."


class NotCancellable(DomainError):
    """The order cannot be cancelled now; the message says why."""


def why_not_cancellable(session: Session, order: Order) -> str:
    """This will say why a paid order cannot be cancelled with all its money now; empty where it can."""
    if runs_of(session, order.id):
        return STARTED
    if not allows(order.state, OrderEvent.CANCEL_PAID):
        return ENDED
    facts = refund_facts(session, order)
    for standing in _paid_for(session, order):
        proposed = suggestion(standing, facts)
        if proposed.code not in {SuggestionCode.NOT_STARTED, SuggestionCode.NOTHING_LEFT}:
            return proposed.words
    return ""


def cancel_order(
    session: Session, order: Order, *, reason: str, token: str, person: Person, limit: Money | None, now: datetime
) -> tuple[Refund, ...]:
    """This will cancel a paid order before its full migration, and ask for the refund of all that was paid for it.

    Work stops at once, also where the refund waits for a second person.

    :param order: with its people and calendar
    :raises NotCancellable: after the start, or where its money may not go back now
    :raises RefundReasonMissing: without a reason, which the customer reads
    """
    why = reason_for_refund(reason)
    hold(session, order)
    if words := why_not_cancellable(session, order):
        raise NotCancellable(words)
    refunds = tuple(
        request_refund(
            session,
            order,
            standing.payment_id,
            Wish(why, f"{token}-{standing.payment_id}", {line.line_id: line.refundable for line in standing.lines}),
            person=person,
            limit=limit,
            now=now,
        )
        for standing in _paid_for(session, order)
        if standing.refundable.minor_units
    )
    _end(session, order, reason=why, actor=person.actor, now=now)
    _tell(session, order, refunds, reason=why, now=now)
    return refunds


def refundable_of(session: Session, order: Order) -> Money:
    """This will add up what can still go back of all that was paid for an order."""
    return total([standing.refundable for standing in _paid_for(session, order)], order.currency)


def end_if_given_back(session: Session, order: Order, *, now: datetime) -> bool:
    """This will cancel an order of which nothing is left before its full migration, and say whether it did.

    :param order: held
    """
    if not allows(order.state, OrderEvent.CANCEL_PAID) or runs_of(session, order.id):
        return False
    if not is_all_given_back(session, order.id):
        return False
    _end(session, order, reason=GIVEN_BACK, actor=SYSTEM, now=now)
    _tell(session, order, (), reason=GIVEN_BACK, now=now)
    return True


def _paid_for(session: Session, order: Order) -> tuple[PaymentStanding, ...]:
    payments = [one for one in payments_of_order(session, order.id) if one.disposition is Disposition.APPLIED]
    return standings_of(session, order.id, payments)


def _end(session: Session, order: Order, *, reason: str, actor: Actor, now: datetime) -> None:
    for pause in open_pauses(pauses_of(session, order.id)):
        end_pause(session, pause, now=now)
    for supplement in open_supplements_of(session, order.id):
        drop(session, order, supplement, SupplementState.WITHDRAWN, now=now, actor=actor, reason=reason)
    cancel_paid(session, order, actor=actor, reason=reason, now=now)
    destroy_all(session, order, reason=DESTROYED, actor=actor, now=now, rule="C-082")
    bring_up_to_date(session, order)


def _tell(session: Session, order: Order, refunds: tuple[Refund, ...], *, reason: str, now: datetime) -> None:
    words = {
        "reason": reason,
        "back": total([refund.amount for refund in refunds], order.currency),
        "waits": any(refund.state is RefundState.AWAITING_APPROVAL for refund in refunds),
        "shown_within": SHOWN_WITHIN,
    }
    cause = f"order:{order.id}"
    tell_customer(session, order, "order_cancelled", cause=cause, now=now, words=words)
    tell_staff(session, order, "order_cancelled_staff", cause=cause, now=now, words=words)
