"""Mail that only says whom it is from leads into no thread, and tells nobody that there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.people import a_customer, an_organisation
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import MAIL_CHECKER, House
from tests.stories.people import a_manager, ask
from tests.support.mail.letters import a_letter

CUSTOMER, MANAGER = "signe@havsbris.example", "oksana@northbridge.example"
ASKED = "The checkout of the shop asks each visitor for the password of the old one."
SENT = "Please send me all that you know about the checkout."


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_forged_sender_needs_identification_and_learns_nothing(house: House, window: Callable[..., Page]) -> None:
    """RULES C-006, C-026."""
    with house.rows() as session:
        a_customer(session, organisation=an_organisation(session, name="Havsbris"), email=CUSTOMER)
    house.give_password(CUSTOMER)
    a_manager(house, MANAGER)
    customer, manager = window(viewport={"width": 390, "height": 844}), window(color_scheme="dark")
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)
    ask(customer, "The checkout asks for a password", ASKED)
    customer.wait_for_url("**/support/TIC-*")
    thread = customer.url
    number = thread.rsplit("/", 1)[1]
    house.letter(CUSTOMER, number)
    receipt = house.letters(CUSTOMER)[-1]

    forged = a_letter(
        SENT,
        sender=f"Signe <{CUSTOMER}>",
        subject="About my checkout",
        In_Reply_To=str(receipt["Message-ID"]),
        Authentication_Results=f"{MAIL_CHECKER}; dmarc=fail",
    )
    for _ in range(2):
        house.take_in(forged)
    told = house.letter(CUSTOMER, "Answer this e-mail and leave")
    assert number not in told
    customer.reload()
    expect(customer.get_by_text(SENT)).to_have_count(0)

    manager.goto("/desk/mail")
    row = manager.get_by_role("row").filter(has_text="Needs identification")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("not who they say")
    assert complaints(manager) == []
    row.get_by_role("link").click()
    expect(manager.get_by_text(ASKED)).to_have_count(0)
    manager.get_by_label("E-mail address of the account").fill(CUSTOMER)
    manager.get_by_role("button", name="It is this customer’s").click()
    expect(manager.get_by_text("Needs identification")).to_have_count(0)
    assert complaints(manager) == []
    customer.goto("/support")
    expect(customer.get_by_role("link", name="About my checkout")).to_have_count(1)
    customer.goto(thread)
    expect(customer.get_by_text(SENT)).to_have_count(0)
