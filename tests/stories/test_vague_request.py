"""A vague request is clarified three times, closed by silence, and reopened; a Friday evening's is answered in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories.people import a_customer, an_organisation
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager, ask

CUSTOMER, MANAGER = "signe@havsbris.example", "oksana@northbridge.example"

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def both(house: House, window: Callable[..., Page]) -> tuple[Page, Page]:
    """The customer on a dark telephone, the account manager at the desk."""
    with house.rows() as session:
        organisation = an_organisation(session, name="Havsbris")
        a_customer(session, organisation=organisation, email=CUSTOMER, name="Signe Åkerström")
    house.give_password(CUSTOMER)
    a_manager(house, MANAGER)
    customer, manager = window(viewport={"width": 390, "height": 844}, color_scheme="dark"), window()
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)
    return customer, manager


def test_a_vague_request_is_clarified_three_times_closed_and_reopened(house: House, both: tuple[Page, Page]) -> None:
    """RULES C-024, C-030, C-031."""
    customer, manager = both
    ask(customer, "Pictures look odd", "It does not look as it should at all, please help.")
    expect(customer.get_by_text("Answer by Fri 27 Nov 2026, 11:00")).to_be_visible()
    assert complaints(customer) == []
    open_ticket(manager)
    manager.get_by_role("button", name="Mark the description as unclear").click()
    for count in (1, 2, 3):
        manager.get_by_text(f"Clarification {count} of 3", exact=True).click()
        manager.get_by_label("Question to the customer").fill("Which page is it, and what do you see?")
        manager.get_by_role("button", name="Ask for it").click()
        expect(manager.get_by_text(f"Clarification {count} of 3 was sent.").first).to_be_visible()
    expect(manager.get_by_text("We have asked three times.")).to_be_visible()
    assert complaints(manager) == []
    customer.reload()
    expect(customer.get_by_text("Closes Fri 27 Nov 2026, 11:00 unless we hear from you.")).to_be_visible()
    house.let_the_worker_look("2026-11-27T11:01+02:00")
    house.letter(CUSTOMER, "Closed")
    customer.reload()
    expect(customer.get_by_text("We asked three times and did not hear from you.")).to_be_visible()
    customer.get_by_label("Your message").fill("All product pages of the shop, since Monday.")
    customer.get_by_role("button", name="Send and reopen").click()
    expect(customer.get_by_text("Answer by Wed 2 Dec 2026, 11:01")).to_be_visible()
    assert complaints(customer) == []


def test_a_friday_evening_is_answered_in_time(house: House, both: tuple[Page, Page]) -> None:
    """RULES C-021, X-01."""
    customer, manager = both
    house.set_clock("2026-11-27T17:00+02:00")
    ask(customer, "When do you start?", "We have paid on Friday; when does your work begin?")
    expect(customer.get_by_text("Answer by Wed 2 Dec 2026, 17:00")).to_be_visible()
    house.set_clock("2026-12-02T17:00+02:00")
    open_ticket(manager)
    expect(manager.get_by_text("Late", exact=True)).to_have_count(0)
    manager.get_by_label("Message to the customer").fill("We have begun this morning.")
    manager.get_by_role("button", name="Send to the customer").click()
    expect(manager.get_by_text("We have answered").first).to_be_visible()
    house.letter(CUSTOMER, "We have begun this morning.")


def open_ticket(page: Page) -> None:
    """This will open the only ticket of the list."""
    page.goto("/desk/tickets")
    page.locator("a[data-order]").first.click()
