"""Invoices, receipts and credit notes: each cause once, numbers without gaps, never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice, Seller
from migrator.finance.invoices.numbering import next_number
from migrator.finance.invoices.operations import (
    cancel_credit_note,
    issue_for_refund,
    issue_what_is_missing,
    know_seller,
)
from migrator.journeys.settle_payment import settle_payment
from migrator.orders.queries import lines_of
from migrator.payments.models import PaymentAttempt
from migrator.payments.refunds.lifecycle import RefundState
from tests.conftest import NOW
from tests.factories.money import a_done_refund, a_paid_checkout, a_payment
from tests.factories.stages import an_unpaid_order

THREADS = 20


class GaveUp(Exception):
    """A transaction that ends after it has taken its number."""


def issued(session: Session) -> list[tuple[str, int]]:
    found = session.scalars(select(Invoice).order_by(Invoice.id))
    return [(invoice.number, invoice.total_minor) for invoice in found]


def test_twenty_at_once_leave_no_gap_whoever_gives_up(app: Flask) -> None:
    def take(which: int) -> str:
        with app.app_context():
            try:
                with transaction() as session:
                    number, _at = next_number(session, InvoiceKind.INVOICE, NOW)
                    if which % 3 == 0:
                        raise GaveUp
                    return number
            except GaveUp:
                return ""

    with ThreadPoolExecutor(THREADS) as threads:
        taken = sorted(filter(None, threads.map(take, range(THREADS))))
    assert taken == [f"INV-2026-{number:04}" for number in range(1, len(taken) + 1)]
    assert len(taken) == THREADS - 7


def test_a_number_is_never_dated_before_the_one_before_it(session: Session) -> None:
    later = next_number(session, InvoiceKind.RECEIPT, NOW)
    earlier = next_number(session, InvoiceKind.RECEIPT, NOW - timedelta(seconds=2))
    assert [later, earlier] == [("REC-2026-0001", NOW), ("REC-2026-0002", NOW)]


def test_the_series_begins_anew_with_the_year_at_the_desk(session: Session) -> None:
    new_year_in_kyiv = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    next_number(session, InvoiceKind.INVOICE, NOW)
    assert next_number(session, InvoiceKind.INVOICE, new_year_in_kyiv)[0] == "INV-2027-0001"


def test_a_payment_gets_its_invoice_and_its_receipt_once_however_often_it_is_told(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=1)
    payment = a_payment(session, order)
    settle_payment(
        session, a_paid_checkout(session.get_one(PaymentAttempt, payment.attempt_id)), now=NOW + timedelta(hours=1)
    )
    assert issued(session) == [("INV-2026-0001", 26_643), ("REC-2026-0001", 26_643)]
    content = session.scalars(select(Invoice)).first().content  # type: ignore[union-attr]
    assert content["lines"][-1] == {
        "name": "Insurance: 1 restart in 7 working days",
        "note": "7 % of $249.00 = $17.43",
        "amount_minor": 1_743,
    }
    assert (content["net_minor"], content["tax_minor"], content["tax_bp"]) == (26_643, 0, None)


def test_what_was_issued_stays_whatever_is_renamed_later(session: Session) -> None:
    know_seller(session, name="Movers Ltd", address="1 Street\nKyiv", tax_id="UA 1", tax_countries="", now=NOW)
    order = an_unpaid_order(session)
    a_payment(session, order)
    know_seller(session, name="Other Ltd", address="", tax_id="", tax_countries="", now=NOW)
    order.organisation.name = "Another name"
    session.flush()
    content = session.scalars(select(Invoice)).first().content  # type: ignore[union-attr]
    assert content["seller"]["name"] == "Movers Ltd"
    assert content["buyer"]["name"] == "Lindqvist Books"


def test_the_same_seller_is_written_once(session: Session) -> None:
    for _ in range(2):
        know_seller(session, name="Movers Ltd", address="", tax_id="", tax_countries="DE", now=NOW)
    assert len(session.scalars(select(Seller)).all()) == 1


def test_a_refund_gets_a_credit_note_of_its_lines_against_the_invoice_once(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=1)
    payment = a_payment(session, order)
    insurance = lines_of(session, order)[-1]
    refund = a_done_refund(session, payment, amount_minor=1_000, lines={insurance.id: 1_000})
    for _ in range(2):
        issue_for_refund(session, refund, now=NOW)
    notes = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.CREDIT_NOTE)).all()
    assert [(note.number, note.against, note.total_minor) for note in notes] == [
        ("CRN-2026-0001", "INV-2026-0001", 1_000)
    ]
    assert notes[0].content["lines"] == [{"name": insurance.name, "note": "In part", "amount_minor": 1_000}]


def test_a_refund_that_came_back_cancels_its_credit_note_once_and_changes_nothing_of_it(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=1)
    insurance = lines_of(session, order)[-1]
    refund = a_done_refund(session, a_payment(session, order), amount_minor=900, lines={insurance.id: 900})
    cancel_credit_note(session, refund, now=NOW)
    issue_for_refund(session, refund, now=NOW)
    cancel_credit_note(session, refund, now=NOW)
    refund.state = RefundState.FAILED
    for _ in range(2):
        cancel_credit_note(session, refund, now=NOW)
    assert issue_what_is_missing(session, now=NOW) == 0
    note, cancellation = session.scalars(select(Invoice).where(Invoice.refund_id == refund.id).order_by(Invoice.id))
    assert (cancellation.number, cancellation.against, cancellation.total_minor) == (
        "CAN-2026-0001", note.number, 900
    )  # fmt: skip
    assert (cancellation.content["lines"], note.content["subject"]) == (note.content["lines"], "Not started")


def test_what_was_paid_before_there_were_invoices_gets_them_in_order_and_dated_today(session: Session) -> None:
    older, newer = (an_unpaid_order(session, insurance_plan=plan) for plan in (1, None))
    a_payment(session, newer, now=NOW + timedelta(hours=2), issues=False)
    payment = a_payment(session, older, now=NOW + timedelta(hours=1), issues=False)
    a_done_refund(session, payment, amount_minor=500, now=NOW + timedelta(hours=3))
    today = NOW + timedelta(days=40)
    assert issue_what_is_missing(session, now=today) == 5
    assert issue_what_is_missing(session, now=today) == 0
    assert [number for number, _total in issued(session)] == [
        "INV-2027-0001", "REC-2027-0001", "INV-2027-0002", "REC-2027-0002", "CRN-2027-0001",
    ]  # fmt: skip
    assert {invoice.issued_at for invoice in session.scalars(select(Invoice))} == {today}


@pytest.mark.parametrize(
    "deed", ["UPDATE invoices SET total_minor = 1", "UPDATE invoices SET content = '{}'", "DELETE FROM invoices"]
)
def test_the_database_refuses_to_change_what_was_issued(app: Flask, deed: str) -> None:
    with app.app_context(), transaction() as session:
        a_payment(session, an_unpaid_order(session))
    with app.app_context(), pytest.raises(DBAPIError, match="never changed"), transaction() as session:
        session.execute(text(deed))
    with app.app_context(), reading() as session:
        assert len(issued(session)) == 2
