"""Closures are announced and withdrawn: what moves, by how much, who is told, and that nothing is done twice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Organisation, Person
from migrator.calendars.closure_operations import draft_closure
from migrator.calendars.closure_queries import closure_of
from migrator.calendars.closure_rules import NothingLeftToWithdraw, UnfitClosure
from migrator.calendars.queries import calendar
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.closures import operations, telling
from migrator.fulfilment.closures.models import Direction, Move, Recount, RecountState
from migrator.fulfilment.closures.operations import CountAgain
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.rules import dates_of
from migrator.fulfilment.windows.models import Window
from migrator.fulfilment.windows.rules import ends_at
from migrator.history.models import HistoryEntry, Visibility
from migrator.jobs import closures as jobs
from migrator.jobs.closures import continue_recounts
from migrator.journeys.announce_closure import move_the_dates, see_what_moves
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories.fulfilment import kyiv
from tests.factories.herd import a_herd, an_item_pause
from tests.factories.people import a_customer, an_administrator
from tests.factories.stages import an_order_under_way
from tests.fulfilment.test_races import LATER, answering, pausing

TUESDAY = kyiv("2026-12-01 09:00")
THURSDAY = date(2026, 12, 3)


class Desk:
    """Somebody who announces and withdraws closures, and the worker."""

    def __init__(self, app: Flask, clock: FileClock) -> None:
        self.clock = clock
        with transaction() as session:
            self.actor = an_administrator(session).actor

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def draft(self, first_on: date = THURSDAY, last_on: date | None = None) -> int:
        with transaction() as session:
            facts = {"name": "Moving day", "reason": "We move to another office.", "calendar_key": "kyiv"}
            days = {"first_on": first_on, "last_on": last_on or first_on}
            return draft_closure(session, **facts, **days, actor=self.actor, now=self.now).id

    def count(self, closure_id: int, direction: Direction = Direction.ANNOUNCE) -> int:
        with transaction() as session:
            closure = closure_of(session, closure_id, for_update=True)
            recount_id = see_what_moves(session, closure, direction=direction, now=self.now).id
        continue_recounts(self.clock)
        return recount_id

    def switch(self, recount_id: int) -> None:
        with transaction() as session:
            move_the_dates(session, recount_id, actor=self.actor, now=self.now)

    def until(self, recount_id: int, state: RecountState) -> None:
        for _ in range(200):
            with reading() as session:
                if session.get_one(Recount, recount_id).state is state:
                    return
            continue_recounts(self.clock)
        raise AssertionError(f"The recount never came to be {state}.")

    def announce(self, closure_id: int, direction: Direction = Direction.ANNOUNCE) -> None:
        self.switch(self.count(closure_id, direction))
        continue_recounts(self.clock)


@pytest.fixture
def desk(app: Flask, clock: FileClock) -> Iterator[Desk]:
    with app.app_context():
        yield Desk(app, clock)


def stored() -> dict[int, tuple[datetime | None, ...]]:
    with reading() as session:
        columns = Order.id, Order.check_by_at, Order.agree_by_at, Order.due_at, Order.promise_at, Window.ends_at
        wanted = select(*columns).outerjoin(Window, Window.order_id == Order.id)
        return {row[0]: tuple(row[1:]) for row in session.execute(wanted)}


def computed() -> dict[int, tuple[datetime | None, ...]]:
    with reading() as session:
        days = calendar(session, "kyiv")
        windows = {window.order_id: window for window in session.scalars(select(Window))}
        found = {}
        for order in session.scalars(select(Order)):
            dates = dates_of(facts_of(order, pauses_of(session, order.id)), days)
            window = windows.get(order.id)
            ends = ends_at(window.kind, window.opened_at, terms=order.terms, calendar=days) if window else None
            found[order.id] = (dates.check_by_at, dates.agree_by_at, dates.due_at, dates.promise_at, ends)
        return found


def told(session: Session, kind: str = "closure_announced") -> Counter[str]:
    return Counter(session.scalars(select(OwedMessage.address).where(OwedMessage.kind == kind)))


def moves_of(session: Session, recount_id: int) -> set[tuple[object, ...]]:
    columns = Move.order_id, Move.due_at, Move.promise_at, Move.insurance_ends_at, Move.is_open
    return {tuple(row) for row in session.execute(select(*columns).where(Move.recount_id == recount_id))}


def an_order(at: datetime = NOW) -> int:
    with transaction() as session:
        return an_order_under_way(session, at=at).id


def due_of(order_id: int) -> datetime | None:
    return stored()[order_id][2]


def test_the_worked_example_moves_by_a_day_and_back(desk: Desk) -> None:
    order_id = an_order()
    desk.clock.set(TUESDAY)
    closure_id = desk.draft()
    desk.announce(closure_id)
    assert due_of(order_id) == kyiv("2026-12-04 11:00")
    desk.announce(closure_id, Direction.WITHDRAW)
    assert due_of(order_id) == kyiv("2026-12-03 11:00")
    with reading() as session:
        moved = select(HistoryEntry).where(HistoryEntry.verb == "order.closure_moved")
        entry, back = session.scalars(moved.order_by(HistoryEntry.id))
        assert (entry.actor_name, entry.reason) == (desk.actor.name, "We move to another office.")
        assert entry.facts["new_due"] == back.facts["old_due"] == "2026-12-04T09:00:00+00:00"
        told = select(OwedMessage).where(OwedMessage.kind.startswith("closure"))
        letter, letter_back = session.scalars(told.order_by(OwedMessage.id))
    assert "Ready by Fri 4 Dec 2026, 11:00 (was Thu 3 Dec 2026, 11:00)" in letter.text_body
    assert "We move to another office." in letter.text_body
    assert "Ready by Thu 3 Dec 2026, 11:00 (was Fri 4 Dec 2026, 11:00)" in letter_back.text_body


def test_counting_moves_nothing(desk: Desk) -> None:
    order_id = an_order()
    before = stored()
    recount_id = desk.count(desk.draft())
    assert stored() == before == computed()
    with reading() as session:
        (move,) = session.scalars(select(Move).where(Move.recount_id == recount_id))
    assert (move.order_id, move.moved_business_days, move.due_at) == (order_id, 1, kyiv("2026-12-04 11:00"))


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second step is killed at its very end, before it is kept; chunks are small."""
    monkeypatch.setattr(operations, "CHUNK", 25)
    monkeypatch.setattr(telling, "CHUNK", 10)
    turns = itertools.cycle([False, True])

    def dying(do: Callable[..., bool]) -> Callable[..., bool]:
        def step(*arguments: Any, **named: Any) -> bool:
            more = do(*arguments, **named)
            if next(turns):
                raise Killed
            return more

        return step

    monkeypatch.setattr(jobs, "count_chunk", dying(jobs.count_chunk))
    monkeypatch.setattr(jobs, "tell_chunk", dying(jobs.tell_chunk))


