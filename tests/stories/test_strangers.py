"""Another customer sees nothing: not a page, not a word that something exists."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import APIResponse, Page

from tests.stories.conftest import sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_customer_with_an_unpaid_order

OWNER, STRANGER = "maja@lindqvist-books.example", "wanjiru@savanna-outfitters.example"
PLACES = ("", "/pay", "/access", "/receipt", "/dates.ics")


def test_another_customer_s_order_looks_like_one_that_never_was(house: House, window: Callable[..., Page]) -> None:
    number = a_customer_with_an_unpaid_order(house, OWNER)
    a_customer_with_an_unpaid_order(house, STRANGER, company="Savanna Outfitters")
    page = window()
    sign_in_by_hand(page, STRANGER)
    for place in PLACES:
        theirs = page.request.get(f"/orders/{number}{place}")
        nobodys = page.request.get(f"/orders/MIG-2222-2{place}")
        assert (theirs.status, said(theirs)) == (404, said(nobodys).replace("MIG-2222-2", number))
    for staff_place in ("/desk", f"/desk/orders/{number}", "/desk/payments", "/admin/staff"):
        assert page.request.get(staff_place).status == 404
    page.goto("/orders")
    assert number not in page.content()


def said(answer: APIResponse) -> str:
    """This will return an answer without what differs in any two: the token of its forms."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text())


def test_somebody_who_is_not_signed_in_is_asked_to(house: House, window: Callable[..., Page]) -> None:
    number = a_customer_with_an_unpaid_order(house, OWNER)
    page = window()
    page.goto(f"/orders/{number}")
    assert "/sign-in" in page.url
    assert number not in page.inner_text("main")
