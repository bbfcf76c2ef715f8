"""What people do in several stories, told once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

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


def ask(page: Page, subject: str, description: str) -> None:
    """This will ask the migration desk a question about the service."""
    page.goto("/support/new")
    page.get_by_label("A question about the service").check()
    page.get_by_label("In a few words").fill(subject)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happens?").fill(description)
    page.get_by_role("button", name="Send the request").click()


def type_card(page: Page, number: str) -> None:
    """This will fill in the provider's card form and send it."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12 / 30")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on the card").fill("Signe Åkerström")
    page.get_by_role("button", name="Pay").click()


def give_access(page: Page, *, old: str, new: str) -> None:
    """This will fill in what a package needs of both sites, on the page that asks for it, and send it."""
    for side, host in (("Old", old), ("New", new)):
        transfer = {"Server": f"ftp.{host}", "User name": "northbridge", "Password": "kelp-47"}
        _save(page, f"{side} site FTP or SFTP", transfer)
        login = {"Sign-in address": f"https://{host}/login", "User name": "northbridge", "Password": "kelp-48"}
        _save(page, f"{side} site admin login", login)
        _save(page, f"Connection bridge on the {side.lower()} site", {"Bridge address": f"https://{host}/bridge/"})
    page.get_by_role("button", name="Send for checking").click()
    expect(page.get_by_text("Checking your access details")).to_be_visible()


def _save(page: Page, label: str, details: dict[str, str]) -> None:
    page.get_by_role("link", name=label).click()
    if page.get_by_label("SFTP", exact=True).is_visible():
        page.get_by_label("SFTP", exact=True).check()
    for field, value in details.items():
        page.get_by_label(field, exact=True).fill(value)
    page.get_by_role("button", name="Save").click()


def verify(page: Page, number: str) -> None:
    """This will find each of an order's access details right, at the desk."""
    page.goto(f"/desk/orders/{number}")
    works = page.get_by_role("button", name="It works")
    for left in reversed(range(works.count())):
        works.first.click()
        expect(works).to_have_count(left)
