"""The worker is down for ten days: pages go by the clock meanwhile, then everything happens once, at its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from migrator.history.actor import Role
from migrator.history.models import HistoryEntry
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from tests.factories.fulfilment import kyiv
from tests.factories.people import a_customer
from tests.factories.runs import a_validated_order
from tests.stories.conftest import complaints, sign_in_by_hand
from tests.stories.house import House
from tests.stories.people import a_manager

CUSTOMER, MANAGER = "signe@havsbris.example", "oksana@northbridge.example"
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_ten_days_without_the_worker_end_as_if_it_had_been_there(house: House, window: Callable[..., Page]) -> None:
    house.set_clock("2026-12-04T09:59+02:00")
    recent, earlier = two_packages(house)
    a_manager(house, MANAGER)
    customer, manager = window(viewport=PHONE, color_scheme="dark"), window()
    sign_in_by_hand(customer, CUSTOMER)
    sign_in_by_hand(manager, MANAGER)
    house.let_the_worker_look("2026-12-04T10:00+02:00")
    house.letter(CUSTOMER, "Our copy of your access details was destroyed")
    house.kill("worker")
    restart = customer.context.new_page()
    restart.goto(f"/orders/{recent}/restart")

    house.set_clock("2026-12-14T15:59+02:00")
    a_form_that_was_opened_in_time_comes_too_late(restart)
    the_pages_go_by_the_clock(customer, recent, earlier)
    the_worker_is_missed(manager)
    deeds, letters = by_itself(house), daily_letters(house)

    house.let_the_worker_look("2026-12-14T16:00+02:00")
    assert by_itself(house) - deeds == {
        (recent, "review.accepted_by_silence", kyiv("2026-12-08 00:00")),
        (recent, "insurance.ended", kyiv("2026-12-12 00:00")),
        (recent, "access.window_ended", kyiv("2026-12-14 15:20")),
        (recent, "access.destroyed", kyiv("2026-12-14 16:00")),
        (earlier, "changes.ended", kyiv("2026-12-13 00:00")),
        (earlier, "hours.lapsed", kyiv("2026-12-13 00:00")),
        (earlier, "order.completed", kyiv("2026-12-13 00:00")),
    }
    assert daily_letters(house) == letters + 1
    the_worker_is_back(manager)
    customer.goto(f"/orders/{earlier}")
    expect(customer.get_by_text("Completed").first).to_be_visible()

    deeds = by_itself(house)
    house.let_the_worker_look("2026-12-14T16:01+02:00")
    assert by_itself(house) == deeds
    assert daily_letters(house) == letters + 1


def two_packages(house: House) -> tuple[str, str]:
    """This will arrange a package that was done on 23 Nov, and one that was done on 11 Nov."""
    with house.rows() as session:
        person = a_customer(session, email=CUSTOMER)
        times = (("2026-11-23 15:20", "2026-12-01 12:00"), ("2026-11-11 15:20", "2026-11-12 12:00"))
        recent, earlier = (
            a_validated_order(session, person=person, done_at=kyiv(done), validated_at=kyiv(validated)).number
            for done, validated in times
        )
    house.give_password(CUSTOMER)
    return recent, earlier


def a_form_that_was_opened_in_time_comes_too_late(page: Page) -> None:
    page.get_by_label("When").fill("2026-12-14")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Restart the migration").click()
    expect(page.get_by_role("alert")).to_be_visible()


def the_pages_go_by_the_clock(page: Page, recent: str, earlier: str) -> None:
    page.goto(f"/orders/{recent}/result")
    expect(page.get_by_role("button", name="Accept the result")).to_have_count(0)
    page.goto(f"/orders/{earlier}/result")
    expect(page.get_by_text("price").first).to_be_visible()
    assert complaints(page) == []


def the_worker_is_missed(page: Page) -> None:
    page.goto("/desk/jobs")
    expect(page.get_by_text("The worker is not running")).to_be_visible()
    expect(page.get_by_text("The worker last did something 10 days ago.")).to_be_visible()
    assert complaints(page) == []


def the_worker_is_back(page: Page) -> None:
    page.goto("/desk/jobs")
    expect(page.get_by_text("The worker is not running")).to_have_count(0)


def by_itself(house: House) -> set[tuple[str, str, datetime]]:
    """This will return what was done to orders by itself, and when; each of it is written down once."""
    wanted = select(Order.number, HistoryEntry.verb, HistoryEntry.happened_at).join(
        Order, Order.id == HistoryEntry.order_id
    )
    with house.rows() as session:
        found = [tuple(row) for row in session.execute(wanted.where(HistoryEntry.actor_role == Role.SYSTEM))]
    assert len(set(found)) == len(found)
    return set(found)


def daily_letters(house: House) -> int:
    """This will count the daily letters that were written."""
    with house.rows() as session:
        wanted = select(func.count()).select_from(OwedMessage).where(OwedMessage.kind == "daily_letter")
        return session.scalar(wanted) or 0
