"""What months came to, by currency: from the journal and the invoices, one question for all months asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from migrator.finance.desk_days import first_day, instants_of, last_day, month_after
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement

Sums = defaultdict[tuple[str, str], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a month came to in one currency, in minor units.

    :ivar open: what was ordered or accepted in the month and is not paid
    :ivar insurance: premiums sold; `earned` is what of all premiums was earned in the month
    :ivar tax: sales tax charged, less what went back
    """

    invoiced: int = 0
    paid: int = 0
    refunded: int = 0
    open: int = 0
    insurance: int = 0
    earned: int = 0
    tax: int = 0

    def document(self) -> dict[str, int]:
        """This will return the figures as a document that the database keeps."""
        return asdict(self)


NAMES = tuple(field.name for field in fields(Figures))
ByCurrency = Mapping[str, Figures]


def figures_from(document: Mapping[str, Any]) -> Figures:
    """This will return the figures that a document holds."""
    return Figures(**{name: document[name] for name in NAMES})


def figures_of(session: Session, months: Collection[str]) -> Mapping[str, ByCurrency]:
    """This will return what each of the months came to, by currency; a month without anything has no currency."""
    sums: Sums = defaultdict(dict)
    if months:
        first, last = min(months), max(months)
        for month, currency, name, minor in _movements(session, first, last):
            figures = sums[month, currency]
            figures[name] = figures.get(name, 0) + minor
    found: defaultdict[str, dict[str, Figures]] = defaultdict(dict)
    for (month, currency), figures in sorted(sums.items()):
        if month in months:
            found[month][currency] = Figures(**figures)
    return found


def _movements(session: Session, first: str, last: str) -> Iterator[tuple[str, str, str, int]]:
    yield from _posted(session, first, last)
    yield from _invoiced(session, first, last)
    yield from _unpaid(session, first, last)


def _posted(session: Session, first: str, last: str) -> Iterator[tuple[str, str, str, int]]:
    month = func.substr(cast(JournalEntry.happened_on, String), 1, 7)
    grouped = (month, JournalEntry.kind, Posting.debit, Posting.credit, Posting.currency)
    wanted = (
        select(*grouped, func.sum(Posting.amount_minor))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(JournalEntry.happened_on >= first_day(first), JournalEntry.happened_on <= last_day(last))
        .group_by(*grouped)
    )
    for month_text, kind, debit, credit, currency, minor in session.execute(wanted):
        for name, sign in _names_of(kind, debit, credit):
            yield month_text, currency, name, sign * int(minor)


def _names_of(kind: EntryKind, debit: Account, credit: Account) -> Iterator[tuple[str, int]]:
    if kind is EntryKind.PAYMENT and debit is Account.STRIPE_CLEARING:
        yield "paid", 1
    if kind is EntryKind.PAYMENT and credit is Account.DEFERRED_INSURANCE:
        yield "insurance", 1
    if kind is EntryKind.REFUND and credit is Account.STRIPE_CLEARING:
        yield "refunded", 1
    if kind is EntryKind.REFUND_FAILED and debit is Account.STRIPE_CLEARING:
        yield "refunded", -1
    if Account.REVENUE_INSURANCE in {debit, credit}:
        yield "earned", 1 if credit is Account.REVENUE_INSURANCE else -1
    if Account.SALES_TAX_PAYABLE in {debit, credit}:
        yield "tax", 1 if credit is Account.SALES_TAX_PAYABLE else -1


def _invoiced(session: Session, first: str, last: str) -> Iterator[tuple[str, str, str, int]]:
    month = func.substr(cast(Invoice.issued_on, String), 1, 7)
    wanted = (
        select(month, Invoice.currency, func.sum(Invoice.total_minor))
        .where(Invoice.kind == InvoiceKind.INVOICE)
        .where(Invoice.issued_on >= first_day(first), Invoice.issued_on <= last_day(last))
        .group_by(month, Invoice.currency)
    )
    for month_text, currency, minor in session.execute(wanted):
        yield month_text, currency, "invoiced", int(minor)


def _unpaid(session: Session, first: str, last: str) -> Iterator[tuple[str, str, str, int]]:
    orders = (Order.placed_at, Order.currency, Order.total_minor, Order.state == OrderState.AWAITING_PAYMENT)
    accepted = Supplement.accepted_at.is_not(None) & (Supplement.state == SupplementState.OFFERED)
    supplements = (Supplement.accepted_at, Supplement.currency, Supplement.amount_minor, accepted)
    for at, currency, minor, is_open in (orders, supplements):
        month = _month_of(at, first, last)
        begins, ends = instants_of(first)[0], instants_of(last)[1]
        wanted = (
            select(month, currency, func.sum(minor)).where(is_open, at >= begins, at < ends).group_by(month, currency)
        )
        for month_text, code, total in session.execute(wanted):
            yield month_text, code, "open", int(total)


def _month_of(at: InstrumentedAttribute[Any], first: str, last: str) -> ColumnElement[str]:
    """The month at the desk of a column of instants; the databases know no zones alike."""
    months = list(months_between(first, last))
    return case(*((at < instants_of(month)[1], month) for month in months), else_=months[-1])


def months_between(first: str, last: str) -> Iterator[str]:
    """This will return all months from one to another, both included."""
    month = first
    while month <= last:
        yield month
        month = month_after(month)
