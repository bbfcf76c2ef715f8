"""Assisted Standard with insurance: paid, checked, previewed, started with one click, and accepted by silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from migrator.access.queries import items_of
from migrator.history.models import HistoryEntry
from migrator.journeys.submit_access import submit_access
from migrator.orders.lifecycle import OrderState
from migrator.orders.queries import order_for_staff
from migrator.policy.types import Family
from tests.conftest import NOW
from tests.factories.fulfilment import kyiv
from tests.factories.stages import answer
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_customer_with_an_unpaid_order, a_manager, type_card

CUSTOMER, MANAGER = "tomas@lindqvist-books.example", "oksana@northbridge.example"
ASSISTED = {"family": Family.ASSISTED, "sku": "ASSIST-STANDARD", "insurance_plan": 1}
PHONE = {"width": 390, "height": 844}
PAIRS = """Front page | https://old.example/ | https://new.example/
About us | https://old.example/about | https://new.example/about-us"""
COUNTS = """Pages | 812 | 810 | 2 | Two pages were empty.
Forum posts | 2400 | 2400 | 0"""


@pytest.mark.parametrize("backend", ["postgresql"])
def test_an_assisted_order_goes_from_payment_to_accepted_by_silence(house: House, window: Callable[..., Page]) -> None:
    a_manager(house, MANAGER)
    number = a_customer_with_an_unpaid_order(house, CUSTOMER, **ASSISTED)
    customer, manager = window(viewport=PHONE, color_scheme="dark"), window()
    sign_in_by_hand(customer, CUSTOMER)
    pay(customer, number)
    access_is_given(house, number)

    sign_in_by_hand(manager, MANAGER)
    verify(manager, number)
    install_the_plugin_that_the_forum_needs(manager)
    check_and_count(manager, number)
    house.set_clock("2026-11-25T12:00+02:00")
    publish(manager, number)

    house.set_clock("2026-11-26T09:30+02:00")
    customer.goto(f"/orders/{number}")
    expect(customer.get_by_text("Preview ready since Wed 25 Nov 2026, 12:00").first).to_be_visible()
    start_with_one_click(customer, number)
    house.set_clock("2026-11-26T15:20+02:00")
    finish(manager, number)
    assert "Thu 10 Dec 2026" in house.letter(CUSTOMER, "Thu 10 Dec 2026")

    house.let_the_worker_look("2026-12-10T23:59+02:00")
    assert state_of(house, number) is OrderState.IN_REVIEW
    house.let_the_worker_look("2026-12-11T09:30+02:00")
    house.letter(CUSTOMER, "counts as accepted")
    house.let_the_worker_look("2026-12-11T09:31+02:00")
    see_that_silence_has_accepted_it(customer, number)
    ended(house, number)


def pay(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/pay")
    page.get_by_role("button", name="Pay $194.93").click()
    type_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()


def access_is_given(house: House, number: str) -> None:
    """This will have the customer's access details saved and sent; another story types them."""
    with house.rows() as session:
        order = order_for_staff(session, number)
        for item in items_of(session, order.id):
            if item.required:
                answer(session, order, item, at=NOW)
        submit_access(session, order, actor=order.placed_by.actor, now=NOW)


def verify(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}")
    works = page.get_by_role("button", name="It works")
    for left in reversed(range(works.count())):
        works.first.click()
        expect(works).to_have_count(left)
    expect(page.get_by_text("Preview ready by Fri 27 Nov 2026, 11:00").first).to_be_visible()


def install_the_plugin_that_the_forum_needs(page: Page) -> None:
    page.get_by_role("link", name="Plug-ins").click()
    page.get_by_label("Name of the plug-in").fill("bbPress")
    page.get_by_label("Target for data").fill("forum posts")
    page.get_by_role("button", name="Note this plug-in").click()
    expect(page.get_by_role("row", name="bbPress")).to_contain_text("To be installed")
    page.get_by_role("button", name="It is installed").click()
    expect(page.get_by_text("Installed: bbPress.")).to_be_visible()


def check_and_count(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}/checks/validation")
    for group in page.locator("main").get_by_role("group").all():
        group.get_by_label("Passed").check()
    assert complaints(page) == []
    page.get_by_role("button", name="Record these checks").click()
    page.get_by_role("link", name="Record the pages counted").click()
    page.get_by_label("Pages measured").fill("812")
    page.get_by_role("button", name="Record the pages").click()


def publish(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}/preview")
    page.get_by_label("Pages to compare, one a line").fill(PAIRS)
    page.get_by_label("What was moved, one kind a line").fill(COUNTS)
    assert complaints(page) == []
    page.get_by_role("button", name="Publish the preview").click()
    expect(page.get_by_text("Preview 1 is published")).to_be_visible()


def start_with_one_click(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/review")
    for group in page.get_by_role("group", name="How does it look?").all():
        group.get_by_label("Looks right").check()
    page.get_by_role("button", name="Save my marks").click()
    expect(page.get_by_text("2 of 2 pages marked as right")).to_be_visible()
    assert complaints(page) == []
    page.get_by_label("I have my own backup of both sites").check()
    page.get_by_label("When was your backup made?").fill("2026-11-25")
    page.get_by_role("button", name="Start the full migration").click()
    expect(page.get_by_text("started").first).to_be_visible()


def finish(page: Page, number: str) -> None:
    page.goto(f"/desk/orders/{number}/run/end")
    page.get_by_label("Pages moved").fill("810")
    page.get_by_role("button", name="Record the end of the migration").click()
    expect(page.get_by_text("Recorded. The customer is asked")).to_be_visible()


def see_that_silence_has_accepted_it(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}")
    expect(page.get_by_text("Completed").first).to_be_visible()
    assert complaints(page) == []


def state_of(house: House, number: str) -> OrderState:
    with house.rows() as session:
        return order_for_staff(session, number).state


def ended(house: House, number: str) -> None:
    """This will look at what the worker did by itself, at which time and by which rule."""
    with house.rows() as session:
        order = order_for_staff(session, number)
        entries = session.scalars(select(HistoryEntry).where(HistoryEntry.order_id == order.id))
        by_itself = {entry.verb: (entry.happened_at, entry.facts["rule"]) for entry in entries if "rule" in entry.facts}
        midnight = kyiv("2026-12-11 00:00")
        assert order.completed_at == midnight
        assert by_itself["review.accepted_by_silence"] == by_itself["order.completed"] == (midnight, "C-080")
