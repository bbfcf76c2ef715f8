"""Yen have no decimals from the order to the bank: given back in part, paid out, reconciled, posted and exported."""

from __future__ import annotations

import csv
import io
import re

from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.database.session import reading
from migrator.finance.invoices.models import Invoice
from migrator.finance.ledger.accounts import Account
from migrator.finance.ledger.invariants import invariants
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.reconciliation.run_models import Match
from migrator.jobs import finance
from migrator.jobs.ledger import keep_books
from migrator.money import Money
from tests.factories.counter import Counter
from tests.factories.forms import fill_in
from tests.factories.ledger import balances
from tests.factories.month import open_subjects
from tests.factories.sandbox import clock as clock
from tests.factories.sandbox import sandbox as sandbox
from tests.factories.sandbox import settings as settings
from tests.factories.sandbox import till as till
from tests.factories.till import Till
from tests.web.payments.test_yen import PRICE, TOTAL, order_by_page, sell_in

# 2.9 % and 30 of the smallest unit, which the yen is itself.
FEE = 351
BACK, OF_PREMIUM = 3_200, 200
LEFT = TOTAL - BACK - FEE


def test_yen_go_from_the_order_to_the_bank_and_into_the_books_without_decimals(till: Till) -> None:
    sell_in(till, "USD", "JPY")
    counter, number = Counter(till), order_by_page(till)
    till.come_back(number, till.paid_at_provider(number))
    give_back_in_part(counter, number)
    till.sandbox.control("payouts", currency="jpy")
    with till.app.app_context():
        assert finance.pull(till.gateway, till.clock) == 3
        finance.begin_due_run(till.clock)
        finance.continue_runs(till.clock, livemode=False, tariff=Tariff())
        keep_books()
        with reading() as session:
            assert {row.currency for row in session.scalars(select(ProviderTransaction))} == {"JPY"}
            assert session.scalars(select(ProviderPayout)).one().amount == Money(LEFT, "JPY")
            assert len(session.scalars(select(Match)).all()) == 3
            assert open_subjects(session) == set()
            assert [law for law in invariants(session) if not law.holds] == []
            assert balances(session, "JPY") == {
                Account.BANK: LEFT,
                Account.PROCESSING_FEES: FEE,
                Account.CONTRACT_LIABILITY: PRICE - (BACK - OF_PREMIUM),
                Account.DEFERRED_INSURANCE: TOTAL - PRICE - OF_PREMIUM,
            }
            assert balances(session) == {}
            issued = session.scalars(select(Invoice).order_by(Invoice.id)).all()
            assert [one.total.minor_units for one in issued] == [TOTAL, TOTAL, BACK]
    looked_at(till.client(counter.first), number)


def give_back_in_part(counter: Counter, number: str) -> None:
    """Without a limit for yen two people decide."""
    client, lines = counter.till.client(counter.first), counter.lines(number)
    path = f"/finance/orders/{number}/payments/{counter.payment(number).id}/refund"
    migration, insurance = (f"line_{lines[kind]}" for kind in ("migration", "insurance"))
    typed = {migration: "3,000.50", insurance: "200", "reason": "Agreed"}
    assert "an amount of money such as 1490" in fill_in(client, path, action=path, **typed).text
    assert fill_in(client, path, action=path, **{**typed, migration: "3,000"}).status_code == 303
    counter.approve(1)
    counter.send()
    assert counter.returned(number) == BACK


def looked_at(client: FlaskClient, number: str) -> None:
    """This will look at what finance sees and takes away: nowhere does a yen have decimals."""
    places = ("orders/" + number, "ledger", "insurance", "payouts/1", "months", "refunds/1", "reports")
    for place in (*(f"/finance/{place}" for place in places), "/invoices/CRN-2026-0001"):
        page = client.get(place)
        assert page.status_code == 200, place
        assert "¥" in page.text, place
        assert not re.search(r"¥[\d,]+\.\d", page.text), place
    (line,) = csv.DictReader(io.StringIO(client.get("/finance/exports/insurance.csv").text, newline=""))
    wanted = {
        "base": "10350", "charged_premium": "725", "currency": "JPY", "fee_allocated": "23", "net": "702",
        "refunded": "200", "deferred_balance": "525", "earned_to_date": "0", "match_rule": "metadata",
    }  # fmt: skip
    assert {name: line[name] for name in wanted} == wanted
    journal = csv.DictReader(io.StringIO(client.get("/finance/exports/journal.csv?month=2026-11").text, newline=""))
    assert all(row["amount"].isdigit() and row["currency"] == "JPY" for row in journal)
    assert "7,524 JPY" not in client.get("/finance/ledger.beancount").text
    assert "Assets:Bank  7524 JPY" in client.get("/finance/ledger.beancount").text
