"""The pages work on a phone, by keyboard, without JavaScript and in the dark, and axe finds nothing on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from migrator.orders.models import Order
from tests.conftest import NOW
from tests.factories.people import a_customer, an_organisation
from tests.factories.stages import a_paused_order
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager

CUSTOMER, MANAGER = "ines@atelier-ferreira.example", "oksana@northbridge.example"
PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


def a_paused_order_of(house: House, address: str) -> str:
    """This will arrange an order that waits for its customer, who has a password, and return its number."""
    with house.rows() as session:
        number = a_paused_order(session, at=NOW, paused_at=NOW).number
        order = session.scalars(select(Order).where(Order.number == number)).one()
        organisation = an_organisation(session, name="Atelier Ferreira")
        order.organisation_id = organisation.id
        a_customer(session, organisation=organisation, email=address)
    house.give_password(address)
    return number


def fits(page: Page) -> bool:
    """This will tell whether the page can be read without scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_date_is_unfolded_on_a_phone_by_keyboard_in_the_dark_without_javascript(
    house: House, window: Callable[..., Page]
) -> None:
    number = a_paused_order_of(house, CUSTOMER)
    page = window(viewport=PHONE, color_scheme="dark", java_script_enabled=False)
    sign_in_by_hand(page, CUSTOMER)
    page.goto(f"/orders/{number}")
    summary = page.get_by_text("Show the count")
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element.closest('summary') === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("counted").first).to_be_visible()
    page.get_by_label("Your message").fill("Is Thursday still possible?")
    page.get_by_role("button", name="Send the message").press("Enter")
    expect(page.get_by_text("Is Thursday still possible?").first).to_be_visible()


# What a page looks like does not depend on the database behind it.
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(("size", "colours"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "wide-light"])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    house: House, window: Callable[..., Page], size: dict[str, int], colours: str
) -> None:
    number = a_paused_order_of(house, CUSTOMER)
    a_manager(house, MANAGER)
    visitor, customer, manager = (window(viewport=size, color_scheme=colours) for _ in range(3))
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)
    shop = "/start?source=joomla&target=wordpress&pages=812&who=package"
    walks = (
        (visitor, ("/", shop, "/prices", "/how-we-count", "/contact", "/sign-in", "/sign-up", "/demo")),
        (customer, ("/orders", f"/orders/{number}", f"/orders/{number}/access", "/account")),
        (
            manager,
            ("/desk", f"/desk/orders/{number}", f"/desk/orders/{number}/pause", "/desk/quotes", "/desk/messages"),
        ),
    )
    found = {}
    for page, places in walks:
        for place in places:
            assert page.goto(place) is not None
            page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
            found[place] = [*complaints(page), *([] if fits(page) else ["runs off the side"])]
        # A menu lies over the page while it is open, so each is looked at by itself.
        for menu in page.locator("header details").all():
            menu.locator("summary").click()
            found[f"{menu.inner_text()} on {page.url}"] = complaints(page, within="header")
            assert fits(page)
            menu.locator("summary").click()
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
