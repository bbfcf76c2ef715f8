"""What people do in several stories, told once."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.factories.people import a_customer, an_account_manager, an_organisation
from tests.factories.stages import an_unpaid_order
from tests.stories.house import House


def a_customer_with_an_unpaid_order(
    house: House, address: str, *, company: str = "Lindqvist Books", **differences: object
) -> str:
    """This will arrange a customer with a password and an order, of $278.88 by itself, and return its number."""
    with house.rows() as session:
        person = a_customer(session, organisation=an_organisation(session, name=company), email=address)
        number = an_unpaid_order(session, person=person, **differences).number
    house.give_password(address)
    return number


def a_manager(house: House, address: str) -> None:
    """This will arrange an account manager with a password."""
    with house.rows() as session:
        an_account_manager(session, email=address, name="Oksana Levchenko")
    house.give_password(address)


def type_card(page: Page, number: str) -> None:
    """This will fill in the provider's card form and send it."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12 / 30")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on the card").fill("Signe Åkerström")
    page.get_by_role("button", name="Pay").click()
