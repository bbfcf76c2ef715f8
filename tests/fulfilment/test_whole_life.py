"""Whatever everybody does to an order: nothing illegal is kept, and what is stored follows from the facts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.hours.models import EntryState, TimeEntry, TimeKind
from migrator.fulfilment.queries import after_the_run, facts_of, open_pauses, pauses_of
from migrator.fulfilment.rules import dates_of
from migrator.fulfilment.runs.models import RunKind, RunState
from migrator.fulfilment.runs.queries import runs_of
from migrator.fulfilment.windows.queries import windows_of
from migrator.fulfilment.windows.rules import ends_at
from migrator.history.models import HistoryEntry
from migrator.orders.lifecycle import OrderState, Turn, stored_turn
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import order_for_staff
from migrator.policy.types import Family
from tests.factories.fulfilment import kyiv
from tests.factories.lives import live_through
from tests.factories.people import a_customer, an_account_manager
from tests.factories.stages import an_order_being_checked
from tests.fulfilment.deeds import DEEDS, Moment

LIVES = 12
STEPS = 50
WATCHED = (
    "state", "due_at", "check_by_at", "agreed_at", "verified_at", "delivered_at", "validated_at", "completed_at",
    "declared_pages", "measured_pages", "moved_pages", "page_limit", "support_minutes_limit", "support_minutes_used",
    "restarts_limit", "restarts_used", "total_minor", "account_manager_id",
)  # fmt: skip
# What is likely next in each state, so that lives come far before they end.
NEXT = {
    OrderState.AWAITING_ACCESS: ("send_all", "drop_restart", "send_one"),
    OrderState.VERIFYING: ("verify_all", "verify_all", "verify_next"),
    OrderState.IN_PROGRESS: (
        "prepare", "find_fault", "log_hours", "prepare", "measure", "check_list", "publish", "ask_something",
    ),
    OrderState.PAUSED: ("trim", "send_one", "buy_pages", "pay", "answer_otherwise", "move_pause", "move_verification"),
    OrderState.PREVIEW_READY: ("start", "start", "return_it", "measure", "buy_upgrade", "pay"),
    OrderState.MIGRATING: ("finish", "fail", "finish", "repeat", "find_fault"),
    OrderState.IN_REVIEW: (
        "look_over", "wish", "restart", "work_on_wish", "fulfil_wish", "refuse_wish", "report", "the_worker_looks",
        "keep_access", "prolong", "correct_hours", "move_completion", "move_validation", "accept_it",
    ),
    OrderState.COMPLETED: ("wish", "fulfil_wish", "restart", "the_worker_looks"),
}  # fmt: skip
BY_NAME = {deed.__name__: deed for deed in DEEDS}
SOLD = {
    "PACK-BASIC": Family.PACKAGE,
    "ASSIST-BASIC": Family.ASSISTED,
    "ASSIST-STANDARD": Family.ASSISTED,
    "SELF-1000": Family.SELF_SERVICE,
}
done: Counter[str] = Counter()


class WholeLife(RuleBasedStateMachine):
    """One order from the check of its access on, its customer, its manager, the worker, and time that only goes on."""

    now: datetime = kyiv("2026-12-11 15:00")
    number: str

    @initialize(sku=st.sampled_from(sorted(SOLD)), plan=st.sampled_from([None, 1, 2]))
    def somebody_orders(self, sku: str, plan: int | None) -> None:
        with transaction() as session:
            customer, manager = a_customer(session), an_account_manager(session)
            asked = {"family": SOLD[sku], "sku": sku, "insurance_plan": plan, "pages": 812}
            order = an_order_being_checked(session, person=customer, manager=manager, at=self.now, **asked)
            self.number, self.customer_id, self.manager_id = order.number, customer.id, manager.id

    @rule(hours=st.integers(0, 70), minutes=st.integers(0, 59))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(days=st.integers(5, 20))
    def a_long_time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(deed=st.sampled_from(sorted(BY_NAME)), index=st.integers(0, 9), number=st.integers(0, 90))
    def somebody_does_something(self, deed: str, index: int, number: int) -> None:
        self.attempt(deed, index=index, number=number)

    @rule(chosen=st.lists(st.integers(0, 13), min_size=1, max_size=8), number=st.integers(0, 30))
    def the_order_goes_on(self, chosen: list[int], number: int) -> None:
        for index in chosen:
            steps = NEXT.get(self.state(), ("the_worker_looks",))
            self.attempt(steps[index % len(steps)], index=index, number=number)
            self.now += timedelta(minutes=47)

    def attempt(self, deed: str, *, index: int, number: int) -> None:
        """What the rules of the house refuse leaves nothing behind; what they allow is written down."""
        before = self.snapshot()
        try:
            with transaction() as session:
                order = order_for_staff(session, self.number, for_update=True)
                people = (session.get_one(Person, self.customer_id), session.get_one(Person, self.manager_id))
                BY_NAME[deed](Moment(session, order, *people, self.now, index, number))
            done[deed] += 1
        except DomainError:
            assert self.snapshot() == before
            return
        after = self.snapshot()
        assert after[0] == before[0] or after[1] > before[1], f"{deed} left no trace in the history"

    def state(self) -> OrderState:
        with reading() as session:
            return order_for_staff(session, self.number).state

    def snapshot(self) -> tuple[tuple[Any, ...], int]:
        with reading() as session:
            order = order_for_staff(session, self.number)
            written = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.order_id == order.id)
            return tuple(getattr(order, name) for name in WATCHED), session.scalar(written) or 0

    @invariant()
    def what_is_stored_follows_from_the_facts(self) -> None:
        with reading() as session:
            order = order_for_staff(session, self.number)
            calendar = calendar_of(session, order.calendar_row)
            dates = dates_of(facts_of(order, pauses_of(session, order.id)), calendar)
            assert (order.due_at, order.check_by_at, order.agree_by_at) == (
                dates.due_at, dates.check_by_at, dates.agree_by_at,
            )  # fmt: skip
            assert order.turn is stored_turn(order.state, after_the_run(session, order))
            assert order.promise_at == (dates.promise_at if order.turn is Turn.US else None)
            self.no_state_is_illegal(session, order)
            self.nothing_is_used_beyond_its_limit(session, order)
            self.windows_end_when_they_must(session, order, calendar)

    def no_state_is_illegal(self, session: Session, order: Order) -> None:
        waits, runs = open_pauses(pauses_of(session, order.id)), runs_of(session, order.id)
        assert order.state is not OrderState.PAUSED or waits
        assert not waits or order.state in {OrderState.PAUSED, OrderState.PREVIEW_READY}
        running = [run for run in runs if run.state is RunState.RUNNING]
        assert len(running) <= 1
        assert not running or order.state in {OrderState.MIGRATING, OrderState.PAUSED}
        assert order.state is not OrderState.MIGRATING or any(run.started_at for run in runs)
        assert (order.completed_at is not None) or order.state is not OrderState.COMPLETED
        assert len([run for run in runs if run.kind is RunKind.FULL and run.state is not RunState.FAILED]) <= 1

    def nothing_is_used_beyond_its_limit(self, session: Session, order: Order) -> None:
        charged = select(func.coalesce(func.sum(TimeEntry.minutes), 0)).where(
            TimeEntry.order_id == order.id,
            TimeEntry.state == EntryState.POSTED,
            TimeEntry.kind != TimeKind.REWORK,
        )
        assert session.scalar(charged) == order.support_minutes_used <= order.support_minutes_limit
        restarts = [run for run in runs_of(session, order.id) if run.kind is RunKind.RESTART and run.started_at]
        given_back = [run for run in restarts if run.state is RunState.FAILED and run.is_our_fault]
        assert len(restarts) - len(given_back) == order.restarts_used <= order.restarts_limit
        assert min(order.page_limit, order.measured_pages or 0, order.moved_pages or 0) >= 0
        lines = select(func.sum(OrderLine.amount_minor)).where(OrderLine.order_id == order.id)
        assert session.scalar(lines) == order.total_minor

    def windows_end_when_they_must(self, session: Session, order: Order, calendar: Calendar) -> None:
        open_kinds = Counter(window.kind for window in windows_of(session, order.id) if window.closed_at is None)
        assert all(count == 1 for count in open_kinds.values())
        for window in windows_of(session, order.id):
            computed = ends_at(window.kind, window.opened_at, terms=order.terms, calendar=calendar)
            assert window.ends_at == max(computed, window.extended_to_at or computed)
            assert window.closed_at is None or window.closed_at <= window.ends_at


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_life_of_an_order_breaks_a_promise_or_leaves_no_trace(app: Flask) -> None:
    done.clear()
    with app.app_context():
        live_through(WholeLife, lives=LIVES, steps=STEPS)
    # A machine that never gets anywhere would hold any law.
    assert {"verify_all", "prepare", "start", "finish", "look_over", "restart", "wish", "pay"} <= set(done)
