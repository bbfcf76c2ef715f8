"""Package Basic with insurance, from its first count to the last day of its last window: sixty days of one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.factories.people import a_customer, an_account_manager, an_organisation
from tests.factories.stages import an_order_under_way
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import give_access, type_card, verify

CUSTOMER = "signe@havsbris.example"
MANAGER = "oksana@northbridge.example"
CARD = "4242 4242 4242 4242"
PAIRS = (
    "Front page | https://old.example/ | https://new.example/\n"
    "Autumn books | https://old.example/autumn | https://new.example/autumn"
)
MENU, RATES, INDEX = "Put “Authors” into the menu.", "Show the postage on one page.", "Add an index of authors."


# A long walk: the rules behind it are held on both databases elsewhere.
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_package_is_carried_through_overage_upgrade_changes_and_a_restart_to_its_statement(
    house: House, window: Callable[..., Page]
) -> None:
    number = an_order_of(house, CUSTOMER, MANAGER)
    manager, customer = window(), window()
    sign_in_by_hand(manager, MANAGER)
    sign_in_by_hand(customer, CUSTOMER)

    house.set_clock("2026-11-25T11:00+02:00")
    fill_list(manager, number, "validation")
    count(manager, number, "1,214")
    assert "1,214" in house.letter(CUSTOMER, "covers 1,000")
    house.set_clock("2026-11-26T11:00+02:00")
    see_three_ways(customer, number)
    assert complaints(customer) == []
    choose_extended(customer)
    expect_date(customer, number, "Tue 15 Dec 2026, 11:00")

    house.set_clock("2026-11-27T11:00+02:00")
    count(manager, number, "5,320")
    house.set_clock("2026-11-30T11:00+02:00")
    buy_further_pages(customer, number)
    expect_date(customer, number, "Wed 16 Dec 2026, 11:00")

    house.set_clock("2026-12-01T10:00+02:00")
    publish(manager, number, words="Please look at the menu as well.")
    house.set_clock("2026-12-01T12:00+02:00")
    send_back(customer, number, page_title="Autumn books", problem="The covers are missing.")
    house.set_clock("2026-12-02T10:00+02:00")
    see_what_is_wrong(manager, number, "The covers are missing.")
    publish(manager, number, words="The covers are there now.")
    house.set_clock("2026-12-02T16:00+02:00")
    assert "The covers are there now." in house.letter(CUSTOMER, "Preview 2")
    start_the_migration(customer, number, backup_on="2026-12-01")

    house.set_clock("2026-12-03T15:20+02:00")
    finish(manager, number, moved="5,320")
    house.set_clock("2026-12-04T10:00+02:00")
    fill_list(manager, number, "results")
    mark_checked(manager, number)
    see_what_is_open(customer, number)
    assert complaints(customer) == []

    house.set_clock("2026-12-09T09:30+02:00")
    ask(customer, number, MENU)
    house.set_clock("2026-12-10T09:30+02:00")
    do(manager, number, answer="“Authors” stands in the menu.")

    look_on(house, "2026-12-17T09:30", "2026-12-18T09:30", "2026-12-21T09:30", "2026-12-24T15:19")
    expect_access(customer, number, "We destroy them by ourselves on")
    look_on(house, "2026-12-24T15:21")
    expect_access(customer, number, "Nothing is left with us.")
    look_on(house, "2026-12-25T09:30")
    assert "Our copy of your access details was destroyed" in house.letter(CUSTOMER, "Fri 25 Dec 2026")

    house.set_clock("2026-12-28T10:00+02:00")
    restart(customer, number, backup_on="2026-12-27")
    give_access(customer, old="old.example", new="new.example")
    house.set_clock("2026-12-29T10:00+02:00")
    verify(manager, number)
    house.set_clock("2026-12-30T10:00+02:00")
    finish(manager, number, moved="5,300")

    house.set_clock("2027-01-03T22:00+02:00")
    ask(customer, number, RATES, mode="Included until end of Sun 3 Jan 2027")
    look_on(house, "2027-01-04T09:30")
    assert "Included changes ended on" in house.letter(CUSTOMER, "Mon 4 Jan 2027")
    house.set_clock("2027-01-05T10:00+02:00")
    ask(customer, number, INDEX, mode="This will be a quote")
    quote(manager, number, INDEX, price="90.00")
    house.set_clock("2027-01-06T10:00+02:00")
    pay_for_change(customer, number, "$90.00")
    house.set_clock("2027-01-07T10:00+02:00")
    do(manager, number, answer="The index stands at /authors.", which=INDEX)
    house.set_clock("2027-01-08T10:00+02:00")
    do(manager, number, answer="The postage stands at /postage.", which=RATES)
    look_on(house, "2027-01-13T23:59")
    expect_state(customer, number, "Done – please review")
    look_on(house, "2027-01-14T09:30", "2027-01-15T09:30", "2027-01-18T09:30", "2027-01-19T09:30", "2027-01-20T10:01")
    expect_state(customer, number, "Completed")
    assert complaints(customer) == []

    house.set_clock("2027-01-23T10:00+02:00")
    statement = read(customer, number, "Completion statement")
    certificate = read(customer, number, "Destruction certificate")
    assert "Completed end of Wed 13 Jan 2027" in statement
    assert "5,300 moved, of 5,500 covered Restarts 1 of 3 used" in statement
    assert "Destroyed 8 copies The last of them Wed 20 Jan 2027, 10:01" in certificate
    assert set(Counter(daily_letters(house)).values()) == {1}


def an_order_of(house: House, customer: str, manager: str) -> str:
    """This will arrange a Package Basic with insurance plan 3, its access details found right on Tue 24 Nov, 11:00."""
    with house.rows() as session:
        organisation = an_organisation(session, name="Havsbris Förlag")
        number = an_order_under_way(
            session,
            person=a_customer(session, organisation=organisation, email=customer, name="Signe Åkerström"),
            manager=an_account_manager(session, email=manager, name="Oksana Levchenko"),
            insurance_plan=3,
        ).number
    house.give_password(customer)
    house.give_password(manager)
    return number


def look_on(house: House, *moments: str) -> None:
    """This will let the worker look at these moments of Kyiv's winter time, one after the other."""
    for moment in moments:
        house.let_the_worker_look(f"{moment}+02:00")


