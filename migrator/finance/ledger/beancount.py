"""The ledger as Beancount's text, entry by entry, so that somebody else's program can add it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.finance.ledger.accounts import ENTRY_WORDS, Account
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.money import Money
from migrator.orders.models import Order

AT_ONCE = 1_000
NAMES = {
    Account.STRIPE_CLEARING: "Assets:Stripe",
    Account.BANK: "Assets:Bank",
    Account.CONTRACT_LIABILITY: "Liabilities:Undelivered",
    Account.DEFERRED_INSURANCE: "Liabilities:DeferredInsurance",
    Account.UNALLOCATED_RECEIPTS: "Liabilities:Unallocated",
    Account.SALES_TAX_PAYABLE: "Liabilities:SalesTax",
    Account.REVENUE_MIGRATIONS: "Income:Migrations",
    Account.REVENUE_INSURANCE: "Income:Insurance",
    Account.REVENUE_OVERAGE: "Income:Overage",
    Account.REFUNDS: "Expenses:Refunds",
    Account.DISPUTES: "Expenses:Disputes",
    Account.PROCESSING_FEES: "Expenses:Fees:Processing",
    Account.DISPUTE_FEES: "Expenses:Fees:Disputes",
}


def beancount(session: Session) -> Iterator[str]:
    """This will yield the whole ledger in Beancount's format, a piece at a time, the earliest day first."""
    first = session.scalar(select(func.min(JournalEntry.happened_on)))
    yield 'option "title" "Migrator"\n'
    for currency in session.scalars(select(Posting.currency).distinct().order_by(Posting.currency)):
        yield f'option "operating_currency" "{currency}"\n'
    if first is None:
        return
    yield "\n"
    yield from (f"{first.isoformat()} open {NAMES[account]}\n" for account in Account)
    for _entry_id, rows in groupby(_rows(session), lambda row: row.id):
        yield _transaction(list(rows))


def _rows(session: Session) -> Iterator[Any]:
    asked = (
        select(
            JournalEntry.id,
            JournalEntry.cause,
            JournalEntry.kind,
            JournalEntry.happened_on,
            JournalEntry.words,
            JournalEntry.late_of,
            Order.number,
            Posting.debit,
            Posting.credit,
            Posting.amount_minor,
            Posting.currency,
        )
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .outerjoin(Order, Order.id == JournalEntry.order_id)
        .order_by(JournalEntry.happened_on, JournalEntry.id, Posting.id)
    )
    yield from session.execute(asked.execution_options(yield_per=AT_ONCE))


def _transaction(rows: Sequence[Any]) -> str:
    entry = rows[0]
    lines = [f"\n{entry.happened_on.isoformat()} * {_quoted(ENTRY_WORDS[entry.kind])} {_quoted(entry.words)}"]
    lines.append(f"  cause: {_quoted(entry.cause)}")
    if entry.number:
        lines.append(f"  order: {_quoted(entry.number)}")
    if entry.late_of:
        lines.append(f"  belongs-to: {entry.late_of.isoformat()}")
    for row in rows:
        amount = Money(row.amount_minor, row.currency).plain.replace(",", "")
        lines.append(f"  {NAMES[row.debit]}  {amount} {row.currency}")
        lines.append(f"  {NAMES[row.credit]}  -{amount} {row.currency}")
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
