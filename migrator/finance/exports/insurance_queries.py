"""What the lines of the insurance export are made of, asked for some hundred lines at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation
from migrator.catalogue.rules import LineKind
from migrator.finance.covers.models import Cover
from migrator.finance.desk_days import instants_of
from migrator.finance.exports.filters import LineFilter
from migrator.finance.reconciliation.lifecycle import DiscrepancyState, MatchedKind
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.run_models import Discrepancy, Match
from migrator.orders.models import Order, OrderLine
from migrator.payments.disputes.models import Dispute
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund, RefundLine

AT_ONCE = 500


def paid_insurance(session: Session, wanted: LineFilter) -> Iterator[Sequence[Row[Any]]]:
    """This will return the insurance lines that were paid, some hundred at a time, in the order of their ids."""
    after = 0
    while chunk := session.execute(_chunk(wanted, after)).all():
        yield chunk
        after = chunk[-1].line_id


def charge_lines(session: Session, payment_ids: Collection[int]) -> Mapping[int, list[tuple[int, int]]]:
    """This will return all lines that payments paid for, with their amounts, by payment and in order."""
    lines = (
        select(Payment.id, OrderLine.id, OrderLine.amount_minor)
        .join(PaymentAttempt, PaymentAttempt.id == Payment.attempt_id)
        .join(OrderLine, _paid_by(PaymentAttempt))
        .where(Payment.id.in_(payment_ids))
        .order_by(Payment.id, OrderLine.id)
    )
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for payment_id, line_id, minor in session.execute(lines):
        found[payment_id].append((line_id, minor))
    return found


def refunded_by_line(session: Session, line_ids: Collection[int]) -> Mapping[int, int]:
    """This will return how much of lines has gone back."""
    given = (
        select(RefundLine.order_line_id, func.sum(RefundLine.amount_minor))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(RefundLine.order_line_id.in_(line_ids), Refund.state == RefundState.DONE)
        .group_by(RefundLine.order_line_id)
    )
    return {line_id: int(minor) for line_id, minor in session.execute(given)}


def dispute_by_payment(session: Session, payment_ids: Collection[int]) -> Mapping[int, Dispute]:
    """This will return the last dispute of payments."""
    disputes = select(Dispute).where(Dispute.payment_id.in_(payment_ids)).order_by(Dispute.id)
    return {dispute.payment_id: dispute for dispute in session.scalars(disputes)}


def codes_by_order(session: Session, order_ids: Collection[int]) -> Mapping[int, list[tuple[str, int | None]]]:
    """This will return what is open of what does not fit, by order: the code, and the cover where it is about one."""
    open_ones = (
        select(Discrepancy.order_id, Discrepancy.code, Discrepancy.cover_id)
        .where(Discrepancy.order_id.in_(order_ids), Discrepancy.state == DiscrepancyState.OPEN)
        .order_by(Discrepancy.order_id, Discrepancy.code)
    )
    found: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
    for order_id, code, cover_id in session.execute(open_ones):
        if order_id is not None:
            found[order_id].append((code.value, cover_id))
    return found


def _paid_by(attempt: type[PaymentAttempt]) -> Any:
    same = OrderLine.supplement_id.is_not_distinct_from(attempt.supplement_id)
    return and_(OrderLine.order_id == attempt.order_id, same)


def _chunk(wanted: LineFilter, after: int) -> Any:
    is_charge = and_(Match.payment_id == Payment.id, Match.kind == MatchedKind.CHARGE)
    statement = (
        select(
            OrderLine.id.label("line_id"),
            OrderLine.plan,
            OrderLine.rate_bp,
            OrderLine.base_minor,
            OrderLine.amount_minor,
            OrderLine.currency,
            Order.id.label("order_id"),
            Order.number,
            Order.restarts_used,
            Order.restarts_limit,
            Organisation.name.label("customer"),
            Payment.id.label("payment_id"),
            Payment.payment_intent_id,
            Payment.charge_id,
            Payment.settled_at,
            Match.rule,
            ProviderTransaction.provider_id.label("transaction_id"),
            ProviderTransaction.fee_minor,
            ProviderTransaction.currency.label("fee_currency"),
            ProviderPayout.provider_id.label("payout_id"),
            ProviderPayout.arrival_on,
            Cover.id.label("cover_id"),
            Cover.starts_at,
            Cover.ends_at,
            Cover.restarts_allowed,
            Cover.earned_minor,
            Cover.refunded_minor,
            Cover.premium_minor,
        )
        .join(Order, Order.id == OrderLine.order_id)
        .join(Organisation, Organisation.id == Order.organisation_id)
        .join(PaymentAttempt, _paid_by(PaymentAttempt))
        .join(Payment, and_(Payment.attempt_id == PaymentAttempt.id, Payment.disposition == Disposition.APPLIED))
        .outerjoin(Match, is_charge)
        .outerjoin(ProviderTransaction, ProviderTransaction.id == Match.transaction_id)
        .outerjoin(ProviderPayout, ProviderPayout.id == ProviderTransaction.payout_id)
        .outerjoin(Cover, Cover.order_line_id == OrderLine.id)
        .where(OrderLine.kind == LineKind.INSURANCE, OrderLine.id > after)
    )
    return _filtered(statement, wanted).order_by(OrderLine.id).limit(AT_ONCE)


def _filtered(statement: Any, wanted: LineFilter) -> Any:
    if wanted.month is not None:
        begins, ends = instants_of(wanted.month)
        statement = statement.where(Payment.settled_at >= begins, Payment.settled_at < ends)
    if wanted.plan is not None:
        statement = statement.where(OrderLine.plan == wanted.plan)
    if wanted.state is not None:
        statement = statement.where(Cover.state == wanted.state)
    return statement
