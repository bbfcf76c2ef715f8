"""A request that was sent before: its customer adds to the first one, and our people join two and part them again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.people import a_customer, an_organisation
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager, ask

CUSTOMER, MANAGER = "signe@havsbris.example", "oksana@northbridge.example"
FIRST = "The product pictures are missing on all pages since Monday."
AGAIN = "Product pictures are missing on all pages; it is worse today."
THIRD = "Now the pictures of the categories are missing as well, on all pages."


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_same_is_added_to_the_first_request_and_two_are_joined_and_parted(
    house: House, window: Callable[..., Page]
) -> None:
    """RULES M-021."""
    with house.rows() as session:
        a_customer(session, organisation=an_organisation(session, name="Havsbris"), email=CUSTOMER)
    house.give_password(CUSTOMER)
    a_manager(house, MANAGER)
    customer, manager = window(viewport={"width": 390, "height": 844}, color_scheme="dark"), window()
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)

    ask(customer, "Pictures are missing", FIRST)
    first = number_of(customer)
    ask(customer, "Missing pictures", AGAIN)
    expect(customer.get_by_text("You already asked about this")).to_be_visible()
    expect(customer.get_by_text("Asked today: no migration in either, and the words")).to_be_visible()
    assert complaints(customer) == []
    customer.get_by_role("button", name=f"Add to {first}").click()
    assert number_of(customer) == first
    expect(customer.get_by_text(AGAIN)).to_be_visible()

    ask(customer, "Pictures of categories", THIRD)
    customer.get_by_role("button", name="It is something else – send it").click()
    second = number_of(customer)
    manager.goto(f"/desk/tickets/{second}")
    manager.get_by_label("Note for staff").fill("The same image folder, I think.")
    manager.get_by_role("button", name="Keep the note for staff").click()
    manager.get_by_role("link", name="Possible duplicates").click()
    assert complaints(manager) == []
    manager.get_by_role("button", name=f"Join with {first}").click()
    expect(manager.get_by_text(f"{second} is part of {first} now.")).to_be_visible()
    house.letter(CUSTOMER, first)
    customer.goto(f"/support/{second}")
    assert number_of(customer) == first
    for words in (FIRST, AGAIN, THIRD):
        expect(customer.get_by_text(words)).to_be_visible()
    expect(customer.get_by_text("image folder")).to_have_count(0)

    manager.get_by_role("button", name="Part them again").click()
    expect(manager.get_by_text(f"{second} stands by itself again")).to_be_visible()
    customer.goto(f"/support/{second}")
    expect(customer.get_by_text(THIRD)).to_be_visible()
    expect(customer.get_by_text(FIRST)).to_have_count(0)


def number_of(page: Page) -> str:
    """This will return the number of the request that a customer reads."""
    page.wait_for_url("**/support/TIC-*")
    return page.url.rsplit("/", 1)[1]