def daily_letters(house: House) -> list[str]:
    """This will return the days of the daily letters to the customer."""
    daily = (letter for letter in house.letters(CUSTOMER) if "Your orders on" in str(letter))
    return [f"{letter['Date'].datetime:%d %b}" for letter in daily]


def fill_list(page: Page, number: str, which: str) -> None:
    page.goto(f"/desk/orders/{number}/checks/{which}")
    for passed in page.get_by_label("Passed", exact=True).all():
        passed.check()
    page.get_by_role("button", name="Record these checks").click()
    expect(page.get_by_text("The checks have been recorded.")).to_be_visible()


def count(page: Page, number: str, pages: str) -> None:
    page.goto(f"/desk/orders/{number}")
    page.get_by_role("link", name="Record the pages counted").click()
    page.get_by_label("Pages measured").fill(pages)
    page.get_by_role("button", name="Record the pages").click()
    expect(page.get_by_text("Paused – we need something from you").first).to_be_visible()


def see_three_ways(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}")
    page.get_by_role("link", name="Decide").first.click()
    for way in ("1. A larger product", "2. The further pages", "3. Fewer pages"):
        expect(page.get_by_role("heading", name=way)).to_be_visible()


def choose_extended(page: Page) -> None:
    page.get_by_role("button", name="Choose the larger product for $437.50").click()
    expect(page.get_by_text("$350.00 × 25 % = $87.50")).to_be_visible()
    pay(page, "$437.50")


def pay(page: Page, amount: str) -> None:
    page.get_by_role("button", name=f"Accept and pay {amount}").click()
    type_card(page, CARD)
    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()


def expect_date(page: Page, number: str, date: str) -> None:
    page.goto(f"/orders/{number}")
    expect(page.get_by_text(f"Ready by {date}").first).to_be_visible()