class Killed(Exception):
    """The process ended here."""


@pytest.mark.usefixtures("killed")
def test_a_worker_killed_at_every_second_step_ends_the_same_and_tells_nobody_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        a_herd(session, copies=12)
    desk.clock.set(TUESDAY)
    before = stored()
    closure_id = desk.draft()
    for direction, kind in ((Direction.ANNOUNCE, "closure_announced"), (Direction.WITHDRAW, "closure_withdrawn")):
        recount_id = desk.count(closure_id, direction)
        desk.until(recount_id, RecountState.COUNTED)
        with monkeypatch.context() as dying, pytest.raises(Killed):
            dying.setattr(operations, "_write_history", _die)
            desk.switch(recount_id)
        unmoved = stored()
        assert unmoved == computed()
        desk.switch(recount_id)
        assert stored() == computed()
        desk.until(recount_id, RecountState.DONE)
        with reading() as session:
            moves = session.scalars(select(Move).where(Move.recount_id == recount_id)).all()
            assert {move.order_id for move in moves} == {
                key for key, dates in stored().items() if dates != unmoved[key]
            }
            placed_by = dict(session.execute(select(Order.id, Person.email).join(Order.placed_by)).all())
            assert told(session, kind) == Counter({placed_by[move.order_id] for move in moves if move.is_open})
            assert len(told(session, kind)) > 20
    assert stored() == before


def _die(*_arguments: object, **_named: object) -> None:
    raise Killed


