"""What people are told without asking: one letter a day at most, true when it is written (RULES C-065, X-04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.windows.models import Window
from migrator.history.models import HistoryEntry
from migrator.jobs.orders import end_baskets, end_windows, hand_over, write_letters
from migrator.journeys.write_daily_letters import write_daily_letters
from migrator.notifications.choices import switch_off
from migrator.notifications.models import OwedMessage
from migrator.notifications.topics import Topic
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from tests.conftest import BACKENDS
from tests.factories.fulfilment import kyiv
from tests.factories.people import a_customer
from tests.factories.runs import a_validated_order
from tests.factories.stages import a_paid_order, a_paused_order, an_unpaid_order

DONE_AT, VALIDATED_AT = kyiv("2026-11-23 15:20"), kyiv("2026-12-01 12:00")
Day = Callable[..., None]
Kinds = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def live(app: Flask, clock: FileClock) -> Day:
    """Lets the worker look at a moment, as it does each minute; the letters twice, because a task may be doubled."""

    def look(at: str, *others: Callable[[], int]) -> None:
        clock.set(kyiv(at))
        with app.app_context():
            for work in (*others, write_letters, write_letters):
                work()

    return look


@pytest.fixture
def told(app: Flask) -> Kinds:
    """Tells which letters of these kinds were written: kind and day, the earliest first."""

    def look(*kinds: str) -> list[tuple[str, str]]:
        with app.app_context(), reading() as session:
            wanted = select(OwedMessage).where(OwedMessage.kind.in_(kinds)).order_by(OwedMessage.id)
            return [(letter.kind, f"{letter.created_at:%d %b}") for letter in session.scalars(wanted)]

    return look


def days_from(first: str, count: int) -> list[str]:
    return [f"{date.fromisoformat(first) + timedelta(days=day)}" for day in range(count)]


def in_house(app: Flask, make: Callable[[Session], Order]) -> int:
    with app.app_context(), transaction() as session:
        return make(session).id


def letters_of(app: Flask, kind: str = "daily_letter") -> list[OwedMessage]:
    with app.app_context(), reading() as session:
        wanted = select(OwedMessage).where(OwedMessage.kind == kind).order_by(OwedMessage.id)
        return list(session.scalars(wanted))


def a_migrated_order(session: Session, *, person: Person | None = None) -> Order:
    """A package with plan 3, migrated on 23 Nov and validated on 1 Dec, with its four windows (RULES X-04)."""
    return a_validated_order(
        session, done_at=DONE_AT, validated_at=VALIDATED_AT, person=person or a_customer(session), insurance_plan=3
    )


def test_what_is_open_after_a_migration_comes_in_one_letter_a_day_at_most(app: Flask, live: Day) -> None:
    in_house(app, a_migrated_order)
    live("2026-11-30 08:59")
    assert letters_of(app) == []
    for on in days_from("2026-11-24", 46):
        live(f"{on} 09:01", end_windows)
    letters = letters_of(app)
    days = [letter.cause.removeprefix("day:") for letter in letters]
    assert max(Counter(days).values()) == 1
    assert dict(zip(days, [letter.subject.rpartition(" –")[0] for letter in letters], strict=True)) == {
        "2026-11-30": "Check your results",
        "2026-12-05": "Check your results",
        "2026-12-07": "Check your results",
        "2026-12-08": "Your result counts as accepted",
        "2026-12-11": "Change the passwords you gave us",
        "2026-12-14": "Change the passwords you gave us",
        "2026-12-15": "Our copy of your access details was destroyed",
        "2026-12-17": "Your included changes end soon",
        "2026-12-24": "Your included changes end soon",
        "2026-12-29": "Your insurance ends soon",
        "2026-12-30": "Your included changes end soon",
        "2027-01-01": "Your included changes are over",
        "2027-01-04": "Your insurance ends soon",
        "2027-01-06": "Your insurance ends soon",
        "2027-01-07": "Your insurance is over",
    }
    assert "Your insurance runs until end of Wed 6 Jan 2027 Kyiv." in letters[4].text_body


def test_ten_days_without_the_worker_end_in_one_letter_with_what_is_true_now(app: Flask, live: Day) -> None:
    in_house(app, a_migrated_order)
    live("2026-11-28 10:00")
    live("2026-12-09 10:00", end_windows)
    (letter,) = letters_of(app)
    assert letter.subject.startswith("Your result counts as accepted")
    assert "Check your results" not in letter.text_body
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.min(Window.next_notice_at))) == kyiv("2026-12-11 09:00")


def test_a_pause_is_remembered_on_three_days_and_then_a_person_takes_over(app: Flask, live: Day, told: Kinds) -> None:
    def begin(session: Session) -> Order:
        return a_paused_order(session, at=kyiv("2026-11-26 14:00"), paused_at=kyiv("2026-11-27 15:00"))

    in_house(app, begin)
    for on in days_from("2026-11-27", 35):
        live(f"{on} 18:00", hand_over)
    assert told("daily_letter", "waiting_handed_over") == [
        ("daily_letter", "02 Dec"),
        ("daily_letter", "05 Dec"),
        ("daily_letter", "12 Dec"),
        ("waiting_handed_over", "28 Dec"),
    ]
    assert "We still need: Old site FTP or SFTP" in letters_of(app)[0].text_body
    with app.app_context(), reading() as session:
        pause = session.scalars(select(PauseRow)).one()
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "order.handed_over")).one()
    assert (pause.ended_at, pause.next_reminder_at) == (None, None)
    assert pause.handed_over_at == entry.happened_at == kyiv("2026-12-28 15:00")
    assert entry.facts["rule"] == "C-065"


def test_an_order_without_access_details_is_reminded_as_a_pause_is(app: Flask, live: Day, told: Kinds) -> None:
    in_house(app, lambda session: a_paid_order(session, at=kyiv("2026-11-24 11:00")))
    for on in ("2026-11-24", "2026-11-27", "2026-12-02", "2026-12-09", "2026-12-23", "2026-12-24"):
        live(f"{on} 18:00", hand_over)
    assert [kind for kind, _day in told("daily_letter", "waiting_handed_over")] == [
        "daily_letter", "daily_letter", "daily_letter", "waiting_handed_over",
    ]  # fmt: skip
    assert "Send us your access details" in letters_of(app)[0].text_body


def test_an_unpaid_order_is_spoken_of_once_and_ends_with_a_way_back(app: Flask, live: Day, told: Kinds) -> None:
    order_id = in_house(app, lambda session: an_unpaid_order(session, at=kyiv("2026-11-24 11:00")))
    for on in days_from("2026-11-24", 35):
        live(f"{on} 18:00", end_baskets)
    assert told("daily_letter", "order_ended_unpaid") == [("daily_letter", "27 Nov"), ("order_ended_unpaid", "25 Dec")]
    (ended,) = letters_of(app, "order_ended_unpaid")
    assert (
        "/orders/new/check?source=wordpress&target=joomla&pages=812&who=package&product=PACK-BASIC" in ended.text_body
    )
    assert "insurance=2" in ended.text_body
    with app.app_context(), reading() as session:
        order = session.get_one(Order, order_id)
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "order.cancelled")).one()
    assert order.state is OrderState.CANCELLED
    assert (entry.actor_id, entry.reason) == (None, "It was not paid within 30 days")
    assert entry.happened_at == order.state_since_at == kyiv("2026-12-25 09:00")


def test_all_orders_of_a_person_share_a_letter_and_unwanted_parts_are_left_out(app: Flask, live: Day) -> None:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
        migrated = a_migrated_order(session, person=person)
        unpaid = an_unpaid_order(session, person=person, at=kyiv("2026-11-26 08:00"))
        numbers = [migrated.number, unpaid.number]
    live("2026-11-30 09:00")
    (letter,) = letters_of(app)
    assert letter.subject.startswith("Check your results, and 1 more") or "Your order waits" in letter.subject
    assert all(number in letter.text_body for number in numbers)
    with app.app_context(), transaction() as session:
        switch_off(session, person.id, Topic.REMINDERS, now=kyiv("2026-12-01 10:00"))
    live("2026-12-05 09:00")
    assert len(letters_of(app)) == 1
    live("2026-12-08 09:00", end_windows)
    assert "Your result counts as accepted" in letters_of(app)[-1].subject


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_two_workers_at_once_write_one_letter(app: Flask, clock: FileClock) -> None:
    order_id = in_house(app, a_migrated_order)
    now = kyiv("2026-11-30 09:00")
    with app.app_context(), reading() as session:
        organisation_id = session.get_one(Order, order_id).organisation_id

    def write(_worker: int) -> int:
        with app.app_context(), transaction() as session:
            return write_daily_letters(session, organisation_id, now=now)

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(write, range(4))) == 1
    assert len(letters_of(app)) == 1
