"""What is posted when money comes and when work is delivered. Each cause once; flushes, never commits.

Paid: at Stripe against what we owe for it. Delivered: with the end of the first full migration, for every line alike;
what is bought after it is revenue when it is paid. Read `giving_back.py` for refunds and disputes, `statements.py` for
fees and payouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.catalogue.rules import LineKind
from migrator.finance.covers.operations import sell_cover
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind, owed_on, revenue_of
from migrator.finance.ledger.giving_back import (
    post_dispute_lost as post_dispute_lost,
)
from migrator.finance.ledger.giving_back import (
    post_dispute_opened as post_dispute_opened,
)
from migrator.finance.ledger.giving_back import (
    post_dispute_won as post_dispute_won,
)
from migrator.finance.ledger.giving_back import (
    post_refund as post_refund,
)
from migrator.finance.ledger.giving_back import (
    post_refund_failed as post_refund_failed,
)
from migrator.finance.ledger.journal import Transfer, entry_of, post, transfers_of
from migrator.finance.ledger.queries import delivered_run_of, deliveries_of, lines_paid_by, owed_by_line
from migrator.finance.ledger.statements import post_fee as post_fee
from migrator.finance.ledger.statements import post_payout as post_payout
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import order_with_id
from migrator.payments.models import Payment


def post_payment(session: Session, payment: Payment, *, now: datetime) -> None:
    """This will post money that came, line by line, and write the covers that it paid for; once.

    Money that does not fit is owed to nobody yet, so it waits on an account of its own (PAYMENTS, rule 5).
    """
    cause = f"payment:{payment.id}"
    if entry_of(session, cause) is not None:
        return
    order, lines = order_with_id(session, payment.order_id), lines_paid_by(session, payment)
    transfers = [*_line_transfers(payment, lines)]
    rest = payment.amount_minor - sum(transfer.amount_minor for transfer in transfers)
    transfers.append(Transfer(Account.STRIPE_CLEARING, Account.UNALLOCATED_RECEIPTS, rest, payment.currency))
    words, on = f"Payment for {order.number}", desk_day(payment.settled_at)
    post(session, cause, EntryKind.PAYMENT, transfers, on=on, words=words, now=now, order_id=order.id)
    for line in lines:
        if line.kind is LineKind.INSURANCE:
            sell_cover(session, order, line, sold_at=payment.settled_at)
    run = delivered_run_of(session, order.id)
    if lines and run is not None and run.finished_at is not None and run.finished_at <= payment.settled_at:
        _deliver(session, order, lines, cause=f"delivery:{order.id}:{cause}", at=payment.settled_at, now=now)


def post_delivery(session: Session, order: Order, *, now: datetime) -> None:
    """This will turn what is owed for the work of an order into revenue, on the day its first full run was done; once.

    Where that time is corrected to another day, the earlier entry is undone on its day and posted on the right one.
    """
    run = delivered_run_of(session, order.id)
    if run is None or run.finished_at is None:
        return
    cause, number = f"delivery:{order.id}", 1
    made = [entry for entry in deliveries_of(session, order.id) if ":payment:" not in entry.cause]
    if made:
        last, number = made[-1], len(made) + 1
        if (last.late_of or last.happened_on) == desk_day(run.finished_at):
            return
        back = [transfer.back() for transfer in transfers_of(session, last.cause)]
        words = f"Delivery of {order.number}, on another day"
        post(
            session,
            f"{last.cause}:undone",
            EntryKind.ADJUSTMENT,
            back,
            on=last.happened_on,
            words=words,
            now=now,
            order_id=order.id,
        )
        cause = f"{cause}:{number}"
    owed = owed_by_line(session, order.id)
    lines = [session.get_one(OrderLine, line_id) for line_id in sorted(owed)]
    _deliver(session, order, lines, cause=cause, at=run.finished_at, now=now)


def _line_transfers(payment: Payment, lines: Sequence[OrderLine]) -> Sequence[Transfer]:
    return [
        Transfer(Account.STRIPE_CLEARING, owed_on(line.kind), line.amount_minor, payment.currency, line.id)
        for line in lines
    ]


def _deliver(
    session: Session, order: Order, lines: Sequence[OrderLine], *, cause: str, at: datetime, now: datetime
) -> None:
    owed = owed_by_line(session, order.id)
    transfers = [
        Transfer(Account.CONTRACT_LIABILITY, revenue_of(line.kind), owed.get(line.id, 0), line.currency, line.id)
        for line in lines
    ]
    words = f"Delivery of {order.number}"
    post(session, cause, EntryKind.DELIVERY, transfers, on=desk_day(at), words=words, now=now, order_id=order.id)
