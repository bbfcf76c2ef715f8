"""What finance sees of what does not fit: the list, the evidence, and decisions by one or two people."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.finance.reconciliation.lifecycle import Code
from migrator.finance.reconciliation.models import ProviderPayout, StatementImport
from migrator.finance.reconciliation.run_models import Discrepancy
from tests.factories.month import a_month, reconcile
from tests.factories.people import a_customer, a_finance_person, sign_in


@pytest.fixture(autouse=True)
def _books_balance() -> None:
    """What is planted here is wrong in the books too."""


@pytest.fixture
def people(app: Flask, now: datetime) -> tuple[Person, Person]:
    """Two people of finance, and a month in which everything is wrong once."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        a_month(session, count=70, now=now, each=1)
        reconcile(session, now=now)
        return a_finance_person(session, name="Nadia First"), a_finance_person(session, name="Oleh Second")


def client_of(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person)
    return client


def the(app: Flask, code: Code) -> Discrepancy:
    with app.app_context(), reading() as session:
        return session.scalars(select(Discrepancy).where(Discrepancy.code == code).order_by(Discrepancy.id)).first()


def test_the_morning_page_lists_what_is_most_severe_first(app: Flask, people: tuple[Person, Person]) -> None:
    page = client_of(app, people[0]).get("/finance").text
    assert "Blocks the month" in page
    assert page.index("Blocks the month") < page.index("Serious")
    listed = client_of(app, people[0]).get("/finance/exceptions?code=unexpected_fee").text
    assert "Unexpected fee" in listed
    assert "$9.10" in listed


def test_above_the_limit_a_second_person_agrees(app: Flask, people: tuple[Person, Person]) -> None:
    first, second = (client_of(app, person) for person in people)
    found = the(app, Code.ORPHAN_CHARGE)
    with app.app_context(), transaction() as session:
        session.execute(update(Discrepancy).where(Discrepancy.id == found.id).values(amount_minor=50_001))
    address = f"/finance/exceptions/{found.id}"
    assert first.post(f"{address}/decide", data={"decision": "waive", "reason": ""}).status_code == 422
    assert first.post(f"{address}/decide", data={"decision": "waive", "reason": "Known"}).status_code == 303
    assert "Nadia First wants to waive it" in second.get(address).text
    assert first.post(f"{address}/second", data={"answer": "agree"}).status_code == 409
    assert second.post(f"{address}/second", data={"answer": "agree"}).status_code == 303
    assert "Oleh Second agreed: Known" in first.get(address).text
    assert second.post(f"{address}/second", data={"answer": "agree"}).status_code == 409


def test_what_is_resolved_and_found_again_is_open_again(
    app: Flask, people: tuple[Person, Person], now: datetime
) -> None:
    client = client_of(app, people[0])
    resolved, waived = the(app, Code.ORPHAN_CHARGE), the(app, Code.LATE_IN_CLOSED_MONTH)
    client.post(f"/finance/exceptions/{resolved.id}/decide", data={"decision": "resolve", "reason": "Refunded"})
    client.post(f"/finance/exceptions/{waived.id}/decide", data={"decision": "waive", "reason": "Reported"})
    with app.app_context(), transaction() as session:
        run = reconcile(session, now=now)
        assert (run.figures["reopened"], run.figures["closed"]) == (1, 0)
    assert "Found again." in client.get(f"/finance/exceptions/{resolved.id}").text
    assert "Waived" in client.get(f"/finance/exceptions/{waived.id}").text


def test_a_short_payout_says_by_how_much_and_why(app: Flask, people: tuple[Person, Person], now: datetime) -> None:
    client = client_of(app, people[0])
    payout_id = the(app, Code.PAYOUT_SUM_DIFFERS).payout_id
    page = client.get(f"/finance/payouts/{payout_id}").text
    assert "$9.10 short" in page
    assert "Difference −$9.10" in page
    late = the(app, Code.PAYOUT_NOT_AT_BANK)
    address = f"/finance/payouts/{late.payout_id}"
    assert client.post(f"{address}/arrived", data={"on": "2030-01-01", "amount": "1"}).status_code == 409
    assert client.post(f"{address}/arrived", data={"on": "2026-11-20", "amount": "lots"}).status_code == 409
    with app.app_context(), reading() as session:
        whole = session.get_one(ProviderPayout, late.payout_id)
    amount = whole.amount.plain
    assert client.post(f"{address}/arrived", data={"on": "2026-11-20", "amount": amount}).status_code == 303
    with app.app_context(), transaction() as session:
        reconcile(session, now=now)
    assert "A run no longer found it." in client.get(f"/finance/exceptions/{late.id}").text


def test_a_file_is_sent_once_and_refused_in_words(app: Flask, people: tuple[Person, Person]) -> None:
    client = client_of(app, people[0])
    address = "/finance/reconciliation/imports/new"
    good = b"balance_transaction_id,currency,gross,fee,net,reporting_category\ntxn_1,usd,1.00,0,1.00,charge\n"

    def send(content: bytes) -> object:
        return client.post(address, data={"statement": (io.BytesIO(content), "november.csv")})

    assert client.post(address).status_code == 422
    refused = send(b"PK\x03\x04sheet")
    assert (refused.status_code, "a spreadsheet that was renamed" in refused.text) == (409, True)
    first, again = send(good), send(good)
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert "Being read" in client.get(first.location).text
    assert send(b"x" * 101_000_000).status_code == 413
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(StatementImport)).all()) == 1


def test_no_other_page_takes_a_file_and_nobody_else_comes_in(app: Flask, people: tuple[Person, Person]) -> None:
    client = client_of(app, people[0])
    sent = {"body": "words", "file": (io.BytesIO(b"x"), "x.csv")}
    assert client.post(f"/finance/exceptions/{the(app, Code.PAID_LATE).id}/comment", data=sent).status_code == 400
    with app.app_context(), transaction() as session:
        customer = a_customer(session)
    for place in ("/finance", "/finance/exceptions", "/finance/payouts", "/finance/reconciliation"):
        assert client_of(app, customer).get(place).status_code == 404
        assert client.get(place).status_code == 200
