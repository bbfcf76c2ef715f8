"""Questions about refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from migrator.errors import NotFound
from migrator.money import Money, total
from migrator.orders.models import OrderLine
from migrator.payments.disputes.lifecycle import OPEN, TAKEN
from migrator.payments.disputes.models import Dispute
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import ACCEPTED, LIVE, RefundOrigin, RefundState
from migrator.payments.refunds.models import Refund, RefundLine
from migrator.payments.refunds.rules import LineStanding, PaymentStanding, disputed_by_line

PAGE_LENGTH = 50
NO_SUCH_REFUND = "There is no such refund."
WITH_PEOPLE = (
    joinedload(Refund.order, innerjoin=True),
    joinedload(Refund.payment, innerjoin=True).joinedload(Payment.attempt, innerjoin=True),
    joinedload(Refund.requested_by),
    joinedload(Refund.approved_by),
)
WITH_LINES = (selectinload(Refund.lines).joinedload(RefundLine.order_line, innerjoin=True),)


@dataclass(frozen=True, slots=True)
class Reversals:
    """All that took money of an order back.

    :ivar refunds: with their lines
    """

    refunds: tuple[Refund, ...]
    disputes: tuple[Dispute, ...]


def refund_for_staff(session: Session, refund_id: int) -> Refund:
    """This will return a refund with its order, payment, people and lines.

    :raises NotFound: when there is none
    """
    found = session.scalar(select(Refund).where(Refund.id == refund_id).options(*WITH_PEOPLE, *WITH_LINES))
    if found is None:
        raise NotFound(NO_SUCH_REFUND)
    return found


def refund_with_key(session: Session, key: str) -> Refund | None:
    """This will return the refund that was asked for under a key, or none."""
    return session.scalar(select(Refund).where(Refund.idempotency_key == key))


def refund_named(session: Session, provider_id: str) -> Refund | None:
    """This will return the refund with the provider's id, or none."""
    return session.scalar(select(Refund).where(Refund.provider_id == provider_id))


def refund_known_as(session: Session, payment_id: int, *, provider_id: str, refund_id: str | None) -> Refund | None:
    """This will return a payment's refund by the provider's id, or by ours where the provider's answer was lost."""
    known = refund_named(session, provider_id)
    if known is not None or refund_id is None or not refund_id.isascii() or not refund_id.isdigit():
        return known
    return session.scalar(
        select(Refund).where(
            Refund.id == int(refund_id[:18]), Refund.payment_id == payment_id, Refund.provider_id.is_(None)
        )
    )


def refunds_of_payment(session: Session, payment_id: int) -> Sequence[Refund]:
    """This will return all refunds of a payment, the earliest first, as the database has them now."""
    wanted = select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def refunds_of_order(session: Session, order_id: int) -> Sequence[Refund]:
    """This will return all refunds of an order with their lines and people, the earliest first."""
    wanted = select(Refund).where(Refund.order_id == order_id).order_by(Refund.id)
    return session.scalars(wanted.options(*WITH_PEOPLE, *WITH_LINES)).all()


def refunds_told(session: Session, order_id: int) -> Sequence[Refund]:
    """This will return the refunds that the customer of an order was told of, the earliest first."""
    at_provider = Refund.state.in_(ACCEPTED | {RefundState.FAILED}) & Refund.provider_id.is_not(None)
    return session.scalars(select(Refund).where(Refund.order_id == order_id, at_provider).order_by(Refund.id)).all()


def payment_with_intent(session: Session, payment_intent_id: str) -> Payment | None:
    """This will return the payment that the provider knows by its id, with its attempt, or none."""
    wanted = select(Payment).where(Payment.payment_intent_id == payment_intent_id)
    return session.scalar(wanted.options(joinedload(Payment.attempt, innerjoin=True)))


def payments_of_order(session: Session, order_id: int) -> Sequence[Payment]:
    """This will return all payments of an order with their attempts, the earliest first."""
    wanted = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)
    return session.scalars(wanted.options(joinedload(Payment.attempt, innerjoin=True))).all()


def standing_of(session: Session, payment: Payment) -> PaymentStanding:
    """This will return what became of a payment.

    :param payment: with its attempt; its order held where something is decided upon the answer
    """
    return standings_of(session, payment.order_id, [payment])[0]


def standings_of(session: Session, order_id: int, payments: Sequence[Payment]) -> tuple[PaymentStanding, ...]:
    """This will return what became of some payments of one order, in three queries."""
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.id)).all()
    reversals = reversals_of(session, order_id)
    return tuple(_standing(payment, lines, reversals) for payment in payments)


def reversals_of(session: Session, order_id: int) -> Reversals:
    """This will return all refunds of an order with their lines, and all disputes, the earliest first."""
    refunds = select(Refund).where(Refund.order_id == order_id).order_by(Refund.id).options(selectinload(Refund.lines))
    disputes = select(Dispute).where(Dispute.order_id == order_id).order_by(Dispute.id)
    fresh = {"populate_existing": True}
    return Reversals(
        tuple(session.scalars(refunds.execution_options(**fresh))),
        tuple(session.scalars(disputes.execution_options(**fresh))),
    )


