"""The demonstration's books: everything posted, the provider's statements, a look at all of it, and closed months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.demo.stage import Stage
from migrator.finance.covers.earning import earn_some
from migrator.finance.desk_days import desk_day, instants_of, month_of
from migrator.finance.ledger.past import post_some_of_the_past
from migrator.finance.ledger.statements import post_statements
from migrator.finance.months.checks import findings_of
from migrator.finance.months.figures import months_between
from migrator.finance.months.operations import lock, take_into_review
from migrator.finance.months.queries import first_month
from migrator.finance.reconciliation.expectations import expectations
from migrator.finance.reconciliation.lifecycle import RunKind
from migrator.finance.reconciliation.pulling import keep_movements, keep_payout
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.reconciliation.runs import advance_run, begin_run
from migrator.money import Money, total
from migrator.orders.models import Order
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.movements import BalanceTransaction, Payout
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund

AT_ONCE = 1_000
RATE_BP, FIXED_MINOR = 290, 30
DEARER_MINOR = 910


def months(stage: Stage, priya: Person) -> None:
    """This will lock every month that is over and proven, the earliest first; the present one stays open."""
    session, now = stage.session, stage.now
    present = month_of(desk_day(now))
    over = [one for one in months_between(first_month(session) or present, present) if one != present]
    for month in (*over, present):
        _statement(session, month, is_paid_out=month != present, is_first=month == over[0] if over else False)
    while post_some_of_the_past(session, now=now):
        pass
    while earn_some(session, now=now):
        pass
    while post_statements(session, now=now, limit=AT_ONCE):
        pass
    _reconcile(session, stage)
    for month in over:
        if not all(finding.is_met for finding in findings_of(session, month, now=now)):
            return
        take_into_review(session, month, by=priya, now=now)
        lock(session, month, by=priya, now=now)


def _statement(session: Session, month: str, *, is_paid_out: bool, is_first: bool) -> None:
    """This will keep what the provider would say of a month: its charges and, once it is over, one payout of them.

    The very first charge cost more than the price list says, so that its payout is short.
    """
    charges = sorted([*_charges(session, month), *_reversals(session, month)], key=lambda each: each.created_at)
    if charges and is_first:
        charges[0] = _dearer(charges[0])
    if not charges or not is_paid_out:
        keep_movements(session, charges, livemode=False)
        return
    made_at = instants_of(month)[1] - timedelta(hours=2)
    payout = keep_payout(
        session,
        Payout(
            id=f"po_demo_{month.replace('-', '_')}",
            amount=total([charge.net for charge in charges]),
            status="paid",
            arrival_on=desk_day(made_at) + timedelta(days=2),
            created_at=made_at,
            is_automatic=True,
            livemode=False,
            raw={},
        ),
    )
    keep_movements(session, charges[::-1], livemode=False, payout_id=payout.id)
    payout.is_itemized, payout.at_bank_on, payout.at_bank_minor = True, payout.arrival_on, payout.amount_minor
    session.flush()


def _dearer(charge: BalanceTransaction) -> BalanceTransaction:
    more = Money(DEARER_MINOR, charge.fee.currency)
    return replace(charge, fee=charge.fee + more, net=charge.net - more)


def _charges(session: Session, month: str) -> Iterator[BalanceTransaction]:
    begins, ends = instants_of(month)
    wanted = select(Payment, Order).join(Order, Order.id == Payment.order_id)
    paid = wanted.where(Payment.settled_at >= begins, Payment.settled_at < ends).order_by(Payment.settled_at)
    for payment, order in session.execute(paid.options(joinedload(Order.placed_by, innerjoin=True))):
        fee = payment.amount.share(RATE_BP) + Money(FIXED_MINOR, payment.currency)
        yield BalanceTransaction(
            id=f"txn_demo_{payment.id}",
            reporting_category="charge",
            kind="charge",
            gross=payment.amount,
            fee=fee,
            net=payment.amount - fee,
            created_at=payment.captured_at,
            available_on=desk_day(payment.captured_at) + timedelta(days=2),
            source_id=payment.charge_id,
            charge_id=payment.charge_id,
            payment_intent_id=payment.payment_intent_id,
            order_number=order.number,
            customer_email=order.placed_by.email,
            raw={"source": {"metadata": {"order_id": str(order.id)}, "livemode": False}},
        )


def _reversals(session: Session, month: str) -> Iterator[BalanceTransaction]:
    begins, ends = instants_of(month)
    refunds = select(Refund).where(Refund.state == RefundState.DONE).options(joinedload(Refund.payment))
    for refund in session.scalars(refunds.where(Refund.submitted_at >= begins, Refund.submitted_at < ends)):
        key, source, at = f"re_{refund.id}", refund.provider_id, refund.submitted_at or refund.requested_at
        yield _taken(key, "refund", source, refund.payment, amount=refund.amount, fee=Money(0, refund.currency), at=at)
    disputes = select(Dispute).where(Dispute.opened_at >= begins, Dispute.opened_at < ends)
    for dispute in session.scalars(disputes.options(joinedload(Dispute.payment))):
        key, source, at = f"du_{dispute.id}", dispute.provider_id, dispute.opened_at
        yield _taken(key, "dispute", source, dispute.payment, amount=dispute.amount, fee=dispute.fee, at=at)


def _taken(
    key: str, category: str, source_id: str | None, payment: Payment, *, amount: Money, fee: Money, at: datetime
) -> BalanceTransaction:
    return BalanceTransaction(
        id=f"txn_demo_{key}",
        reporting_category=category,
        kind="adjustment" if category == "dispute" else category,
        gross=-amount,
        fee=fee,
        net=-amount - fee,
        created_at=at,
        available_on=desk_day(at) + timedelta(days=2),
        source_id=source_id,
        charge_id=payment.charge_id,
        payment_intent_id=payment.payment_intent_id,
        order_number=None,
        customer_email=None,
        raw={"source": {"livemode": False}},
    )


def _reconcile(session: Session, stage: Stage) -> None:
    run = begin_run(session, kind=RunKind.FULL, now=stage.now)
    expected = expectations(session, livemode=False, tariff=Tariff(), now=stage.now)
    while advance_run(session, run, expected):
        pass