def buy_further_pages(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/pages")
    page.get_by_role("button", name="Add the pages for $25.00").click()
    pay(page, "$25.00")


def publish(page: Page, number: str, *, words: str) -> None:
    page.goto(f"/desk/orders/{number}/preview")
    page.get_by_label("Pages to compare, one a line").fill(PAIRS)
    page.get_by_label("What was moved, one kind a line").fill("Pages | 5,320 | 5,318 | 2 | Two pages were empty.")
    page.get_by_label("What you say about it").fill(words)
    page.get_by_role("button", name="Publish the preview").click()
    expect(page.get_by_text("is published, and the customer has been told.")).to_be_visible()


def send_back(page: Page, number: str, *, page_title: str, problem: str) -> None:
    page.goto(f"/orders/{number}/review")
    pair = page.locator("section.item", has=page.get_by_role("heading", name=page_title))
    pair.get_by_label("Problem").check()
    pair.locator("summary").click()
    pair.get_by_label(f"What is wrong with “{page_title}”?").fill(problem)
    page.get_by_role("button", name="Something is wrong: send it back").click()
    expect(page.get_by_text("Sent back. We mend it and publish the next preview.").first).to_be_visible()


def see_what_is_wrong(page: Page, number: str, problem: str) -> None:
    page.goto(f"/desk/orders/{number}")
    expect(page.get_by_text(problem).first).to_be_visible()


def start_the_migration(page: Page, number: str, *, backup_on: str) -> None:
    page.goto(f"/orders/{number}/review")
    page.get_by_label("I have my own backup of both sites").check()
    page.get_by_label("When was your backup made?").fill(backup_on)
    page.get_by_role("button", name="Start the full migration").click()


def finish(page: Page, number: str, *, moved: str) -> None:
    page.goto(f"/desk/orders/{number}")
    page.get_by_role("link", name="Record the end of the migration").click()
    page.get_by_label("Pages moved").fill(moved)
    page.get_by_role("button", name="Record the end of the migration").click()
    expect(page.get_by_text("The customer is asked to look at the result.")).to_be_visible()


def mark_checked(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}")
    page.get_by_role("link", name="Mark the result as checked").click()
    page.get_by_role("button", name="Mark the result as checked").click()
    expect(page.get_by_text("The customer has been told that the result is checked.")).to_be_visible()


def see_what_is_open(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}")
    for end in ("end of Thu 17 Dec 2026", "end of Sun 3 Jan 2027", "end of Mon 18 Jan 2027", "Thu 24 Dec 2026, 15:20"):
        expect(page.get_by_text(end).first).to_be_visible()


def ask(page: Page, number: str, change: str, mode: str = "Included until") -> None:
    page.goto(f"/orders/{number}/result")
    expect(page.get_by_text(mode).first).to_be_visible()
    page.get_by_label("What is to be changed, and where?").fill(change)
    page.get_by_role("button", name="Ask for this change").click()
    expect(page.locator("blockquote", has_text=change)).to_be_visible()


def answer_page(page: Page, number: str, which: str) -> None:
    page.goto(f"/desk/orders/{number}")
    page.get_by_role("link", name="Answer: change of").first.click()
    expect(page.get_by_text(which)).to_be_visible()


def do(page: Page, number: str, *, answer: str, which: str = MENU) -> None:
    answer_page(page, number, which)
    page.get_by_label("Answer, which the customer reads").fill(answer)
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_text("Done. The customer has been told.")).to_be_visible()


def quote(page: Page, number: str, which: str, *, price: str) -> None:
    answer_page(page, number, which)
    page.get_by_role("textbox", name="Price").fill(price)
    page.get_by_role("button", name="Send this price").click()
    expect(page.get_by_text(f"Sent: ${price}.")).to_be_visible()


def pay_for_change(page: Page, number: str, price: str) -> None:
    page.goto(f"/orders/{number}/result")
    page.get_by_role("link", name=f"Look at the price of {price}").click()
    pay(page, price)


def expect_access(page: Page, number: str, words: str) -> None:
    page.goto(f"/orders/{number}/access")
    expect(page.get_by_text(words)).to_be_visible()


def expect_state(page: Page, number: str, words: str) -> None:
    page.goto(f"/orders/{number}")
    expect(page.get_by_text(f"Where your order stands: {words}")).to_be_visible()


def restart(page: Page, number: str, *, backup_on: str) -> None:
    page.goto(f"/orders/{number}/restart")
    page.get_by_label("When was your backup made?").fill(backup_on)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Restart the migration").click()


def read(page: Page, number: str, title: str) -> str:
    """This will download a document from the order's page and return its words."""
    page.goto(f"/orders/{number}/documents")
    with page.expect_download() as download:
        page.get_by_role("link", name=title).click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF")
    return " ".join(" ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(content)).pages).split())
