"""Questions about payments."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.history.actor import Role
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.payments.lifecycle import UNSETTLED, AttemptState, Disposition, EventState
from migrator.payments.models import Payment, PaymentAttempt, PaymentException, ProviderEvent

PAGE_LENGTH = 50
# By then the press of the button has its answer, or will never have one.
ANSWERED_WITHIN = timedelta(minutes=1)
# Longer numbers do not fit the column.
ATTEMPT_ID = re.compile("[0-9]{1,18}")
WITH_ATTEMPT = (
    joinedload(PaymentException.payment, innerjoin=True).joinedload(Payment.attempt, innerjoin=True),
    joinedload(PaymentException.waiver_asked_by),
)
WITH_WHAT_IT_IS_FOR = (joinedload(PaymentAttempt.order, innerjoin=True), joinedload(PaymentAttempt.supplement))


def unsettled_attempt(session: Session, order_id: int) -> PaymentAttempt | None:
    """This will return the order's one attempt that can still be paid, with what it is for, if there is one."""
    return session.scalar(
        select(PaymentAttempt)
        .where(PaymentAttempt.order_id == order_id, PaymentAttempt.state.in_(UNSETTLED))
        .options(*WITH_WHAT_IT_IS_FOR)
    )


def orders_being_paid(session: Session, order_ids: Collection[int]) -> frozenset[int]:
    """This will return which of the orders have an attempt of their own that can still be paid."""
    wanted = select(PaymentAttempt.order_id).where(
        PaymentAttempt.order_id.in_(order_ids),
        PaymentAttempt.supplement_id.is_(None),
        PaymentAttempt.state.in_(UNSETTLED),
    )
    return frozenset(session.scalars(wanted)) if order_ids else frozenset()


def latest_attempt(session: Session, order_id: int, supplement_id: int | None = None) -> PaymentAttempt | None:
    """This will return the last attempt to pay an order, or a supplement to it, whatever became of it."""
    same = (PaymentAttempt.order_id == order_id) & PaymentAttempt.supplement_id.is_not_distinct_from(supplement_id)
    return session.scalar(select(PaymentAttempt).where(same).order_by(PaymentAttempt.id.desc()).limit(1))


def attempt_behind(session: Session, session_id: str, attempt_id: str | None) -> PaymentAttempt | None:
    """This will return the attempt of a checkout: by the provider's id, or by ours where that answer was lost."""
    known = session.scalar(select(PaymentAttempt).where(PaymentAttempt.session_id == session_id))
    ours = attempt_named(session, attempt_id or "") if known is None else None
    # Between the two questions another tab may have written the provider's id down.
    return known or (ours if ours and ours.session_id in {None, session_id} else None)


def attempt_named(session: Session, attempt_id: str) -> PaymentAttempt | None:
    """This will return the attempt whose number the provider repeats, or none where its words cannot be one."""
    return session.get(PaymentAttempt, int(attempt_id)) if ATTEMPT_ID.fullmatch(attempt_id) else None


def attempt_of_charge(session: Session, metadata: Mapping[str, str]) -> PaymentAttempt | None:
    """This will return the attempt that a charge names, or none where the charge is not one of ours."""
    attempt = attempt_named(session, metadata.get("attempt_id", ""))
    return attempt if attempt and attempt.order_number == metadata.get("order_number") else None


def attempt_with_order(session: Session, attempt_id: int) -> PaymentAttempt:
    """This will return an attempt that exists, with what it is for."""
    return session.get_one(PaymentAttempt, attempt_id, options=WITH_WHAT_IT_IS_FOR)


def unsettled_attempt_ids(session: Session) -> Sequence[int]:
    """This will return the attempts that are neither paid nor ended, those first whose time is over first."""
    return session.scalars(
        select(PaymentAttempt.id)
        .where(PaymentAttempt.state.in_(UNSETTLED))
        .order_by(PaymentAttempt.expires_at, PaymentAttempt.id)
    ).all()


def overdue_attempt_ids(session: Session, now: datetime) -> Sequence[int]:
    """This will return the unsettled attempts to look at now: begun and not opened, over, or not waited for."""
    begun_in_vain = (PaymentAttempt.state == AttemptState.PREPARED) & (
        PaymentAttempt.created_at < now - ANSWERED_WITHIN
    )
    order_waits = (Order.state == OrderState.AWAITING_PAYMENT) & (Order.total_minor == PaymentAttempt.amount_minor)
    offer_waits = (Supplement.state == SupplementState.OFFERED) & (
        Supplement.amount_minor == PaymentAttempt.amount_minor
    )
    is_waited_for = case((PaymentAttempt.supplement_id.is_(None), order_waits), else_=offer_waits)
    return session.scalars(
        select(PaymentAttempt.id)
        .join(PaymentAttempt.order)
        .outerjoin(PaymentAttempt.supplement)
        .where(PaymentAttempt.state.in_(UNSETTLED))
        .where(or_(begun_in_vain, PaymentAttempt.expires_at <= now, ~is_waited_for))
        .order_by(PaymentAttempt.expires_at, PaymentAttempt.id)
    ).all()


