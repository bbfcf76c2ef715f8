"""Finance gives money back as people do it: half an order, and a large one that a second person approves."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.factories.people import a_finance_person
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_customer_with_an_unpaid_order, type_card

CUSTOMER, FIRST, SECOND = "tomas@lindqvist-books.example", "priya@migrator.example", "leila@migrator.example"
PAYS = "4242 4242 4242 4242"


def paid(house: House, page: Page, price: str, **differences: object) -> str:
    number = a_customer_with_an_unpaid_order(house, CUSTOMER, **differences)
    sign_in_by_hand(page, CUSTOMER)
    page.goto(f"/orders/{number}/pay")
    page.get_by_role("button", name=f"Pay {price}").click()
    type_card(page, PAYS)
    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    return number


def finance(house: House, window: Callable[..., Page], address: str) -> Page:
    with house.rows() as session:
        a_finance_person(session, email=address, name=address.partition("@")[0].capitalize())
    house.give_password(address)
    page = window()
    sign_in_by_hand(page, address)
    return page


def ask(page: Page, number: str, **amounts: str) -> None:
    page.goto("/desk/payments")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="Give money back").click()
    assert complaints(page) == []
    for label, amount in amounts.items():
        page.get_by_label(label).first.fill(amount)
    page.get_by_label("Reason").fill("Agreed on the phone")
    page.get_by_role("button", name="Give it back").dblclick()


def test_finance_gives_half_an_order_back_and_the_customer_reads_when(
    house: House, window: Callable[..., Page]
) -> None:
    customer = window()
    number = paid(house, customer, "$278.88")
    page = finance(house, window, FIRST)
    ask(page, number, Package="124.50", Insurance="14.94")
    expect(page.get_by_text("$139.44 goes back to the customer’s card.").first).to_be_visible()
    assert complaints(page) == []
    letter = house.letter(CUSTOMER, "$139.44")
    assert "within 5 to 10 days" in letter
    customer.goto(f"/orders/{number}/receipt")
    expect(customer.get_by_text("$139.44 went back to Visa ending in 4242")).to_be_visible()
    customer.goto(f"/orders/{number}")
    expect(customer.get_by_text("We give $139.44 back.")).to_be_visible()


def test_above_the_limit_a_second_person_approves_and_the_order_ends(house: House, window: Callable[..., Page]) -> None:
    customer = window()
    number = paid(house, customer, "$670.88", sku="PACK-EXTENDED", pages=3_400)
    first, second = finance(house, window, FIRST), finance(house, window, SECOND)
    ask(first, number)
    expect(first.get_by_text("as soon as a second person from finance approves it").first).to_be_visible()
    assert "Waits for your approval" in house.letter(SECOND, number)
    second.goto("/finance/refunds")
    second.get_by_role("link", name="Refund", exact=False).filter(has_text="Refund 1").first.click()
    assert complaints(second) == []
    second.get_by_role("button", name="Approve and send").click()
    expect(second.get_by_text("Approved. $670.88").first).to_be_visible()
    assert "is cancelled" in house.letter(CUSTOMER, "Your order is cancelled")
    customer.goto(f"/orders/{number}")
    expect(customer.get_by_text("Cancelled").first).to_be_visible()
