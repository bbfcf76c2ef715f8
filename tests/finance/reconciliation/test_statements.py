"""Stripe's itemized files: read in any order of columns, taken whole or refused with line and column."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.finance.reconciliation.lifecycle import ImportState
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction, StatementImport, StatementRow
from migrator.finance.reconciliation.statements.imports import begin_import, interrupt_import, resume_import
from migrator.finance.reconciliation.statements.reading import BadStatement, heading_of, rows_of
from migrator.finance.reconciliation.statements.storing import store
from migrator.jobs import finance
from migrator.jobs.finance import continue_imports
from tests.factories.people import a_finance_person

HEADING = "balance_transaction_id,currency,gross,fee,net,reporting_category,created_utc,source_id,description"
GOOD = "txn_1,usd,100.00,3.20,96.80,charge,2026-11-20 10:00:00,ch_1,An order"
MOST = 10_000_000


def a_file(*lines: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *lines, "")).encode()


def rows_in(content: bytes) -> list[object]:
    heading_of(io.BytesIO(content))
    return list(rows_of(io.BytesIO(content)))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("txn_2,xyz,1.00,0,1.00,charge,,,", "Line 3, column currency: “xyz” is not a currency we sell in."),
        (
            "txn_2,usd,100.00,3.20,95.00,charge,,,",
            "Line 3, column net: $95.00 is not gross less fee ($100.00 − $3.20 = $96.80).",
        ),
        ("txn_2,usd,100.00,3.20", "Line 3 has 4 of 9 columns: it was cut off, or a comma is not quoted."),
        ("txn_2,usd,1.005,0,1.005,charge,,,", "Line 3, column gross: “1.005” is not an amount of USD such as 12.34."),
        ("txn_2,jpy,10.50,0,10.50,charge,,,", "Line 3, column gross: “10.50” is not an amount of JPY such as 1234."),
        (",usd,1.00,0,1.00,charge,,,", "Line 3, column balance_transaction_id: it is empty."),
        ("txn_2,usd,1.00,0,1.00,charge,last week,,", "Line 3, column created_utc: “last week” is not a date"),
        ('txn_2,usd,1.00,0,1.00,charge,,,"open', "Line 3 cannot be read: a quotation mark is not closed"),
        ("txn_2,usd,1e5,0,1.00,charge,,,", "Line 3, column gross: “1e5” is not an amount"),
    ],
)
def test_a_bad_row_names_its_line_and_column(line: str, sentence: str) -> None:
    with pytest.raises(BadStatement) as refusal:
        rows_in(a_file(GOOD, line))
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"PK\x03\x04 a spreadsheet", "This is a spreadsheet that was renamed."),
        (b"\xd0\xcf\x11\xe0 an old one", "This is a spreadsheet that was renamed."),
        (
            a_file(heading="balance_transaction_id,currency,gross,net"),
            "Line 1: the column “fee”, “reporting_category” is",
        ),
        (a_file(heading=HEADING + ",gross"), "Line 1: the column “gross” comes twice."),
        (a_file(GOOD) + b"x" * MOST, "This file is larger than 10 MB."),
        (b"a\x00b", "This is not a text file."),
    ],
)
def test_what_is_no_statement_is_not_kept(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadStatement) as refusal:
        store(io.BytesIO(content), tmp_path, most_bytes=MOST)
    assert str(refusal.value).startswith(sentence)
    assert list((tmp_path / "statements").iterdir()) == []


def test_a_line_that_is_not_utf_8_is_named() -> None:
    with pytest.raises(BadStatement, match="Line 3 is not UTF-8, near character 2"):
        rows_in(a_file(GOOD) + b"t\xe9xt")


def test_columns_may_come_in_any_order_and_unknown_ones_are_kept() -> None:
    heading = "net,colour,reporting_category,fee,gross,currency,balance_transaction_id,payment_metadata[order_number]"
    (row,) = rows_in(a_file('96.80,"red, mostly",charge,3.20,100,USD,txn_9,MIG-7F3K-2', heading=heading))
    assert (row.gross_minor, row.net_minor, row.order_number) == (10_000, 9_680, "MIG-7F3K-2")
    assert row.raw == {"colour": "red, mostly"}


def test_a_cell_that_would_run_as_a_formula_is_kept_as_text() -> None:
    (row,) = rows_in(a_file("txn_1,usd,-9.10,0,-9.10,fee,,,=HYPERLINK(1)"))
    assert row.raw == {"description": "'=HYPERLINK(1)"}
    assert row.notes == ("Line 2, column description: a cell that would run as a formula is kept as text.",)


@pytest.fixture(autouse=True)
def _books_balance() -> None:
    """Nothing of what these files say was ever sold."""


@pytest.fixture
def send(app: Flask, tmp_path: Path, now: datetime) -> Iterator[object]:
    """Keeps a file as if finance had sent it, and returns its import."""
    with app.app_context():
        with transaction() as session:
            person_id = a_finance_person(session).id

        def keep(content: bytes) -> int:
            kept = store(io.BytesIO(content), tmp_path, most_bytes=MOST)
            with transaction() as session:
                return begin_import(
                    session, kind=kept.kind, file_name="november.csv", sha256=kept.sha256,
                    byte_count=kept.byte_count, line_count=kept.line_count, imported_by_id=person_id, now=now,
                ).id  # fmt: skip

        yield keep


def standing(import_id: int) -> tuple[str, str, int, int]:
    """This will return state and problem of an import, and how many rows count and wait."""
    with reading() as session:
        found = session.get_one(StatementImport, import_id)
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (ProviderTransaction, StatementRow)
        ]
    return (found.state.value, found.problem, counts[0] or 0, counts[1] or 0)


def test_a_file_is_taken_whole_with_its_payouts(send, tmp_path: Path, clock: FileClock) -> None:
    heading = f"{HEADING},automatic_payout_id,automatic_payout_effective_at"
    lines = [f"txn_{n},usd,100.00,3.20,96.80,charge,2026-11-20 10:00:00,ch_{n},,po_1,2026-11-24" for n in range(3)]
    import_id = send(a_file(*lines, heading=heading))
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(import_id) == ("done", "", 3, 0)
    with reading() as session:
        payout = session.scalars(select(ProviderPayout)).one()
        assert (payout.amount_minor, payout.is_itemized) == (3 * 9_680, True)
        assert {row.payout_id for row in session.scalars(select(ProviderTransaction))} == {payout.id}


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (GOOD, "Line 3, column balance_transaction_id: txn_1 stands on line 2 already."),
        ("txn_2,usd,1.00,0,2.00,charge,,,", "Line 3, column net: $2.00 is not gross less fee ($1.00 − $0.00 = $1.00)."),
    ],
)
def test_of_a_file_with_one_bad_row_nothing_is_kept(
    send, tmp_path: Path, clock: FileClock, monkeypatch: pytest.MonkeyPatch, second: str, problem: str
) -> None:
    monkeypatch.setattr(finance, "ROWS_AT_ONCE", 1)
    import_id = send(a_file(GOOD, second))
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(import_id) == ("refused", problem, 0, 0)


def test_what_was_known_is_counted_once_and_never_changed(send, tmp_path: Path, clock: FileClock) -> None:
    send(a_file(GOOD))
    continue_imports(tmp_path, clock, livemode=False)
    again = send(a_file(GOOD, "txn_2,usd,1.00,0,1.00,charge,,,"))
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(again) == ("done", "", 2, 0)
    other = send(a_file(GOOD.replace("100.00", "100.01").replace("96.80", "96.81")))
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(other)[:2] == (
        "refused", "Line 2: txn_1 is known with other amounts. Compare it with Stripe first.",
    )  # fmt: skip


def test_reading_is_interrupted_and_goes_on_where_it_stopped(
    send, tmp_path: Path, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finance, "ROWS_AT_ONCE", 2)
    lines = [GOOD.replace("txn_1", f"txn_{number}") for number in range(7)]
    import_id = send(a_file(*lines))
    real, seen = finance.set_aside, []

    def stop_after_two(session, statement, rows: Sequence[object], **named: object) -> bool:
        seen.append(len(rows))
        if len(seen) == 3:
            interrupt_import(session, statement)
        return real(session, statement, rows, **named)

    monkeypatch.setattr(finance, "set_aside", stop_after_two)
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(import_id) == (ImportState.INTERRUPTED.value, "", 0, 4)
    with transaction() as session:
        resume_import(session, session.get_one(StatementImport, import_id))
    continue_imports(tmp_path, clock, livemode=False)
    assert standing(import_id) == ("done", "", 7, 0)
    assert sum(seen[3:]) == 3