def waiting_event_ids(session: Session) -> Sequence[int]:
    """This will return the provider's events that are stored and not looked at yet, in the order they came."""
    return session.scalars(
        select(ProviderEvent.id)
        .where(ProviderEvent.state == EventState.STORED)
        .order_by(ProviderEvent.received_at, ProviderEvent.id)
    ).all()


def event_named(session: Session, event_id: str) -> ProviderEvent | None:
    """This will return the event with the provider's id, or none."""
    return session.scalar(select(ProviderEvent).where(ProviderEvent.event_id == event_id))


def payment_of(session: Session, attempt_id: int) -> Payment | None:
    """This will return the money that an attempt brought."""
    return session.scalar(select(Payment).where(Payment.attempt_id == attempt_id))


def payment_of_checkout(session: Session, session_id: str) -> Payment | None:
    """This will return the money that came by a checkout, or none."""
    return session.scalar(select(Payment).join(Payment.attempt).where(PaymentAttempt.session_id == session_id))


def attempt_by_checkout(session: Session, order_id: int, session_id: str) -> PaymentAttempt | None:
    """This will return the order's attempt behind a checkout, with what it is for, or none."""
    return session.scalar(
        select(PaymentAttempt)
        .where(PaymentAttempt.order_id == order_id, PaymentAttempt.session_id == session_id)
        .options(*WITH_WHAT_IT_IS_FOR)
    )


def applied_payments(session: Session, order_id: int) -> Sequence[Payment]:
    """This will return the payments that paid an order and the supplements to it, with their attempts, in order."""
    return session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id, Payment.disposition == Disposition.APPLIED)
        .order_by(Payment.id)
        .options(joinedload(Payment.attempt, innerjoin=True))
    ).all()


def is_being_paid(session: Session, supplement_id: int) -> bool:
    """This will tell whether a payment page for a supplement is open, or about to be."""
    unsettled = exists().where(PaymentAttempt.supplement_id == supplement_id, PaymentAttempt.state.in_(UNSETTLED))
    return bool(session.scalar(select(unsettled)))


def payments(session: Session, *, before_id: int | None = None) -> Sequence[Payment]:
    """This will return payments with their attempts, the newest first; one more than a page where there are more.

    :param before_id: the payment that the page before ended with
    """
    wanted = select(Payment).options(joinedload(Payment.attempt, innerjoin=True))
    if before_id is not None:
        wanted = wanted.where(Payment.id < before_id)
    return session.scalars(wanted.order_by(Payment.id.desc()).limit(PAGE_LENGTH + 1)).all()


def exception_for_staff(session: Session, exception_id: int) -> PaymentException:
    """This will return money that does not fit, with its payment and attempt, and with who wants it to stay.

    :raises NotFound: when there is none
    """
    found = session.get(PaymentException, exception_id, options=WITH_ATTEMPT)
    if found is None:
        raise NotFound("There is no such payment to decide about.")
    return found


def exceptions_of_payment(session: Session, payment_id: int) -> Sequence[PaymentException]:
    """This will return what is said against a payment, decided or not."""
    return session.scalars(select(PaymentException).where(PaymentException.payment_id == payment_id)).all()


def open_exceptions(session: Session) -> Sequence[PaymentException]:
    """This will return money that waits for a decision, the oldest first; one more than a page where there are more."""
    return session.scalars(
        select(PaymentException)
        .where(PaymentException.resolved_at.is_(None))
        .order_by(PaymentException.id)
        .limit(PAGE_LENGTH + 1)
        .options(*WITH_ATTEMPT)
    ).all()


def quarantined_events(session: Session) -> Sequence[ProviderEvent]:
    """This will return events that were set aside, the newest first; one more than a page where there are more."""
    return session.scalars(
        select(ProviderEvent)
        .where(ProviderEvent.state == EventState.QUARANTINED)
        .order_by(ProviderEvent.id.desc())
        .limit(PAGE_LENGTH + 1)
    ).all()


def finance_people(session: Session) -> Sequence[Person]:
    """This will return who decides about money that does not fit."""
    return session.scalars(select(Person).where(Person.role == Role.FINANCE, Person.active).order_by(Person.id)).all()
