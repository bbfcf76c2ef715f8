"""Questions about what was posted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from migrator.finance.invoices.queries import paid_lines
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.orders.models import OrderLine
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment

# The entries in which money comes from a customer or goes back.
MONEY = (
    EntryKind.PAYMENT,
    EntryKind.REFUND,
    EntryKind.REFUND_FAILED,
    EntryKind.DISPUTE_OPENED,
    EntryKind.DISPUTE_WON,
)


def lines_paid_by(session: Session, payment: Payment) -> Sequence[OrderLine]:
    """This will return the order lines that a payment paid for; none where its money does not fit."""
    return paid_lines(session, payment) if payment.disposition is Disposition.APPLIED else []


def owed_by_line(session: Session, order_id: int) -> dict[int, int]:
    """This will return, for each line of an order, what is paid and neither delivered nor given back."""
    owed = Account.CONTRACT_LIABILITY
    amount = func.sum(case((Posting.credit == owed, Posting.amount_minor), else_=-Posting.amount_minor))
    wanted = (
        select(Posting.order_line_id, amount)
        .join(JournalEntry)
        .where(JournalEntry.order_id == order_id, (Posting.credit == owed) | (Posting.debit == owed))
        .where(Posting.order_line_id.is_not(None))
        .group_by(Posting.order_line_id)
    )
    return {line_id: int(left) for line_id, left in session.execute(wanted) if line_id is not None}


def delivered_run_of(session: Session, order_id: int) -> Run | None:
    """This will return the full migration of an order that is done, or none."""
    wanted = select(Run).where(Run.order_id == order_id, Run.kind == RunKind.FULL, Run.state == RunState.DONE)
    return session.scalar(wanted)


def deliveries_of(session: Session, order_id: int) -> Sequence[JournalEntry]:
    """This will return the entries in which an order's work became revenue, the earliest first."""
    wanted = select(JournalEntry).where(JournalEntry.order_id == order_id, JournalEntry.kind == EntryKind.DELIVERY)
    return session.scalars(wanted.order_by(JournalEntry.id)).all()


def left_by_line(session: Session, line_ids: Sequence[int]) -> dict[int, int]:
    """This will return, for each line, what was paid for it and has neither gone back nor is held by a bank."""
    came = Posting.debit.in_((Account.STRIPE_CLEARING, Account.UNALLOCATED_RECEIPTS))
    amount = func.sum(case((came, Posting.amount_minor), else_=-Posting.amount_minor))
    wanted = (
        select(Posting.order_line_id, amount)
        .join(JournalEntry)
        .where(Posting.order_line_id.in_(line_ids), JournalEntry.kind.in_(MONEY))
        .group_by(Posting.order_line_id)
    )
    return {line_id: int(left) for line_id, left in session.execute(wanted) if line_id is not None}
