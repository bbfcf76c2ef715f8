"""A hosted shop: an investigation finds another cause, and a part of a database comes back as a copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.hosting import an_instance
from tests.factories.people import a_customer
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager

CUSTOMER, MANAGER = "signe@havsbris.example", "oksana@northbridge.example"
ADVICE = "Ask your developer to look at the module that was installed on Monday."
COPY = "https://copies.migrator.example/havsbris"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_hosted_shop_gets_a_recommendation_and_a_copy_of_its_database(
    house: House, window: Callable[..., Page]
) -> None:
    """RULES M-002, M-006, M-009, M-011, M-013, M-018, M-026, M-028."""
    with house.rows() as session:
        an_instance(session, a_customer(session, email=CUSTOMER), name="shop.havsbris.example")
    house.give_password(CUSTOMER)
    a_manager(house, MANAGER)
    customer, manager = window(viewport={"width": 390, "height": 844}, color_scheme="dark"), window()
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)
    find_another_cause(customer, manager)
    bring_back_a_copy(house, customer, manager)


def find_another_cause(customer: Page, manager: Page) -> None:
    """This will have a problem looked into, which ends only with a verdict and its recommendation."""
    customer.goto("/hosting")
    customer.get_by_role("link", name="shop.havsbris.example").click()
    customer.get_by_role("link", name="Ask a question").click()
    describe(customer)
    expect(customer.get_by_text("15 minutes").first).to_be_visible()
    number = customer.url.rsplit("/", 1)[1]
    manager.goto(f"/desk/tickets/{number}")
    manager.get_by_label("Message to the customer").fill("We look into it now.")
    manager.get_by_role("button", name="Send to the customer").click()
    expect(manager.get_by_text("the verdict is missing")).to_be_visible()
    expect(manager.get_by_role("button", name="Close the ticket")).to_be_disabled()
    manager.get_by_label("The hosting is not the cause").check()
    manager.get_by_role("button", name="Write down the verdict").click()
    expect(manager.get_by_text("Write the recommendation: the customer reads it.").first).to_be_visible()
    manager.get_by_label("What was changed, or what we recommend").fill(ADVICE)
    manager.get_by_role("button", name="Write down the verdict").click()
    manager.get_by_role("button", name="Close the ticket").click()
    expect(manager.get_by_text("Closed", exact=True).first).to_be_visible()
    assert complaints(manager) == []
    customer.reload()
    expect(customer.get_by_text(f"What we recommend: {ADVICE}")).to_be_visible()
    assert complaints(customer) == []


def describe(customer: Page) -> None:
    """This will send the first request to the hosting desk, which asks to read its policy."""
    customer.get_by_label("A problem with my site or server").check()
    customer.get_by_label("In a few words").fill("Checkout fails")
    customer.get_by_role("button", name="Continue").click()
    customer.get_by_label("What happens?").fill("The checkout answers with a page that says error 500 since Monday.")
    customer.get_by_role("button", name="Send the request").click()
    expect(customer.get_by_role("alert")).to_contain_text("Read the hosting desk’s policy")
    customer.get_by_label("I have read the hosting desk’s policy").check()
    customer.get_by_role("button", name="Send the request").click()
    customer.wait_for_url("**/support/TIC-*")


def bring_back_a_copy(house: House, customer: Page, manager: Page) -> None:
    """This will ask for a part of a database, be led to the copy beside it, and fetch that copy."""
    customer.goto("/hosting/1/restore")
    expect(customer.get_by_label("Tue 17 Nov 2026")).to_be_visible()
    expect(customer.get_by_label("Mon 16 Nov 2026")).to_have_count(0)
    customer.get_by_label("A part of the database").check()
    customer.get_by_label("Sat 21 Nov 2026").check()
    customer.get_by_role("button", name="Ask for it").click()
    expect(customer.get_by_text("A part of a database cannot be brought back")).to_be_visible()
    expect(customer.get_by_label("A copy of the database beside the live one")).to_be_checked()
    expect(customer.get_by_label("Sat 21 Nov 2026")).to_be_checked()
    assert complaints(customer) == []
    customer.get_by_role("button", name="Ask for the copy").click()
    expect(customer.get_by_text("Make your own backup first, then tick this").first).to_be_visible()
    customer.get_by_label("I have my own backup of what is there now").check()
    customer.get_by_label("When was it made?").fill("2026-11-24")
    customer.get_by_role("button", name="Ask for").click()
    expect(customer.get_by_text("The copy of that day disappears at end of Sat 28 Nov 2026")).to_be_visible()
    manager.goto("/desk/hosting/restores")
    manager.get_by_role("link", name="A copy of the database").click()
    manager.get_by_role("button", name="Take it up").click()
    manager.get_by_label("Done", exact=True).check()
    manager.get_by_role("button", name="End it and tell the customer").click()
    expect(manager.get_by_text("Enter the link from which the customer fetches the copy.").first).to_be_visible()
    manager.get_by_label("Link to the copy").fill(COPY)
    manager.get_by_role("button", name="End it and tell the customer").click()
    expect(manager.get_by_text("Nobody waits for a restore")).to_be_visible()
    house.letter(CUSTOMER, "copy")
    customer.reload()
    expect(customer.get_by_role("link", name="Fetch the copy")).to_have_attribute("href", COPY)
    expect(customer.get_by_text("Fetch it until end of Tue 1 Dec 2026")).to_be_visible()
