"""What keeps a month from being locked, each with the reason in words (PAYMENTS, month close)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from migrator.clock.wording import counted_text, day_text
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.desk_days import (
    desk_day,
    first_day,
    instants_of,
    last_day,
    month_after,
    month_of,
    month_text,
)
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice
from migrator.finance.ledger.invariants import invariants
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.months.lifecycle import MonthState
from migrator.finance.months.models import AccountingMonth
from migrator.finance.reconciliation.lifecycle import DiscrepancyState, Severity
from migrator.finance.reconciliation.models import ProviderTransaction
from migrator.finance.reconciliation.queries import last_run
from migrator.finance.reconciliation.run_models import Discrepancy, Match
from migrator.payments.models import Payment

# What the provider moves for an order or to our bank; its own fees belong to nothing of ours.
BELONGS_TO_SOMETHING = ("charge", "refund", "dispute", "payout")


class Check(StrEnum):
    """What is looked at before a month is locked."""

    OVER = "over"
    EARLIER = "earlier"
    RECONCILED = "reconciled"
    EXCEPTIONS = "exceptions"
    MATCHED = "matched"
    BALANCED = "balanced"
    POSTED = "posted"
    EARNED = "earned"
    INVOICED = "invoiced"


TITLES = {
    Check.OVER: "The month is over",
    Check.EARLIER: "Earlier months are locked",
    Check.RECONCILED: "Everything was reconciled after its end",
    Check.EXCEPTIONS: "No exception blocks it",
    Check.MATCHED: "Every movement at Stripe is matched",
    Check.BALANCED: "The ledger balances",
    Check.POSTED: "Every payment is posted",
    Check.EARNED: "Premiums are earned up to its end",
    Check.INVOICED: "Every payment has its documents",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check with its outcome; `reason` is empty where it is met."""

    check: Check
    reason: str

    @property
    def is_met(self) -> bool:
        """Whether this keeps nothing from being locked."""
        return not self.reason

    @property
    def title(self) -> str:
        """What was looked at."""
        return TITLES[self.check]


def findings_of(session: Session, month: str, *, now: datetime) -> tuple[Finding, ...]:
    """This will look at everything that must hold before a month is locked."""
    return tuple(Finding(check, look(session, month, now)) for check, look in LOOKS.items())


def _over(_session: Session, month: str, now: datetime) -> str:
    free_on = first_day(month_after(month))
    return "" if desk_day(now) >= free_on else f"It can be locked from {day_text(free_on)} on."


def _earlier(session: Session, month: str, _now: datetime) -> str:
    first = session.scalar(select(func.min(JournalEntry.happened_on)))
    if first is None:
        return ""
    locked = set(session.scalars(select(AccountingMonth.month).where(AccountingMonth.state == MonthState.LOCKED)))
    before = month_of(first)
    while before < month:
        if before not in locked:
            return f"{month_text(before)} comes first: it is not locked."
        before = month_after(before)
    return ""


def _reconciled(session: Session, month: str, _now: datetime) -> str:
    run = last_run(session)
    if run is not None and run.started_at >= instants_of(month)[1]:
        return ""
    last = f"The last run began {day_text(desk_day(run.started_at))}." if run else "There was no run yet."
    return f"{last} Reconcile once more."


def _exceptions(session: Session, month: str, _now: datetime) -> str:
    blocking = (
        Discrepancy.state == DiscrepancyState.OPEN,
        Discrepancy.severity == Severity.BLOCKING,
        Discrepancy.happened_at < instants_of(month)[1],
    )
    count = session.scalar(select(func.count()).select_from(Discrepancy).where(*blocking)) or 0
    return f"{counted_text(count, 'exception')} to resolve or waive." if count else ""


def _matched(session: Session, month: str, _now: datetime) -> str:
    unmatched = (
        ProviderTransaction.created_at < instants_of(month)[1],
        ProviderTransaction.reporting_category.in_(BELONGS_TO_SOMETHING),
        ~exists().where(Match.transaction_id == ProviderTransaction.id),
    )
    count = session.scalar(select(func.count()).select_from(ProviderTransaction).where(*unmatched)) or 0
    return f"{counted_text(count, 'movement')} without a match." if count else ""


def _balanced(session: Session, _month: str, _now: datetime) -> str:
    broken = [law for law in invariants(session) if not law.holds]
    return " ".join(f"{law.name}: {law.difference} apart." for law in broken)


def _posted(session: Session, month: str, _now: datetime) -> str:
    cause = literal("payment:") + cast(Payment.id, String)
    unposted = Payment.settled_at < instants_of(month)[1], ~exists().where(JournalEntry.cause == cause)
    count = session.scalar(select(func.count()).select_from(Payment).where(*unposted)) or 0
    return f"{counted_text(count, 'payment')} not in the ledger yet." if count else ""


def _earned(session: Session, month: str, _now: datetime) -> str:
    on, ends = last_day(month), instants_of(month)[1]
    behind = (
        Cover.state == CoverState.OPEN,
        Cover.starts_at < ends,
        Cover.earned_through < on,
    )
    count = session.scalar(select(func.count()).select_from(Cover).where(*behind)) or 0
    return f"{counted_text(count, 'cover')} not earned up to {day_text(on)} yet." if count else ""


def _invoiced(session: Session, month: str, _now: datetime) -> str:
    has_receipt = exists().where(Invoice.payment_id == Payment.id, Invoice.kind == InvoiceKind.RECEIPT)
    count = (
        session.scalar(
            select(func.count()).select_from(Payment).where(Payment.settled_at < instants_of(month)[1], ~has_receipt)
        )
        or 0
    )
    if not count:
        return ""
    return f"{counted_text(count, 'payment')} without documents: `migrator invoices issue-missing` issues them."


LOOKS: dict[Check, Callable[[Session, str, datetime], str]] = {
    Check.OVER: _over,
    Check.EARLIER: _earlier,
    Check.RECONCILED: _reconciled,
    Check.EXCEPTIONS: _exceptions,
    Check.MATCHED: _matched,
    Check.BALANCED: _balanced,
    Check.POSTED: _posted,
    Check.EARNED: _earned,
    Check.INVOICED: _invoiced,
}
