"""Finance finds why a payout is short, closes November, and adds its files up elsewhere."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from beancount.loader import load_file
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.factories.people import a_finance_person
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House, wait_for
from tests.stories.people import a_customer_with_an_unpaid_order, type_card

CUSTOMER, FINANCE = "tomas@lindqvist-books.example", "priya@northbridge.example"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_short_payout_is_explained_and_november_locked_exported_and_added_up_elsewhere(
    house: House, window: Callable[..., Page]
) -> None:
    with house.rows() as session:
        a_finance_person(session, email=FINANCE, name="Priya Raman")
    house.give_password(FINANCE)
    number = a_customer_with_an_unpaid_order(house, CUSTOMER)
    customer, finance = window(), window(accept_downloads=True)
    sign_in_by_hand(customer, CUSTOMER)
    customer.goto(f"/orders/{number}/pay")
    customer.get_by_role("button", name="Pay $278.88").click()
    type_card(customer, "4242 4242 4242 4242")
    expect(customer.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    charge = at_the_provider(house, "fee")

    sign_in_by_hand(finance, FINANCE)
    explain_the_payout(house, finance, number)
    fetch_once_more(house, finance)
    house.set_clock("2026-11-30T23:50+02:00")
    lever(house, "deliveries", mode="hold")
    lever(house, "disputes", charge=charge)
    house.set_clock("2026-12-01T00:30+02:00")
    lock_november(finance)
    add_it_up_elsewhere(finance)

    lever(house, "deliver")
    wait_for("the dispute of November", lambda: is_late(finance))


def at_the_provider(house: House, mischief: str) -> str:
    """Stripe takes $9.10 more for the one charge than its price list says, and pays out; returns the charge."""
    paid = next(event for event in house.provider_events() if event["type"] == "charge.succeeded")
    charge: str = paid["data"]["object"]["id"]  # type: ignore[index]
    lever(house, f"mischief/{mischief}", charge=charge, amount="910")
    lever(house, "payouts")
    return charge


def explain_the_payout(house: House, page: Page, number: str) -> None:
    """In the morning finance reads of it, goes down to the order that it comes from, and decides."""
    house.set_clock("2026-11-25T08:30+02:00")
    page.goto("/finance")
    page.get_by_role("button", name="Fetch from Stripe and look again").click()
    wait_for("the morning's look", lambda: is_listed(page, "Unexpected fee"))
    assert complaints(page) == []
    page.get_by_role("link", name="Unexpected fee").first.click()
    exception = page.url
    expect(page.get_by_text("$9.10").first).to_be_visible()
    page.get_by_role("link", name="The payout and its movements").click()
    expect(page.get_by_text("$9.10 short")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("table", name="Movements of this payout").get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.goto(exception)
    page.get_by_label("Reason").fill("Stripe charges cards from abroad more since 20 November")
    page.get_by_role("button", name="Waive").click()
    expect(page.get_by_text("Priya Raman, Wed 25 Nov 2026, 08:30")).to_be_visible()
    assert complaints(page) == []


def fetch_once_more(house: House, page: Page) -> None:
    """Late on the last evening finance fetches what Stripe says; what happens after that it does not know yet."""
    house.set_clock("2026-11-30T23:00+02:00")
    page.goto("/finance")
    page.get_by_role("button", name="Fetch from Stripe and look again").click()
    wait_for("the evening's fetch", lambda: "Mon 30 Nov 2026, 23:00" in text_of(page, "/finance"))


def lock_november(page: Page) -> None:
    """Just after midnight finance looks at everything once more and locks the month."""
    page.goto("/finance/months/2026-11")
    expect(page.get_by_text("Reconcile once more.")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("link", name="Reconcile", exact=True).click()
    page.get_by_role("button", name="Look at everything again").click()
    wait_for("a look after the month's end", lambda: nothing_stands_in_the_way(page))
    page.get_by_role("button", name="Take into review").click()
    page.get_by_role("button", name="Lock November 2026").click()
    expect(page.get_by_text("Computed again now: the same.")).to_be_visible()
    assert complaints(page) == []


def add_it_up_elsewhere(page: Page) -> None:
    """The files say what the page says, read by programs that know nothing of us."""
    expect(page.locator("dl div", has_text="Insurance sold").first).to_contain_text("$29.88")
    lines = downloaded(page, "Insurance lines as CSV")
    rows = list(csv.DictReader(io.StringIO(lines.read_text(encoding="utf-8"), newline="")))
    assert sum(Decimal(row["charged_premium"]) for row in rows) == Decimal("29.88")
    assert [row["match_rule"] for row in rows] == ["metadata"]
    assert page.get_by_text(sha256(lines.read_bytes()).hexdigest()).is_visible()
    sheet = load_workbook(io.BytesIO(downloaded(page, "Insurance lines as XLSX").read_bytes())).active
    assert sheet is not None
    head, *cells = sheet.iter_rows(values_only=True)
    place = head.index("charged_premium")
    assert sum(Decimal(str(line[place])) for line in cells) == Decimal("29.88")
    journal = downloaded(page, "Journal as CSV")
    assert page.get_by_text(sha256(journal.read_bytes()).hexdigest()).is_visible()
    page.goto("/finance/ledger")
    _entries, errors, _options = load_file(str(downloaded(page, "Download for Beancount")))
    assert errors == []


def is_listed(page: Page, title: str) -> bool:
    page.goto("/finance")
    return page.get_by_role("link", name=title).count() > 0


def nothing_stands_in_the_way(page: Page) -> bool:
    return "Not yet" not in text_of(page, "/finance/months/2026-11")


def is_late(page: Page) -> bool:
    return "What came late" in text_of(page, "/finance/months/2026-11")


def text_of(page: Page, path: str) -> str:
    page.goto(path)
    return page.locator("main").inner_text()


def lever(house: House, path: str, **given: str) -> Any:
    """This will pull one of the sandbox's levers."""
    address = f"http://127.0.0.1:{house.sandbox_port}/_sandbox/{path}"
    asked = urllib.request.Request(address, urllib.parse.urlencode(given).encode(), {"Accept": "application/json"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.load(answer)


def downloaded(page: Page, name: str) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    path = waiting.value.path()
    return Path(path)
