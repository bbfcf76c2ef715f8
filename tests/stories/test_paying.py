"""Paying as people do it: a declined card, two tabs, a double click, and power cuts in the middle."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.payments.models import Payment, PaymentException
from tests.stories.conftest import sign_in_by_hand
from tests.stories.house import House, wait_for
from tests.stories.people import a_customer_with_an_unpaid_order, type_card

CUSTOMER = "tomas@lindqvist-books.example"
PAYS, IS_DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"


def test_a_declined_card_costs_nothing_and_another_one_pays(house: House, window: Callable[..., Page]) -> None:
    number = a_customer_with_an_unpaid_order(house, CUSTOMER)
    page = window()
    sign_in_by_hand(page, CUSTOMER)
    page.goto(f"/orders/{number}/pay")
    page.get_by_role("button", name="Pay $278.88").click()
    type_card(page, IS_DECLINED)
    expect(page.get_by_text("Your card was declined").first).to_be_visible()
    page.get_by_role("link", name="Go back without paying").click()
    expect(page.get_by_text("declined").first).to_be_visible()
    assert money(house, number) == (OrderState.AWAITING_PAYMENT, 0, 0)
    page.get_by_role("button", name="Pay $278.88").click()
    type_card(page, PAYS)
    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    assert money(house, number) == (OrderState.AWAITING_ACCESS, 1, 0)
    assert "$278.88" in house.letter(CUSTOMER, number)


def test_two_tabs_and_a_double_click_make_one_charge(house: House, window: Callable[..., Page]) -> None:
    number = a_customer_with_an_unpaid_order(house, CUSTOMER)
    first = window()
    sign_in_by_hand(first, CUSTOMER)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"/orders/{number}/pay")
    for tab in (first, second):
        tab.get_by_role("button", name="Pay $278.88").dblclick()
        expect(tab.get_by_label("Card number")).to_be_visible()
    assert first.url == second.url
    type_card(first, PAYS)
    expect(first.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    type_card(second, PAYS)
    expect(second.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    assert money(house, number) == (OrderState.AWAITING_ACCESS, 1, 0)


@pytest.mark.parametrize(
    ("victim", "moment"),
    [
        ("web", "before the card"),
        ("sandbox", "before the card"),
        ("worker", "after the card"),
        ("web", "on the way back"),
        ("sandbox", "on the way back"),
    ],
)
def test_a_power_cut_while_paying_loses_nothing_and_charges_once(
    house: House, window: Callable[..., Page], victim: str, moment: str
) -> None:
    number = a_customer_with_an_unpaid_order(house, CUSTOMER)
    page = window()
    sign_in_by_hand(page, CUSTOMER)
    page.goto(f"/orders/{number}/pay")
    page.get_by_role("button", name="Pay $278.88").click()
    expect(page.get_by_label("Card number")).to_be_visible()
    if moment == "before the card":
        cut(house, victim)
        page.reload()
    if moment == "on the way back":
        # The provider's redirect finds nobody: the return page is asked for again after the cut.
        page.route("**/paid?session=*", lambda route: route.abort())
    type_card(page, PAYS)
    if moment == "on the way back":
        wait_for("the charge at the provider", lambda: was_charged(house))
        page.unroute("**/paid?session=*")
    if moment != "before the card":
        cut(house, victim)
    paid = wait_for("the payment to be settled", lambda: settled(house, number))
    assert paid == (OrderState.AWAITING_ACCESS, 1, 0)
    page.goto(f"/orders/{number}")
    expect(page.get_by_text("Waiting for your access details").first).to_be_visible()


def cut(house: House, victim: str) -> None:
    """This will end a process as a power cut would, and start it again."""
    house.kill(victim)
    house.start(victim)
    house.await_web()


def was_charged(house: House) -> bool:
    """This will tell whether the provider has taken money."""
    return any(event["type"] == "charge.succeeded" for event in house.provider_events())


def settled(house: House, number: str) -> tuple[OrderState, int, int] | None:
    """This will return what became of the money once the order is paid."""
    found = money(house, number)
    return None if found[0] is OrderState.AWAITING_PAYMENT else found


def money(house: House, number: str) -> tuple[OrderState, int, int]:
    """This will return an order's state, its payments, and what of them does not fit."""
    with house.rows() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        payments = session.scalar(select(func.count()).select_from(Payment).where(Payment.order_id == order.id))
        odd = session.scalar(select(func.count()).select_from(PaymentException))
        return order.state, payments or 0, odd or 0
