"""The rows behind a month's figures, some at a time, and what came late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.finance.desk_days import desk_day, first_day, instants_of, last_day
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.money import Money
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure.

    :ivar cursor: where the next page begins
    :ivar document: the number of an invoice; empty where it is none
    """

    cursor: int
    on: date
    order_number: str
    words: str
    amount: Money
    document: str = ""


def rows_behind(session: Session, month: str, figure: str, *, after: int) -> Sequence[FigureRow]:
    """This will return the rows that a figure of a month is the sum of; one more than a page where there are more.

    :raises NotFound: for a figure that there is not
    """
    if figure == "invoiced":
        return _invoices(session, month, after)
    if figure == "open":
        return _unpaid(session, month, after)
    if figure not in POSTED:
        raise NotFound("There is no such figure.")
    return _postings(session, month, figure, after)


def late_entries(session: Session, month: str) -> Sequence[JournalEntry]:
    """This will return what belongs to a month and was dated later, because the month was locked."""
    belongs = JournalEntry.late_of.between(first_day(month), last_day(month))
    wanted = select(JournalEntry).where(belongs).order_by(JournalEntry.id).limit(PAGE_LENGTH)
    return session.scalars(wanted.options(joinedload(JournalEntry.order))).all()


def _clearing(kind: EntryKind, column: ColumnElement[Account]) -> ColumnElement[bool]:
    return (JournalEntry.kind == kind) & (column == Account.STRIPE_CLEARING)


def _either(account: Account) -> ColumnElement[bool]:
    return (Posting.debit == account) | (Posting.credit == account)


# Which postings make a figure, and the account whose side decides the sign.
POSTED: dict[str, tuple[ColumnElement[bool], Account, bool]] = {
    "paid": (_clearing(EntryKind.PAYMENT, Posting.debit), Account.STRIPE_CLEARING, True),  # type: ignore[arg-type]
    "refunded": (
        _clearing(EntryKind.REFUND, Posting.credit) | _clearing(EntryKind.REFUND_FAILED, Posting.debit),  # type: ignore[arg-type]
        Account.STRIPE_CLEARING,
        False,
    ),
    "insurance": (
        (JournalEntry.kind == EntryKind.PAYMENT) & (Posting.credit == Account.DEFERRED_INSURANCE),
        Account.DEFERRED_INSURANCE,
        False,
    ),
    "earned": (_either(Account.REVENUE_INSURANCE), Account.REVENUE_INSURANCE, False),
    "tax": (_either(Account.SALES_TAX_PAYABLE), Account.SALES_TAX_PAYABLE, False),
}


def _postings(session: Session, month: str, figure: str, after: int) -> Sequence[FigureRow]:
    which, account, debit_counts = POSTED[figure]
    wanted: Select[Posting, JournalEntry, str | None] = (
        select(Posting, JournalEntry, Order.number)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .outerjoin(Order, Order.id == JournalEntry.order_id)
        .where(which, JournalEntry.happened_on.between(first_day(month), last_day(month)), Posting.id > after)
        .order_by(Posting.id)
        .limit(PAGE_LENGTH + 1)
    )
    rows = []
    for posting, entry, number in session.execute(wanted):
        counts = (posting.debit is account) is debit_counts
        amount = posting.amount if counts else -posting.amount
        rows.append(FigureRow(posting.id, entry.happened_on, number or "", entry.words, amount))
    return rows


def _invoices(session: Session, month: str, after: int) -> Sequence[FigureRow]:
    wanted = select(Invoice).where(
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.issued_on.between(first_day(month), last_day(month)),
        Invoice.id > after,
    )
    return [
        FigureRow(
            invoice.id,
            invoice.issued_on,
            invoice.content["order_number"],
            invoice.content["subject"],
            invoice.total,
            invoice.number,
        )
        for invoice in session.scalars(wanted.order_by(Invoice.id).limit(PAGE_LENGTH + 1))
    ]


def _unpaid(session: Session, month: str, after: int) -> Sequence[FigureRow]:
    begins, ends = instants_of(month)
    wanted = select(Order).where(
        Order.state == OrderState.AWAITING_PAYMENT, Order.placed_at >= begins, Order.placed_at < ends, Order.id > after
    )
    return [
        FigureRow(order.id, desk_day(order.placed_at), order.number, order.terms.product_name, order.total)
        for order in session.scalars(wanted.order_by(Order.id).limit(PAGE_LENGTH + 1))
    ]
