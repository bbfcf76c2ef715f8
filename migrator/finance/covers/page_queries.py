"""What the insurance page asks: covers by month, plan and state, what they add up to, and how each is earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.desk_days import desk_day, instants_of, month_after, month_of
from migrator.finance.reconciliation.lifecycle import Code, DiscrepancyState
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.money import Money
from migrator.orders.models import Order
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentAttempt

PAGE = 25
# What does not fit about insurance, whether it names a cover or an order (PAYMENTS, reconciliation).
ABOUT_INSURANCE = (
    Code.PREMIUM_MISCALCULATED,
    Code.REFUNDED_WITH_COVER,
    Code.WINDOW_NEVER_OPENED,
    Code.WINDOW_WRONG_LENGTH,
    Code.RESTARTS_OVER_PLAN,
    Code.RESTART_AFTER_END,
    Code.DISPUTE_WITH_COVER,
    Code.EARNED_OFF_SCHEDULE,
)


@dataclass(frozen=True, slots=True)
class WantedCovers:
    """Which covers are shown.

    :ivar month: in which they were sold, such as `2026-11`
    """

    month: str | None = None
    plan: int | None = None
    state: CoverState | None = None

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """This will return what the rows must fulfil."""
        found: list[ColumnElement[bool]] = []
        if self.month:
            begins, ends = instants_of(self.month)
            found.append((Cover.sold_at >= begins) & (Cover.sold_at < ends))
        if self.plan is not None:
            found.append(Cover.plan == self.plan)
        if self.state is not None:
            found.append(Cover.state == self.state)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CoverSums:
    """What covers add up to in one currency: sold = earned + still covered + refunded (C-079)."""

    count: int
    sold: Money
    earned: Money
    covered: Money
    refunded: Money


def covers_page(session: Session, wanted: WantedCovers, *, before: tuple[datetime, int] | None) -> Sequence[Cover]:
    """This will return covers with their orders, the last sold first; one more than a page where there is more."""
    asked = select(Cover).where(*wanted.conditions())
    if before is not None:
        at, row_id = before
        asked = asked.where((Cover.sold_at < at) | ((Cover.sold_at == at) & (Cover.id < row_id)))
    asked = asked.order_by(Cover.sold_at.desc(), Cover.id.desc()).limit(PAGE + 1)
    loaded = joinedload(Cover.order, innerjoin=True).joinedload(Order.calendar_row, innerjoin=True)
    return session.scalars(asked.options(loaded, joinedload(Cover.order_line, innerjoin=True))).all()


def cover_sums(session: Session, wanted: WantedCovers) -> tuple[CoverSums, ...]:
    """This will return what the covers add up to, by currency."""
    unearned = Cover.premium_minor - Cover.earned_minor - Cover.refunded_minor
    amounts = (Cover.premium_minor, Cover.earned_minor, unearned, Cover.refunded_minor)
    asked = select(Cover.currency, func.count(), *(func.sum(amount) for amount in amounts))
    rows = session.execute(asked.where(*wanted.conditions()).group_by(Cover.currency).order_by(Cover.currency))
    return tuple(CoverSums(count, *(Money(int(sum_), currency) for sum_ in sums)) for currency, count, *sums in rows)


def months_sold(session: Session, *, now: datetime) -> tuple[str, ...]:
    """This will return the months from the first sale to now, the latest first."""
    first = session.scalar(select(func.min(Cover.sold_at)))
    months, last = [], month_of(desk_day(now))
    month = month_of(desk_day(first)) if first else last
    while month <= last:
        months.append(month)
        month = month_after(month)
    return tuple(reversed(months))


def payments_of(session: Session, covers: Sequence[Cover]) -> dict[int, Payment]:
    """This will return, for each cover, the payment that it was bought with."""
    asked = (
        select(Payment, PaymentAttempt.supplement_id)
        .join(PaymentAttempt, PaymentAttempt.id == Payment.attempt_id)
        .where(Payment.order_id.in_({cover.order_id for cover in covers}), Payment.disposition == Disposition.APPLIED)
    )
    paid = {(payment.order_id, supplement_id): payment for payment, supplement_id in session.execute(asked)}
    keys = {cover.id: (cover.order_id, cover.order_line.supplement_id) for cover in covers}
    return {cover_id: paid[key] for cover_id, key in keys.items() if key in paid}


def exceptions_of_insurance(session: Session) -> Sequence[Discrepancy]:
    """This will return what does not fit about insurance and is open, the most severe first; a page at most."""
    about = Discrepancy.cover_id.is_not(None) | Discrepancy.code.in_(ABOUT_INSURANCE)
    asked = select(Discrepancy).where(Discrepancy.state == DiscrepancyState.OPEN, about)
    order = Discrepancy.rank, Discrepancy.amount_minor.desc(), Discrepancy.id
    return session.scalars(asked.order_by(*order).limit(PAGE).options(joinedload(Discrepancy.owner))).all()
