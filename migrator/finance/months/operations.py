"""Closing a month of the books and opening it again. Flushes, never commits; each step is one transaction of a door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.finance.desk_days import first_day, last_day, month_text
from migrator.finance.exports.columns import INSURANCE, JOURNAL
from migrator.finance.exports.files import csv_hash
from migrator.finance.exports.filters import LineFilter
from migrator.finance.exports.insurance_lines import insurance_lines
from migrator.finance.exports.journal_lines import journal_lines
from migrator.finance.ledger.invariants import trial_balance
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.months.checks import findings_of
from migrator.finance.months.figures import figures_of
from migrator.finance.months.lifecycle import MonthState, MonthStep, refuse_step
from migrator.finance.months.models import AccountingMonth
from migrator.history.models import Visibility
from migrator.history.operations import record


class NotReady(DomainError):
    """Something keeps the month from being locked."""


class SamePerson(DomainError):
    """Opening a month again takes two people."""


class NoReason(DomainError):
    """Opening a month again has to say why."""


class LaterMonthLocked(DomainError):
    """Months are opened again from the last one backwards."""


def take_into_review(session: Session, month: str, *, by: Person, now: datetime) -> None:
    """This will take an open month up for closing.

    :raises MonthNotNow: when it is not open
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.REVIEW)
    row.state, row.reviewed_by_id, row.reviewed_at = MonthState.IN_REVIEW, by.id, now
    _record(session, row, "month.in_review", by=by, now=now)


def stop_review(session: Session, month: str, *, by: Person, now: datetime) -> None:
    """This will give a month that is in review back.

    :raises MonthNotNow: when it is not in review
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.STOP)
    row.state = MonthState.OPEN
    _record(session, row, "month.opened", by=by, now=now)


def lock(session: Session, month: str, *, by: Person, now: datetime) -> None:
    """This will lock a month with its totals and the hash of its lines; whoever is writing into it ends first.

    :raises MonthNotNow: when it is not in review
    :raises NotReady: with everything that stands in the way
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.LOCK)
    missing = [finding for finding in findings_of(session, month, now=now) if not finding.is_met]
    if missing:
        reasons = " ".join(finding.reason for finding in missing)
        raise NotReady(f"{month_text(month)} cannot be locked yet. {reasons}")
    row.totals, row.sha256 = totals_of(session, month)
    row.state, row.locked_by_id, row.locked_at = MonthState.LOCKED, by.id, now
    _record(session, row, "month.locked", by=by, now=now, facts={"sha256": row.sha256, "totals": row.totals})


def ask_to_reopen(session: Session, month: str, *, reason: str, by: Person, now: datetime) -> None:
    """This will ask to open a locked month again; nothing is open until another person confirms.

    :raises MonthNotNow: when it is not locked, or was asked for already
    :raises NoReason: without a reason
    :raises LaterMonthLocked: when a later month is locked
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.ASK)
    if not reason.strip():
        raise NoReason("Say why the month has to be opened again.")
    _refuse_later(session, month)
    row.reopening_asked_by_id, row.reopening_asked_at, row.reopening_reason = by.id, now, reason.strip()
    _record(session, row, "month.reopening_asked", by=by, now=now, reason=row.reopening_reason)


def confirm_reopening(session: Session, month: str, *, by: Person, now: datetime) -> None:
    """This will open a locked month again, as somebody else has asked; its totals stay in the history.

    :raises MonthNotNow: when nobody has asked
    :raises SamePerson: for the one who has asked
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.CONFIRM)
    if row.reopening_asked_by_id == by.id:
        raise SamePerson("Another person has to confirm this: you have asked for it yourself.")
    _refuse_later(session, month)
    reason, facts = row.reopening_reason, {"sha256": row.sha256, "totals": row.totals}
    row.state, row.sha256, row.totals = MonthState.OPEN, "", {}
    row.locked_by_id = row.locked_at = None
    _forget_asking(row)
    _record(session, row, "month.reopened", by=by, now=now, reason=reason, facts=facts)


def keep_locked(session: Session, month: str, *, by: Person, now: datetime) -> None:
    """This will leave a month locked that somebody has asked to open; who has asked may take it back like that too.

    :raises MonthNotNow: when nobody has asked
    """
    row = _hold(session, month)
    _refuse(row, MonthStep.KEEP)
    reason = row.reopening_reason
    _forget_asking(row)
    _record(session, row, "month.kept_locked", by=by, now=now, reason=reason)


def totals_of(session: Session, month: str) -> tuple[dict[str, Any], str]:
    """This will return what a month came to as a document, and the SHA-256 of its journal as it is exported.

    The hash is of the journal, which nothing in a locked month can change: it can be taken again at any time. Beside
    it stands that of the insurance lines as they were at this moment; those go on earning.
    """
    sha256, count = csv_hash(JOURNAL, journal_lines(session, month))
    insurance_sha256, insurance_count = csv_hash(INSURANCE, insurance_lines(session, LineFilter(month=month)))
    dated = JournalEntry.happened_on.between(first_day(month), last_day(month))
    accounts = [
        [one.currency, one.account.value, one.debit_minor, one.credit_minor] for one in trial_balance(session, dated)
    ]
    figures = figures_of(session, [month]).get(month, {})
    return {
        "currencies": {currency: one.document() for currency, one in figures.items()},
        "accounts": accounts,
        "journal_lines": count,
        "insurance_lines": insurance_count,
        "insurance_sha256": insurance_sha256,
    }, sha256


def _hold(session: Session, month: str) -> AccountingMonth:
    # The triggers on dated tables share this lock until their transactions end (revision 0006).
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"accounting_month {month}"})
    wanted = select(AccountingMonth).where(AccountingMonth.month == month).with_for_update()
    row = session.scalar(wanted.execution_options(populate_existing=True))
    if row is None:
        row = AccountingMonth(month=month, state=MonthState.OPEN, totals={}, sha256="", reopening_reason="")
        session.add(row)
        session.flush()
    return row


def _refuse(row: AccountingMonth, step: MonthStep) -> None:
    refuse_step(step, row.state, is_asked=row.reopening_asked_by_id is not None)


def _refuse_later(session: Session, month: str) -> None:
    later = select(AccountingMonth.month).where(
        AccountingMonth.month > month, AccountingMonth.state == MonthState.LOCKED
    )
    if last := session.scalar(later.order_by(AccountingMonth.month.desc()).limit(1)):
        raise LaterMonthLocked(f"{month_text(last)} is locked after it. Open that month first.")


def _forget_asking(row: AccountingMonth) -> None:
    row.reopening_asked_by_id = row.reopening_asked_at = None
    row.reopening_reason = ""


def _record(
    session: Session,
    row: AccountingMonth,
    verb: str,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    session.flush()
    record(
        session,
        verb,
        subject="month",
        key=row.month,
        actor=by.actor,
        now=now,
        visibility=Visibility.STAFF,
        reason=reason,
        facts=facts,
    )
