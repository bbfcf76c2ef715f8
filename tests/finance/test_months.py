"""Closing a month: the checks, the lock that the databases hold, the totals, and opening again by two."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.finance.exports.columns import JOURNAL
from migrator.finance.exports.files import csv_hash
from migrator.finance.exports.journal_lines import journal_lines
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.journal import Transfer, post
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.months.checks import Check, findings_of
from migrator.finance.months.entries import late_entries
from migrator.finance.months.figures import Figures, figures_of
from migrator.finance.months.lifecycle import MonthNotNow, MonthState
from migrator.finance.months.models import AccountingMonth
from migrator.finance.months.operations import (
    LaterMonthLocked,
    NoReason,
    NotReady,
    SamePerson,
    ask_to_reopen,
    confirm_reopening,
    keep_locked,
    lock,
    stop_review,
    take_into_review,
)
from migrator.finance.months.queries import month_row
from migrator.finance.reconciliation.lifecycle import Code, Severity
from migrator.finance.reconciliation.models import ProviderTransaction
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.history.models import HistoryEntry
from tests.conftest import NOW
from tests.factories.books import IN_OCTOBER, MONTH, a_finished_run, a_locked_month, an_order_in_the_books
from tests.factories.money import a_payment
from tests.factories.people import a_finance_person
from tests.factories.stages import an_unpaid_order

A_FEE = Transfer(Account.PROCESSING_FEES, Account.STRIPE_CLEARING, 100, "USD")


def a_provable_month(session: Session) -> Person:
    """This will make an October in which nothing stands in the way, and return who locks it."""
    an_order_in_the_books(session)
    a_finished_run(session)
    return a_finance_person(session)


def unmet(session: Session) -> dict[Check, str]:
    return {one.check: one.reason for one in findings_of(session, MONTH, now=NOW) if not one.is_met}


def test_a_month_that_is_proven_is_locked_with_its_totals_and_hash(session: Session) -> None:
    a_locked_month(session, a_provable_month(session))
    row = month_row(session, MONTH)
    assert row.state is MonthState.LOCKED
    sold = Figures(invoiced=27_888, paid=27_888, insurance=2_988)
    assert row.totals["currencies"] == {"USD": sold.document()}
    assert (row.sha256, row.totals["journal_lines"]) == csv_hash(JOURNAL, journal_lines(session, MONTH))
    assert row.totals["insurance_lines"] == 1
    deeds = session.scalars(select(HistoryEntry.verb).where(HistoryEntry.subject == "month").order_by(HistoryEntry.id))
    assert list(deeds) == ["month.in_review", "month.locked"]


def test_figures_stand_in_the_month_at_the_desk_and_by_currency(session: Session) -> None:
    begins_in_kyiv = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)
    an_order_in_the_books(session, at=begins_in_kyiv - timedelta(seconds=1))
    an_order_in_the_books(session, at=begins_in_kyiv, currency="JPY", insurance_plan=None)
    an_unpaid_order(session, at=begins_in_kyiv + timedelta(days=1))
    found = figures_of(session, ["2026-10", "2026-11"])
    assert found["2026-10"] == {"USD": Figures(invoiced=27_888, paid=27_888, insurance=2_988)}
    assert found["2026-11"] == {"JPY": Figures(invoiced=37_350, paid=37_350), "USD": Figures(open=27_888)}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_entries (id, cause, kind, happened_on, posted_at, words) "
        "VALUES (900, 'x', 'fee', '2026-10-31', '2026-11-24 09:00:00', 'x')",
        "INSERT INTO postings (id, entry_id, debit, credit, amount_minor, currency) "
        "SELECT 900, min(id), 'bank', 'refunds', 1, 'USD' FROM journal_entries",
        "INSERT INTO invoices (id, number, kind, order_id, organisation_id, payment_id, against, issued_at, issued_on, "
        "currency, total_minor, tax_minor, content) SELECT 900, 'X', 'receipt', order_id, organisation_id, NULL, '', "
        "issued_at, '2026-10-01', 'USD', 1, 0, content FROM invoices WHERE id = 1",
        "DELETE FROM accounting_months",
    ],
    ids=["entry", "posting", "invoice", "the month itself"],
)
def test_the_database_refuses_what_is_dated_in_a_locked_month(app: Flask, statement: str) -> None:
    with app.app_context(), transaction() as session:
        a_locked_month(session, a_provable_month(session))
    with app.app_context(), pytest.raises(DBAPIError, match="month is locked"), transaction() as session:
        session.execute(text(statement))


def test_what_comes_late_is_dated_in_the_open_month_and_names_its_day(session: Session) -> None:
    a_locked_month(session, a_provable_month(session))
    post(session, "fee:1", EntryKind.FEE, [A_FEE], on=date(2026, 10, 20), words="A fee", now=NOW)
    (late,) = late_entries(session, MONTH)
    assert (late.happened_on, late.late_of) == (date(2026, 11, 24), date(2026, 10, 20))
    session.rollback()


def test_a_month_that_is_not_over_is_not_locked(session: Session) -> None:
    by = a_finance_person(session)
    take_into_review(session, "2026-11", by=by, now=NOW)
    with pytest.raises(NotReady, match="It can be locked from Tue 1 Dec 2026 on"):
        lock(session, "2026-11", by=by, now=NOW)


def _an_exception(session: Session, severity: Severity = Severity.BLOCKING, at: datetime = IN_OCTOBER) -> None:
    session.add(
        Discrepancy(
            code=Code.ORPHAN_CHARGE,
            severity=severity,
            rank=1,
            fingerprint=f"{severity}-{at}",
            amount_minor=1,
            currency="USD",
            happened_at=at,
            evidence={},
            found_at=at,
        )
    )


def _a_movement(session: Session) -> None:
    session.add(
        ProviderTransaction(
            source="api",
            provider_id="txn_1",
            reporting_category="charge",
            gross_minor=100,
            fee_minor=0,
            net_minor=100,
            currency="USD",
            created_at=IN_OCTOBER,
            payment_intent_id="pi_unknown",
        )
    )


STANDING_IN_THE_WAY: list[tuple[Callable[[Session], object], Check, str]] = [
    (_an_exception, Check.EXCEPTIONS, "1 exception to resolve or waive."),
    (_a_movement, Check.MATCHED, "1 movement without a match."),
    (
        lambda session: post(session, "fee:1", EntryKind.FEE, [A_FEE], on=date(2026, 10, 20), words="x", now=NOW),
        Check.BALANCED,
        "At Stripe: −$1.00 apart.",
    ),
    (
        lambda session: an_order_in_the_books(session, at=IN_OCTOBER - timedelta(days=30)),
        Check.EARLIER,
        "September 2026 comes first: it is not locked.",
    ),
]


@pytest.mark.parametrize(
    ("plant", "check", "reason"), STANDING_IN_THE_WAY, ids=["exception", "movement", "balance", "september"]
)
def test_what_stands_in_the_way_is_said_and_nothing_is_locked(
    session: Session, plant: Callable[[Session], object], check: Check, reason: str
) -> None:
    by = a_provable_month(session)
    assert unmet(session) == {}
    plant(session)
    session.flush()
    assert unmet(session)[check] == reason
    take_into_review(session, MONTH, by=by, now=NOW)
    with pytest.raises(NotReady, match="October 2026 cannot be locked yet"):
        lock(session, MONTH, by=by, now=NOW)
    assert month_row(session, MONTH).state is MonthState.IN_REVIEW
    session.rollback()


def test_what_is_of_a_later_month_or_does_not_block_stands_in_nobody_s_way(session: Session) -> None:
    a_provable_month(session)
    _an_exception(session, Severity.SERIOUS)
    _an_exception(session, at=NOW)
    an_order_in_the_books(session, at=NOW)
    assert unmet(session) == {}


def test_without_a_look_after_the_month_s_end_it_is_not_locked(session: Session) -> None:
    an_order_in_the_books(session)
    assert unmet(session) == {Check.RECONCILED: "There was no run yet. Reconcile once more."}
    a_finished_run(session, at=IN_OCTOBER)
    assert "The last run began Tue 13 Oct 2026." in unmet(session)[Check.RECONCILED]


def test_a_payment_without_documents_or_posting_stands_in_the_way(session: Session) -> None:
    a_provable_month(session)
    a_payment(session, an_unpaid_order(session, at=IN_OCTOBER), now=IN_OCTOBER, issues=False)
    assert unmet(session)[Check.INVOICED].startswith("1 payment without documents")


def test_steps_out_of_turn_are_refused(session: Session) -> None:
    by = a_provable_month(session)
    with pytest.raises(MonthNotNow, match="into review first"):
        lock(session, MONTH, by=by, now=NOW)
    take_into_review(session, MONTH, by=by, now=NOW)
    with pytest.raises(MonthNotNow, match="Only an open month"):
        take_into_review(session, MONTH, by=by, now=NOW)
    stop_review(session, MONTH, by=by, now=NOW)
    with pytest.raises(MonthNotNow, match="Only a locked month"):
        ask_to_reopen(session, MONTH, reason="x", by=by, now=NOW)


def test_a_locked_month_is_opened_by_two_with_a_reason_and_the_old_totals_stay_in_the_history(session: Session) -> None:
    first = a_provable_month(session)
    second = a_finance_person(session)
    a_locked_month(session, first)
    sha256 = month_row(session, MONTH).sha256
    with pytest.raises(NoReason):
        ask_to_reopen(session, MONTH, reason="  ", by=first, now=NOW)
    ask_to_reopen(session, MONTH, reason="A fee was forgotten", by=first, now=NOW)
    with pytest.raises(SamePerson):
        confirm_reopening(session, MONTH, by=first, now=NOW)
    keep_locked(session, MONTH, by=second, now=NOW)
    with pytest.raises(MonthNotNow, match="Nobody has asked"):
        confirm_reopening(session, MONTH, by=second, now=NOW)
    ask_to_reopen(session, MONTH, reason="A fee was forgotten", by=first, now=NOW)
    confirm_reopening(session, MONTH, by=second, now=NOW)
    row = month_row(session, MONTH)
    assert (row.state, row.totals, row.sha256) == (MonthState.OPEN, {}, "")
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "month.reopened")).one()
    assert (entry.reason, entry.facts["sha256"]) == ("A fee was forgotten", sha256)
    for cause, transfer in (("fee:1", A_FEE), ("fee:2", A_FEE.back())):
        post(session, cause, EntryKind.FEE, [transfer], on=date(2026, 10, 20), words="A fee", now=NOW)
    a_locked_month(session, second)
    assert month_row(session, MONTH).sha256 != sha256


def test_months_are_opened_again_from_the_last_one_backwards(session: Session) -> None:
    by = a_provable_month(session)
    a_locked_month(session, by)
    december = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    a_finished_run(session, at=december)
    a_locked_month(session, by, "2026-11", now=december)
    with pytest.raises(LaterMonthLocked, match="November 2026 is locked after it"):
        ask_to_reopen(session, MONTH, reason="x", by=by, now=december)


def test_the_lock_waits_for_who_is_writing_and_counts_it(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        by = a_provable_month(session)
        take_into_review(session, MONTH, by=by, now=NOW)
    writing, refusals = threading.Event(), []

    def close() -> None:
        writing.wait()
        try:
            with app.app_context(), transaction() as session:
                lock(session, MONTH, by=by, now=NOW)
        except Exception as error:
            refusals.append(error)

    closing = threading.Thread(target=close)
    closing.start()
    with app.app_context(), transaction() as session:
        post(session, "fee:1", EntryKind.FEE, [A_FEE], on=date(2026, 10, 20), words="A fee", now=NOW)
        writing.set()
        closing.join(0.5)
        assert closing.is_alive()
        post(session, "fee:2", EntryKind.FEE, [A_FEE.back()], on=date(2026, 10, 21), words="Given back", now=NOW)
    closing.join()
    assert refusals == []
    with app.app_context(), reading() as session:
        entries = session.scalars(select(JournalEntry)).all()
        assert month_row(session, MONTH).totals["journal_lines"] == csv_hash(JOURNAL, journal_lines(session, MONTH))[1]
        assert [entry.cause for entry in entries][-2:] == ["fee:1", "fee:2"]


# On SQLite each step is killed (`jobs/test_books.py`).
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statements", [8, 1_000])
def test_a_kill_while_locking_leaves_nothing_half_and_the_next_try_locks(app: Flask, statements: int) -> None:
    with app.app_context(), transaction() as session:
        by = a_provable_month(session)
        take_into_review(session, MONTH, by=by, now=NOW)
    assert _killed_after(app, statements, lambda opened: lock(opened, MONTH, by=by, now=NOW)) == signal.SIGKILL
    with app.app_context(), transaction() as session:
        row = session.get_one(AccountingMonth, MONTH)
        assert (row.state, row.sha256, row.totals) == (MonthState.IN_REVIEW, "", {})
        lock(session, MONTH, by=by, now=NOW)
    with app.app_context(), reading() as session:
        row = session.get_one(AccountingMonth, MONTH)
        assert row.sha256 == csv_hash(JOURNAL, journal_lines(session, MONTH))[0]


def _killed_after(app: Flask, statements: int, deed: Callable[[Session], None]) -> int:
    """This will do a deed in a process that is killed after so many statements, or at the latest before it commits."""
    child = os.fork()
    if child == 0:
        with app.app_context():
            db.engine.dispose(close=False)
            left = [statements]

            def count(*_about: object) -> None:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(db.engine, "before_cursor_execute", count)
            with transaction() as session:
                deed(session)
                os.kill(os.getpid(), signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)
