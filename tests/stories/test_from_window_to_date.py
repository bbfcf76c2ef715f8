"""Package Basic with insurance: found, ordered, paid, checked, paused, answered, and the date unfolded."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import PASSWORD, House
from tests.stories.people import a_manager, give_access, type_card, verify

CUSTOMER = "signe@havsbris.example"
MANAGER = "oksana@northbridge.example"


def test_a_customer_sees_one_date_from_the_shop_window_to_its_last_reason(
    house: House, window: Callable[..., Page]
) -> None:
    a_manager(house, MANAGER)
    house.set_clock("2026-11-23T15:00+02:00")
    customer = window()

    choose_package_basic(customer)
    sign_up(customer, house)
    order(customer)
    number = pay(customer)
    send_access_details(customer, number)

    house.set_clock("2026-11-24T11:00+02:00")
    manager = window()
    sign_in_by_hand(manager, MANAGER)
    verify(manager, number)
    expect(manager.get_by_text("Ready by Thu 3 Dec 2026, 11:00").first).to_be_visible()
    assert "Ready by Thu 3 Dec 2026, 11:00" in house.letter(CUSTOMER, "Thu 3 Dec 2026, 11:00")

    house.set_clock("2026-11-27T15:00+02:00")
    pause_for_the_ftp_password(manager, number)
    assert "password" in house.letter(CUSTOMER, "FTP")

    house.set_clock("2026-11-29T14:00+02:00")
    answer(customer, number)
    see_the_date_and_unfold_it(customer, number)
    assert "Thu 3 Dec 2026, 20:00" in house.letter(CUSTOMER, "20:00")
    assert complaints(customer) == []


def choose_package_basic(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Find your price").click()
    page.get_by_label("Which system is your site on now?").select_option("Joomla")
    page.get_by_label("Which system do you move to?").select_option("WordPress")
    page.get_by_label("How many pages does the site have?").fill("812")
    page.get_by_label("Do it all").check()
    page.get_by_role("button", name="Show product and price").click()
    expect(page.get_by_role("heading", name="Package Basic: $249.00")).to_be_visible()
    page.locator("label", has_text="2 restarts in 14 working days").click()
    expect(page.get_by_text("12 % of $249.00 = $29.88")).to_be_visible()
    page.get_by_role("button", name="Check your order").click()
    expect(page.get_by_role("heading", name="Check your order")).to_be_visible()


def sign_up(page: Page, house: House) -> None:
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Signe Åkerström")
    page.get_by_label("Company").fill("Havsbris Förlag")
    page.get_by_label("E-mail").fill(CUSTOMER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.goto(house.link_in(CUSTOMER, "confirm", "/confirm"))
    page.get_by_label("E-mail").fill(CUSTOMER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Go on with your order").click()


def order(page: Page) -> None:
    expect(page.get_by_role("heading", name="Check your order")).to_be_visible()
    page.get_by_label("Address of your old site").fill("https://old.havsbris.example")
    page.get_by_label("Address of your new site").fill("https://www.havsbris.example")
    page.get_by_label("I have my own backup of both sites").check()
    page.get_by_label("When was it made?").fill("2026-11-22")
    page.get_by_role("button", name="Order for $278.88").click()


def pay(page: Page) -> str:
    page.get_by_role("button", name="Pay $278.88").click()
    type_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    found = re.search(r"/orders/(MIG-\w+-\w)/paid", page.url)
    assert found
    return found.group(1)


def send_access_details(page: Page, number: str) -> None:
    page.get_by_role("link", name="Send access details").click()
    expect(page.get_by_text("The count has not started.")).to_be_visible()
    give_access(page, old="old.havsbris.example", new="www.havsbris.example")
    assert number in page.url


def pause_for_the_ftp_password(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}")
    page.get_by_role("link", name="Pause").click()
    page.get_by_role("link", name="Old site FTP or SFTP").click()
    expect(page.get_by_text("It becomes Thu 3 Dec 2026, 20:00 if what is missing")).to_be_visible()
    page.get_by_label("Message to the customer").fill(
        "The server refuses the password of northbridge. Please send us a new one."
    )
    page.get_by_role("button", name="Send and pause").click()
    expect(page.get_by_text("Paused – we need something from you").first).to_be_visible()


def answer(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}")
    page.get_by_role("link", name="Answer now").click()
    page.get_by_label(re.compile("^Password")).fill("kelp-49")
    page.get_by_role("button", name="Save").click()


def see_the_date_and_unfold_it(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}")
    expect(page.get_by_text("Ready by Thu 3 Dec 2026, 20:00").first).to_be_visible()
    expect(page.get_by_text("plus 9 working hours while we waited for")).to_be_visible()
    page.get_by_text("Show the count").click()
    for sentence in ("weekend, nothing counted", "The pause on this day moved nothing", "Paused from 15:00"):
        expect(page.get_by_text(sentence).first).to_be_visible()