def test_orders_that_changed_since_they_were_counted_are_counted_again_at_the_switch(desk: Desk) -> None:
    kept, paused = an_order(), an_order()
    recount_id = desk.count(desk.draft())
    with transaction() as session:
        later = NOW + timedelta(hours=30)
        order = order_for_staff(session, session.get_one(Order, paused).number)
        session.add(an_item_pause(session, order, since=NOW, until=later))
        bring_up_to_date(session, order)
    new = an_order(at=NOW + timedelta(hours=1))
    desk.switch(recount_id)
    assert stored() == computed()
    assert [due_of(key) for key in (kept, new)] == [kyiv("2026-12-04 11:00"), kyiv("2026-12-04 12:00")]
    with reading() as session:
        assert {row[0] for row in moves_of(session, recount_id)} == {kept, paused, new}


def test_what_was_counted_with_another_calendar_is_refused(desk: Desk) -> None:
    an_order()
    first, second = desk.count(desk.draft()), desk.count(desk.draft(date(2026, 12, 2)))
    desk.switch(first)
    with pytest.raises(CountAgain):
        desk.switch(second)
    assert stored() == computed()


def test_a_day_that_has_begun_is_neither_announced_nor_reopened_as_counted(desk: Desk) -> None:
    an_order()
    announced = desk.draft(date(2026, 12, 1), date(2026, 12, 2))
    desk.announce(announced)
    desk.clock.set(TUESDAY)
    withdrawal, late = desk.count(announced, Direction.WITHDRAW), desk.count(desk.draft(date(2026, 12, 3)))
    desk.clock.set(kyiv("2026-12-04 09:00"))
    for recount_id, refusal in ((withdrawal, NothingLeftToWithdraw), (late, UnfitClosure)):
        with pytest.raises(refusal):
            desk.switch(recount_id)


def test_past_days_of_a_closure_stay_closed_when_it_is_withdrawn(desk: Desk) -> None:
    order_id = an_order()
    closure_id = desk.draft(date(2026, 12, 1), date(2026, 12, 2))
    desk.announce(closure_id)
    assert due_of(order_id) == kyiv("2026-12-07 11:00")
    desk.clock.set(kyiv("2026-12-02 08:00"))
    desk.announce(closure_id, Direction.WITHDRAW)
    assert due_of(order_id) == kyiv("2026-12-04 11:00")
    assert stored() == computed()


def test_colleagues_of_one_who_has_left_read_one_letter_with_all_orders(desk: Desk) -> None:
    with transaction() as session:
        left, also_left = an_order_under_way(session), an_order_under_way(session)
        reader = a_customer(session, organisation=session.get_one(Organisation, left.organisation_id))
        address, numbers = reader.email, {left.number, also_left.number}
        also_left.organisation_id = also_left.placed_by.organisation_id = left.organisation_id
        left.placed_by.active = also_left.placed_by.active = False
    desk.announce(desk.draft())
    with reading() as session:
        (letter,) = session.scalars(select(OwedMessage).where(OwedMessage.kind == "closure_announced"))
    assert letter.address == address
    assert all(number in letter.text_body for number in numbers)


def test_nobody_is_told_of_a_date_that_is_no_longer_promised(desk: Desk) -> None:
    with transaction() as session:
        order = an_order_under_way(session)
        order.state, order.turn, order.promise_at = OrderState.CANCELLED, Turn.NOBODY, None
        bring_up_to_date(session, order)
    desk.announce(desk.draft())
    assert stored() == computed()
    with reading() as session:
        assert told(session) == Counter()
        visibility = select(HistoryEntry.visibility).where(HistoryEntry.verb == "order.closure_moved")
        assert session.scalars(visibility).all() == [Visibility.STAFF]


def test_journeys_during_the_switch_leave_no_date_of_the_old_calendar(app: Flask, desk: Desk) -> None:
    with transaction() as session:
        orders = [an_order_under_way(session) for _ in range(4)]
        items = [(order.number, order.placed_by_id, order.account_manager_id) for order in orders]
    recount_id = desk.count(desk.draft())
    together = Barrier(len(items) + 1)

    def pause_and_answer(number: str, customer_id: int, manager_id: int) -> None:
        with app.app_context():
            together.wait(timeout=20)
            for act in (pausing(ItemKind.FTP, manager_id, NOW), answering(ItemKind.FTP, customer_id, LATER)):
                with transaction() as session:
                    act(session, order_for_staff(session, number))

    def switch() -> None:
        with app.app_context():
            together.wait(timeout=20)
            desk.switch(recount_id)

    with ThreadPoolExecutor(len(items) + 1) as threads:
        running = [threads.submit(switch), *(threads.submit(pause_and_answer, *item) for item in items)]
        for each in running:
            each.result()
    assert stored() == computed()
