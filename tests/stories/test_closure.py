"""A closure is announced in the middle with two hundred open orders, and withdrawn: every date is told, and true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from migrator.notifications.models import OwedMessage
from tests.factories.herd import copy_orders
from tests.factories.people import a_customer, an_administrator
from tests.factories.stages import an_order_under_way
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House

CUSTOMER, ADMINISTRATOR = "signe@havsbris.example", "petra@northbridge.example"
ORDERS = 200
OLD, NEW = "Thu 3 Dec 2026, 11:00", "Fri 4 Dec 2026, 11:00"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_closure_moves_two_hundred_dates_tells_each_customer_once_and_is_withdrawn(
    house: House, window: Callable[..., Page]
) -> None:
    number = two_hundred_open_orders(house)
    house.set_clock("2026-12-01T09:00+02:00")
    administrator, customer = window(), window(viewport={"width": 390, "height": 844}, color_scheme="dark")
    sign_in_by_hand(administrator, ADMINISTRATOR)
    sign_in_by_hand(customer, CUSTOMER)
    draft(administrator)
    see_what_moves(administrator, "See what moves")
    expect(
        administrator.get_by_role("heading", name=f"{ORDERS} orders move: {ORDERS} by 1 working day.")
    ).to_be_visible()
    assert complaints(administrator) == []
    assert OLD in date_of(customer, number)

    administrator.get_by_role("button", name="Announce and move the dates").click()
    expect(administrator.get_by_text("The closure is announced and the dates are moved")).to_be_visible()
    assert NEW in date_of(customer, number)
    expect(customer.get_by_text(f"We move to another office. New date {NEW} (was {OLD}).").first).to_be_visible()
    assert complaints(customer) == []
    house.letter(CUSTOMER, NEW)
    everybody_is_told(administrator)

    see_what_moves(administrator, "See what withdrawing it moves")
    administrator.get_by_role("button", name="Withdraw and move the dates back").click()
    expect(administrator.get_by_text("The closure is withdrawn and the dates are moved back")).to_be_visible()
    assert OLD in date_of(customer, number)
    assert OLD in house.letter(CUSTOMER, "withdrawn")
    everybody_is_told(administrator)
    told_once(house)


def two_hundred_open_orders(house: House) -> str:
    """This will arrange orders under way since Tue 24 Nov 2026, 11:00, two for each customer, and return the first."""
    with house.rows() as session:
        an_administrator(session, email=ADMINISTRATOR, name="Petra Nováková")
        number = an_order_under_way(session, person=a_customer(session, email=CUSTOMER)).number
        copy_orders(session, copies=ORDERS - 1)
    house.give_password(CUSTOMER)
    house.give_password(ADMINISTRATOR)
    return number


def draft(page: Page) -> None:
    page.goto("/admin/closures")
    page.get_by_role("link", name="Draft a closure").click()
    page.get_by_label("Name").fill("Moving day")
    page.get_by_label("Reason").fill("We move to another office.")
    page.get_by_label("First").fill("2026-12-03")
    page.get_by_label("Last").fill("2026-12-03")
    page.get_by_role("button", name="Save the draft").click()


def see_what_moves(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="orders move")).to_be_visible()


def everybody_is_told(page: Page) -> None:
    expect(page.get_by_role("progressbar")).to_have_count(0)


def date_of(page: Page, number: str) -> str:
    page.goto(f"/orders/{number}")
    return page.get_by_text("Ready by").first.inner_text()


def told_once(house: House) -> None:
    with house.rows() as session:
        letters = select(OwedMessage.address, OwedMessage.kind).where(OwedMessage.kind.startswith("closure"))
        told = Counter(tuple(row) for row in session.execute(letters))
        assert set(told.values()) == {1}
        assert len({address for address, _ in told}) * 2 == len(told)
