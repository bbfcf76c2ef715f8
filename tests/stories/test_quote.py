"""25,001 pages: no package covers them, so a price is asked for, offered, accepted and paid."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.factories.people import a_customer, an_organisation
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager, type_card

CUSTOMER, MANAGER = "henrik@nordlys-museum.example", "oksana@northbridge.example"


def test_a_site_of_25001_pages_gets_a_price_a_ceiling_and_an_agreed_date(
    house: House, window: Callable[..., Page]
) -> None:
    with house.rows() as session:
        a_customer(session, organisation=an_organisation(session, name="Nordlys Museum"), email=CUSTOMER)
    house.give_password(CUSTOMER)
    a_manager(house, MANAGER)
    customer, manager = window(), window()
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)

    customer.goto("/start?source=drupal&target=wordpress&pages=25001&who=package")
    expect(customer.get_by_text("by Fri 27 Nov 2026, 11:00").first).to_be_visible()
    customer.get_by_role("link", name="Ask for a price").first.click()
    customer.get_by_label("What should we know").fill("Two languages: Danish and Русский.")
    customer.get_by_role("button", name="Ask for a price").click()

    offer(manager, agreed_on="2026-12-23")
    expect(manager.get_by_text("Thu 24 Dec 2026, 11:00").first).to_be_visible()
    expect(manager.get_by_label("Covers up to this many pages")).to_have_value("30000")
    offer(manager, agreed_on="2026-12-29")
    house.letter(CUSTOMER, "2,400.00")

    customer.goto("/quotes")
    customer.get_by_role("link", name="QUO-").first.click()
    customer.locator("label", has_text="3 restarts in 30 working days").click()
    customer.get_by_label("Address of your old site").fill("https://gammel.nordlys-museum.example")
    customer.get_by_label("Address of your new site").fill("https://nordlys-museum.example")
    customer.get_by_label("I have my own backup of both sites").check()
    customer.get_by_label("When was it made?").fill("2026-11-23")
    assert complaints(customer) == []
    customer.get_by_role("button", name="Accept and order").click()
    customer.get_by_role("button", name="Pay $3,000.00").click()
    type_card(customer, "4242 4242 4242 4242")
    expect(customer.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    customer.goto("/orders")
    customer.get_by_role("link", name="MIG-").first.click()
    expect(customer.get_by_text("Agreed with you: ready by Tue 29 Dec 2026, 19:00").first).to_be_visible()


def offer(manager: Page, *, agreed_on: str) -> None:
    manager.goto("/desk/quotes")
    manager.get_by_role("link", name="QUO-").first.click()
    manager.get_by_label("Price, without insurance").fill("2400")
    manager.get_by_label("Covers up to this many pages").fill("30000")
    manager.get_by_label("Agreed date").fill(agreed_on)
    manager.get_by_role("button", name="Make the offer and tell the customer").click()
