"""Insurance and ledger as finance sees them: numbers that add up, each leading to its rows; nobody else enters."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from beancount.loader import load_file
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.ledger.posting import post_refund
from migrator.money import Money
from migrator.orders.queries import lines_of
from migrator.payments.lifecycle import Disposition
from tests.factories.fulfilment import kyiv
from tests.factories.ledger import a_covered_order, pay
from tests.factories.money import a_done_refund, a_payment
from tests.factories.people import a_customer, a_finance_person, sign_in
from tests.factories.stages import an_unpaid_order

DONE = kyiv("2026-11-23 15:20")
LATER = kyiv("2026-11-28 10:00")


@pytest.fixture
def backend() -> str:
    """Pages are the same on both databases."""
    return "sqlite"


@pytest.fixture
def numbers(app: Flask, clock: FileClock, client: FlaskClient) -> tuple[str, str]:
    """An open cover four days into its window, and one that went back whole; a finance person is signed in."""
    clock.set(LATER)
    with app.app_context(), transaction() as session:
        open_one = a_covered_order(session, at=DONE)
        back = an_unpaid_order(session, person=open_one.placed_by, insurance_plan=1)
        payment = a_payment(session, back)
        amounts = {line.id: line.amount_minor for line in lines_of(session, back) if line.amount_minor}
        post_refund(
            session, a_done_refund(session, payment, amount_minor=payment.amount_minor, lines=amounts), now=LATER
        )
        pay(session, back, fits=Disposition.PAID_TWICE, money=Money(26_643, "JPY"))
        earn_some(session, now=LATER)
        sign_in(client, a_finance_person(session))
        return open_one.number, back.number


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_four_numbers_add_up_and_each_cover_shows_its_calculation(
    client: FlaskClient, numbers: tuple[str, str]
) -> None:
    page = words(client.get("/finance/insurance").text)
    assert "2 $47.31 $8.53 $21.35 $17.43" in page
    assert "Ledger balances" in page
    assert "$249.00 × 12 % = $29.88. $8.53 earned through Fri 27 Nov 2026, $21.35 still covered." in page
    assert "Fri 27 Nov 4 of 14" in page
    assert "Nothing is earned before" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?state=open", (True, False)),
        ("?state=void", (False, True)),
        ("?plan=1", (False, True)),
        ("?month=2026-11&plan=2&state=open", (True, False)),
        ("?month=2026-11&plan=3", (False, False)),
        ("?month=1066-13&plan=ninety&state=' OR 1&after=%%%", (True, True)),
    ],
)
def test_covers_are_chosen_by_month_plan_and_state_and_nonsense_chooses_nothing(
    client: FlaskClient, numbers: tuple[str, str], query: str, shown: tuple[bool, bool]
) -> None:
    page = client.get(f"/finance/insurance{query}").text
    assert tuple(number in page for number in numbers) == shown


def test_each_number_of_the_trial_balance_leads_to_its_entries(client: FlaskClient, numbers: tuple[str, str]) -> None:
    page = client.get("/finance/ledger").text
    assert "All four laws hold." in words(page)
    assert "Differs" not in page
    assert "Accounts in JPY" in page
    assert "¥26,643" in page
    rows = words(client.get("/finance/ledger/entries?account=revenue_insurance").text)
    assert "Premium earned: Insurance plan 2" in rows
    assert "Revenue: insurance: $8.53" in rows
    assert "Payment for" not in rows
    of_order = client.get(f"/finance/ledger/entries?order={numbers[1].lower()}").text
    assert f"Refund for {numbers[1]}" in of_order
    assert numbers[0] not in of_order
    assert "No such entry" in client.get("/finance/ledger/entries?month=2026-11&order=МІГ-ї&cover=9" + "9" * 30).text


def test_what_comes_out_is_taken_by_beancount(client: FlaskClient, numbers: tuple[str, str], tmp_path: Path) -> None:
    answer = client.get("/finance/ledger.beancount")
    assert "attachment" in answer.headers["Content-Disposition"]
    path = tmp_path / "migrator.beancount"
    path.write_bytes(answer.data)
    entries, errors, options = load_file(str(path))
    assert errors == []
    assert sorted(options["operating_currency"]) == ["JPY", "USD"]
    assert {entry.meta["order"] for entry in entries if "order" in entry.meta} == set(numbers)


def test_pages_of_many_entries_go_on_where_the_last_one_ended(
    app: Flask, client: FlaskClient, numbers: tuple[str, str]
) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session, email="many@example.com")
        for number in range(55):
            order = an_unpaid_order(session, person=person, at=LATER + timedelta(minutes=number))
            pay(session, order)
    seen: list[str] = []
    url: str | None = "/finance/ledger/entries?account=contract_liability"
    while url:
        page = client.get(url).text
        seen += re.findall(r"payment:\d+", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = following.group(1).replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) >= 56


@pytest.mark.parametrize("path", ["/finance/insurance", "/finance/ledger", "/finance/ledger/entries"])
def test_an_empty_installation_says_what_comes_next(app: Flask, client: FlaskClient, path: str) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_finance_person(session))
    assert 'class="empty"' in client.get(path).text


@pytest.mark.parametrize(
    "path", ["/finance/insurance", "/finance/ledger", "/finance/ledger/entries", "/finance/ledger.beancount"]
)
def test_customers_do_not_enter(app: Flask, client: FlaskClient, path: str) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))
    assert client.get(path).status_code in {403, 404}
