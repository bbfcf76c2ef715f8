"""What was issued, as its customer and the staff see it; nobody else does."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from migrator.database.session import transaction
from migrator.finance.invoices.operations import cancel_credit_note, issue_for_refund, know_seller
from migrator.orders.queries import lines_of
from migrator.payments.refunds.lifecycle import RefundState
from tests.conftest import NOW
from tests.factories.money import a_done_refund, a_payment
from tests.factories.people import a_customer, a_finance_person, an_account_manager, sign_in
from tests.factories.stages import an_unpaid_order


@pytest.fixture
def number(app: Flask, client: FlaskClient) -> str:
    """An order that was paid and given back in part, which its bank returned; its customer is signed in."""
    with app.app_context(), transaction() as session:
        know_seller(session, name="Movers Ltd", address="1 Street\nKyiv", tax_id="UA 1", tax_countries="", now=NOW)
        order = an_unpaid_order(session, insurance_plan=1)
        payment = a_payment(session, order)
        migration, insurance = lines_of(session, order)
        parts = {migration.id: 24_900, insurance.id: 100}
        refund = a_done_refund(session, payment, amount_minor=25_000, lines=parts)
        issue_for_refund(session, refund, now=NOW)
        refund.state = RefundState.FAILED
        cancel_credit_note(session, refund, now=NOW)
        sign_in(client, order.placed_by)
        return order.number


def test_a_customer_finds_everything_that_was_issued_the_newest_first(client: FlaskClient, number: str) -> None:
    page = client.get("/invoices").text
    places = [page.index(issued) for issued in ("CAN-2026-0001", "CRN-2026-0001", "REC-2026-0001", "INV-2026-0001")]
    assert places == sorted(places)
    assert "INV-2026-0001" in client.get(f"/orders/{number}/invoices").text
    assert f"/orders/{number}/invoices" in client.get(f"/orders/{number}").text


def test_the_list_goes_on_page_by_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr("migrator.web.invoices.listing.PAGE_LENGTH", 2)
    first = client.get("/invoices")
    older = first.text.partition('<a href="/invoices?before=')[2].partition('"')[0]
    second = client.get(f"/invoices?before={older}").text
    assert "INV-2026-0001" in second
    assert "CAN-2026-0001" not in second


def test_a_page_says_who_sold_what_to_whom_and_the_calculation(client: FlaskClient, number: str) -> None:
    page = client.get("/invoices/INV-2026-0001").text
    for words in ("Movers Ltd", "UA 1", "Lindqvist Books", "7 % of $249.00 = $17.43", "None added", "$266.43", number):
        assert words in page
    note = client.get("/invoices/CRN-2026-0001").text
    for words in ("Credit note", "INV-2026-0001", "Not started", "$250.00", "In part", "Cancelled by"):
        assert words in note
    cancellation = client.get("/invoices/CAN-2026-0001").text
    for words in ("Cancellation of a credit note", "CRN-2026-0001", "$250.00 did not reach", "The bank returned"):
        assert words in cancellation
    assert "CAN-2026-0001" in client.get(f"/orders/{number}/invoices").text


@pytest.mark.parametrize("issued", ["INV-2026-0001", "REC-2026-0001", "CRN-2026-0001", "CAN-2026-0001"])
def test_the_pdf_is_accessible_and_the_same_each_time(client: FlaskClient, number: str, issued: str) -> None:
    made = client.get(f"/invoices/{issued}.pdf").data
    assert made == client.get(f"/invoices/{issued}.pdf").data
    read = PdfReader(io.BytesIO(made))
    assert "pdfuaid" in read.trailer["/Root"]["/Metadata"].get_data().decode()
    assert read.metadata is not None
    assert str(read.metadata.title).endswith(issued)
    said = read.pages[0].extract_text()
    assert "Movers Ltd" in said
    assert number in said


def test_nobody_else_s_is_found_and_staff_find_all(app: Flask, number: str) -> None:
    with app.app_context(), transaction() as session:
        stranger = a_customer(session)
        staff = [an_account_manager(session), a_finance_person(session)]
    for path in ("/invoices/INV-2026-0001", "/invoices/INV-2026-0001.pdf", f"/orders/{number}/invoices"):
        theirs = app.test_client()
        sign_in(theirs, stranger)
        assert theirs.get(path).status_code == 404
        for person in staff:
            own = app.test_client()
            sign_in(own, person)
            assert own.get(path).status_code == 200
        assert app.test_client().get(path).status_code == 302


def test_without_any_the_page_says_when_they_come(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = an_unpaid_order(session, at=NOW - timedelta(days=1))
        sign_in(client, order.placed_by)
    assert "as soon as an order is paid" in client.get("/invoices").text
    assert "as soon as the order is paid" in client.get(f"/orders/{order.number}/invoices").text


@pytest.mark.parametrize("wrong", ["INV-1", "нет", "INV-2026-0001'--", "x" * 500])
def test_a_number_that_is_none_is_not_found(client: FlaskClient, number: str, wrong: str) -> None:
    assert client.get(f"/invoices/{wrong}").status_code == 404
