"""The exports: the columns that were agreed, cells that run nothing, and equal bytes for an equal filter."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from itertools import islice
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.exports.columns import INSURANCE, Table, harmless, major
from migrator.finance.exports.files import csv_text, write_xlsx
from migrator.finance.exports.filters import LineFilter
from migrator.finance.exports.insurance_lines import insurance_lines
from migrator.finance.ledger.giving_back import post_refund
from migrator.finance.ledger.statements import post_statements
from migrator.finance.reconciliation.lifecycle import MatchedKind, MatchRule
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.run_models import Match
from migrator.orders.queries import lines_of
from migrator.payments.queries import applied_payments
from tests.conftest import NOW
from tests.factories.books import IN_OCTOBER, a_finished_run, an_order_in_the_books
from tests.factories.money import a_done_refund
from tests.factories.people import a_customer, an_organisation

AGREED = (
    "order_no, order_line_id, customer, plan, rate_bp, base, expected_premium, charged_premium, variance, currency, "
    "payment_intent_id, charge_id, balance_transaction_id, paid_at, gross, fee_allocated, net, payout_id, "
    "arrival_date, refunded, disputed, dispute_status, window_start, window_end, restarts_used, restarts_allowed, "
    "earned_to_date, deferred_balance, period, match_rule, exception_codes"
)
EVERYTHING = LineFilter()
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def rows(session: Session, wanted: LineFilter = EVERYTHING) -> list[dict[str, str]]:
    written = "".join(csv_text(INSURANCE, insurance_lines(session, wanted)))
    return list(csv.DictReader(io.StringIO(written, newline="")))


def as_xlsx(session: Session, wanted: LineFilter = EVERYTHING) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, INSURANCE, insurance_lines(session, wanted))
    return file.getvalue()


def a_matched_order(session: Session, **differences: object) -> str:
    """An order of $249.00 and $17.43 whose charge of $266.43 cost $8.03 and was paid out."""
    order = an_order_in_the_books(session, insurance_plan=1, **differences)
    (payment,) = applied_payments(session, order.id)
    payout = ProviderPayout(
        provider_id="po_1", amount_minor=25_840, currency="USD", status="paid", arrival_on=NOW.date(), created_at=NOW
    )
    session.add(payout)
    session.flush()
    movement = ProviderTransaction(
        source="api", provider_id="txn_1", reporting_category="charge", gross_minor=26_643, fee_minor=803,
        net_minor=25_840, currency="USD", created_at=IN_OCTOBER, charge_id=payment.charge_id, payout_id=payout.id,
        payment_intent_id=payment.payment_intent_id,
    )  # fmt: skip
    session.add(movement)
    session.flush()
    run = a_finished_run(session)
    rule = MatchRule.METADATA
    session.add(
        Match(
            transaction_id=movement.id, kind=MatchedKind.CHARGE, payment_id=payment.id, rule=rule, inputs={},
            run_id=run.id,
        )
    )  # fmt: skip
    insurance = lines_of(session, order)[-1]
    refund = a_done_refund(session, payment, amount_minor=100, lines={insurance.id: 100})
    post_refund(session, refund, now=NOW)
    post_statements(session, now=NOW, limit=10)
    return order.number


def test_a_line_says_everything_that_proves_it(session: Session) -> None:
    number = a_matched_order(session)
    (row,) = rows(session)
    assert ", ".join(row) == AGREED
    expected = {
        "order_no": number, "customer": "Lindqvist Books", "plan": "1", "rate_bp": "700", "base": "249.00",
        "expected_premium": "17.43", "charged_premium": "17.43", "variance": "0.00", "currency": "USD",
        "balance_transaction_id": "txn_1", "paid_at": "2026-10-13T09:00:00+00:00", "gross": "17.43",
        "fee_allocated": "0.53", "net": "16.90", "payout_id": "po_1", "arrival_date": "2026-11-24", "refunded": "1.00",
        "disputed": "no", "dispute_status": "", "window_start": "", "restarts_used": "0", "restarts_allowed": "1",
        "earned_to_date": "0.00", "period": "2026-10", "match_rule": "metadata", "exception_codes": "",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_the_filter_chooses_by_month_plan_and_state(session: Session) -> None:
    an_order_in_the_books(session, insurance_plan=1)
    an_order_in_the_books(session, insurance_plan=2, at=NOW)
    an_order_in_the_books(session, insurance_plan=None)
    assert [row["plan"] for row in rows(session)] == ["1", "2"]
    assert [row["plan"] for row in rows(session, LineFilter(month="2026-11"))] == ["2"]
    assert [row["plan"] for row in rows(session, LineFilter(plan=1))] == ["1"]
    assert len(rows(session, LineFilter(state=CoverState.SOLD))) == 2
    assert rows(session, LineFilter(state=CoverState.ENDED)) == []


def test_yen_have_no_decimals(session: Session) -> None:
    an_order_in_the_books(session, insurance_plan=3, currency="JPY")
    (row,) = rows(session)
    assert (row["currency"], row["base"], row["charged_premium"]) == ("JPY", "37350", "9338")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_same_filter_gives_the_same_bytes_and_both_files_say_the_same(session: Session) -> None:
    for name in ("=cmd|' /C calc'!A0", "Київ", 'Quote " and, comma\nand line'):
        an_order_in_the_books(session, person=a_customer(session, organisation=an_organisation(session, name=name)))
    first = as_xlsx(session)
    sleep(1.1)
    assert as_xlsx(session) == first
    sheet = load_workbook(io.BytesIO(first)).active
    assert sheet is not None
    head, *lines = sheet.iter_rows(values_only=True)
    written = rows(session)
    assert list(head) == list(written[0])
    for line, row in zip(lines, written, strict=True):
        assert ["" if cell is None else str(cell) for cell in line[:5]] == list(islice(row.values(), 5))
    assert [row["customer"] for row in written] == ["'=cmd|' /C calc'!A0", "Київ", 'Quote " and, comma\nand line']
    assert sum(Decimal(str(line[7])) for line in lines) == Decimal("29.88") * 3


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.text())
def test_what_is_written_is_read_back_and_never_begins_a_formula(text: str) -> None:
    table = Table("x", "X", ("a", "b"))
    written = "".join(csv_text(table, [(text, Decimal("-1.50"))]))
    _head, (cell, number) = csv.reader(io.StringIO(written, newline=""))
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert number == "-1.50"


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1_743, "USD", "17.43"), (5, "USD", "0.05"), (-100, "EUR", "-1.00"), (725, "JPY", "725")],
)
def test_amounts_are_exact_in_major_units(minor: int, currency: str, text: str) -> None:
    assert str(major(minor, currency)) == text