def given_alone(session: Session, order_id: int, currency: str) -> Money:
    """This will add up what single people of our desk gave back of an order, or are giving."""
    alone = select(func.sum(Refund.amount_minor)).where(
        Refund.order_id == order_id,
        Refund.currency == currency,
        Refund.origin == RefundOrigin.DESK,
        Refund.approved_by_id.is_(None),
        Refund.state.in_(LIVE - {RefundState.AWAITING_APPROVAL}),
    )
    return Money(int(session.scalar(alone) or 0), currency)


def is_all_given_back(session: Session, order_id: int) -> bool:
    """This will tell whether the provider has given back all that was paid for an order and its supplements."""
    ours = (Payment.order_id == order_id) & (Payment.disposition == Disposition.APPLIED)
    captured = select(func.sum(Payment.amount_minor)).where(ours).scalar_subquery()
    back = (
        select(func.sum(Refund.amount_minor))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(ours, Refund.state.in_(ACCEPTED))
        .scalar_subquery()
    )
    return bool(session.scalar(select(func.coalesce(captured == back, False))))


def unsent_refund_ids(session: Session) -> Sequence[int]:
    """This will return the refunds that the provider is to be asked for, the earliest first."""
    wanted = select(Refund.id).where(Refund.state == RefundState.REQUESTED).order_by(Refund.id)
    return session.scalars(wanted).all()


def pending_intents(session: Session) -> Sequence[str]:
    """This will return the provider's payments whose refunds are on their way, the earliest first."""
    return session.scalars(
        select(Payment.payment_intent_id)
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Refund.state == RefundState.PENDING)
        .order_by(Refund.id)
    ).all()


def refunds_awaiting(session: Session) -> Sequence[Refund]:
    """This will return what waits for a second person, the oldest first; one more than a page where there are more."""
    wanted = select(Refund).where(Refund.state == RefundState.AWAITING_APPROVAL).order_by(Refund.id)
    return session.scalars(wanted.limit(PAGE_LENGTH + 1).options(*WITH_PEOPLE)).all()


def refunds_unallocated(session: Session) -> Sequence[Refund]:
    """This will return refunds that name no lines yet, the oldest first; one more than a page where there are more."""
    wanted = select(Refund).where(~Refund.is_allocated).order_by(Refund.id)
    return session.scalars(wanted.limit(PAGE_LENGTH + 1).options(*WITH_PEOPLE)).all()


def refunds(session: Session, *, state: RefundState | None = None, before_id: int | None = None) -> Sequence[Refund]:
    """This will return refunds, the newest first; one more than a page where there are more.

    :param before_id: the refund that the page before ended with
    """
    wanted = select(Refund).options(*WITH_PEOPLE)
    if state is not None:
        wanted = wanted.where(Refund.state == state)
    if before_id is not None:
        wanted = wanted.where(Refund.id < before_id)
    return session.scalars(wanted.order_by(Refund.id.desc()).limit(PAGE_LENGTH + 1)).all()


def _standing(payment: Payment, lines: Sequence[OrderLine], reversals: Reversals) -> PaymentStanding:
    refunds = [one for one in reversals.refunds if one.payment_id == payment.id and one.state in LIVE]
    disputes = [one for one in reversals.disputes if one.payment_id == payment.id]
    fits = payment.disposition is Disposition.APPLIED
    disputed = total([one.amount for one in disputes if one.status in TAKEN], payment.currency)
    paid_for = [line for line in lines if fits and line.supplement_id == payment.attempt.supplement_id]
    return PaymentStanding(
        payment_id=payment.id,
        fits=fits,
        captured=payment.amount,
        refunded=total([one.amount for one in refunds], payment.currency),
        disputed=disputed,
        is_held=any(one.status in OPEN for one in disputes),
        is_unallocated=any(not one.is_allocated for one in refunds),
        lines=_lines(paid_for, refunds, disputed),
    )


def _lines(lines: Sequence[OrderLine], refunds: Sequence[Refund], disputed: Money) -> tuple[LineStanding, ...]:
    back: dict[int, int] = {}
    for part in (part for refund in refunds for part in refund.lines):
        back[part.order_line_id] = back.get(part.order_line_id, 0) + part.amount_minor
    refunded = [Money(back.get(line.id, 0), line.currency) for line in lines]
    left = [line.amount - gone for line, gone in zip(lines, refunded, strict=True)]
    shares = disputed_by_line(disputed, left)
    return tuple(
        LineStanding(line.id, line.kind, line.name, line.amount, gone, share)
        for line, gone, share in zip(lines, refunded, shares, strict=True)
    )
