"""The second person decides on a refund: it is sent, or it is not (two people above a limit)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.operations import hold
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.operations import approve, end_refund
from migrator.payments.refunds.queries import refund_for_staff, standing_of
from migrator.payments.refunds.rules import (
    SUGGESTION_WORDS,
    NotWaiting,
    RefundsWait,
    SuggestionCode,
    reason_for_refund,
    refuse_same_person,
)

DECIDED = "This refund was decided already. Look at where it stands."


def approve_refund(session: Session, refund_id: int, *, person: Person, now: datetime) -> Refund:
    """This will approve a refund that waits, so that it is sent.

    :raises NotWaiting: when it was decided already
    :raises NotTheSecondPerson: for who asked for it; the database refuses that too
    :raises RefundsWait: while a dispute is open
    """
    order, refund = _held(session, refund_id)
    refuse_same_person(refund.requested_by_id, person.id)
    if standing_of(session, refund.payment).is_held:
        raise RefundsWait(SUGGESTION_WORDS[SuggestionCode.DISPUTED])
    approve(session, refund, person=person, now=now)
    _record(session, "refund.approved", order, refund, person=person, now=now)
    return refund


def decline_refund(session: Session, refund_id: int, *, reason: str, person: Person, now: datetime) -> Refund:
    """This will end a refund that waits, unsent: declined by a second person, or taken back by the first.

    :raises NotWaiting: when it was decided already
    :raises RefundReasonMissing: without a reason
    """
    why = reason_for_refund(reason)
    order, refund = _held(session, refund_id)
    end_refund(session, refund, RefundState.CANCELLED, failure=why, now=now)
    _record(session, "refund.declined", order, refund, person=person, now=now, reason=why)
    if refund.requested_by is not None and refund.requested_by.id != person.id:
        owe(
            session,
            kind="refund_declined",
            cause=f"refund:{refund.id}",
            recipient=refund.requested_by,
            order_id=order.id,
            context={"order": order, "refund": refund, "person": person},
            now=now,
        )
    return refund


def _held(session: Session, refund_id: int) -> tuple[Order, Refund]:
    refund = refund_for_staff(session, refund_id)
    order = order_with_id(session, refund.order_id)
    hold(session, order)
    session.refresh(refund, ["state", "version"])
    if refund.state is not RefundState.AWAITING_APPROVAL:
        raise NotWaiting(DECIDED)
    return order, refund


def _record(
    session: Session, verb: str, order: Order, refund: Refund, *, person: Person, now: datetime, reason: str = ""
) -> None:
    record(
        session,
        verb,
        subject="refund",
        key=refund.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        reason=reason,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
