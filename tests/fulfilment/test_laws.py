"""Whatever happens in whatever order: the stored dates equal the computed ones, and the state follows the pauses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.access.queries import items_of
from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.queries import facts_of, open_pauses, pauses_of, promise_view
from migrator.fulfilment.rules import dates_of
from migrator.journeys.answer_pause import record_answer
from migrator.journeys.correct_facts import correct_pause, correct_verification
from migrator.journeys.pause_delivery import pause_delivery, pause_for_information
from migrator.journeys.verify_access import verify_item
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.factories.fulfilment import an_order_under_way, give, kyiv
from tests.factories.people import a_customer, an_account_manager

HOURS = st.integers(0, 70)
INDEX = st.integers(0, 9)
SHIFT = st.integers(-50, 50)


class OrderUnderWay(RuleBasedStateMachine):
    """One order, its customer and its manager, and time that only goes on."""

    start: datetime = kyiv("2026-12-17 15:00")

    def __init__(self) -> None:
        super().__init__()
        self.now = self.start
        with transaction() as session:
            customer, manager = a_customer(session), an_account_manager(session)
            order = an_order_under_way(session, customer, manager, now=self.now)
            self.number, self.customer_id, self.manager_id = order.number, customer.id, manager.id

    @rule(hours=HOURS, minutes=st.integers(0, 59))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(index=INDEX)
    def an_item_fails(self, index: int) -> None:
        def act(session: Session, order: Order) -> None:
            items = [item for item in items_of(session, order.id) if item.kind is not ItemKind.INFORMATION]
            item = items[index % len(items)]
            reason = PauseReason.ACCESS_WRONG
            author = session.get_one(Person, self.manager_id)
            pause_delivery(session, order, item, reason=reason, message="No.", author=author, now=self.now)

        self.attempt(act)

    @rule()
    def something_is_missing(self) -> None:
        def act(session: Session, order: Order) -> None:
            author = session.get_one(Person, self.manager_id)
            pause_for_information(session, order, label="Menu", message="Which?", author=author, now=self.now)

        self.attempt(act)

    @rule(index=INDEX)
    def the_customer_sends_an_item(self, index: int) -> None:
        def act(session: Session, order: Order) -> None:
            items = items_of(session, order.id)
            customer = session.get_one(Person, self.customer_id)
            give(session, order, items[index % len(items)], customer, now=self.now)

        self.attempt(act)

    @rule(index=INDEX)
    def an_answer_comes_another_way(self, index: int) -> None:
        def act(session: Session, order: Order) -> None:
            if found := self.pause(session, order, index):
                actor = session.get_one(Person, self.manager_id).actor
                record_answer(session, order, found, reason="By telephone", actor=actor, now=self.now)

        self.attempt(act)

    @rule(index=INDEX)
    def an_item_is_checked_again(self, index: int) -> None:
        def act(session: Session, order: Order) -> None:
            items = items_of(session, order.id)
            actor = session.get_one(Person, self.manager_id).actor
            verify_item(session, order, items[index % len(items)], actor=actor, now=self.now)

        self.attempt(act)

    @rule(hours=SHIFT)
    def the_verification_is_corrected(self, hours: int) -> None:
        def act(session: Session, order: Order) -> None:
            assert order.verified_at is not None
            moved = order.verified_at + timedelta(hours=hours)
            actor = session.get_one(Person, self.manager_id).actor
            correct_verification(session, order, verified_at=moved, reason="Late", actor=actor, now=self.now)

        self.attempt(act)

    @rule(index=INDEX, begin=SHIFT, end=SHIFT)
    def a_pause_is_corrected(self, index: int, begin: int, end: int) -> None:
        def act(session: Session, order: Order) -> None:
            if found := self.pause(session, order, index):
                started = found.started_at + timedelta(hours=begin)
                ended = found.ended_at + timedelta(hours=end) if found.ended_at else None
                actor = session.get_one(Person, self.manager_id).actor
                times = {"started_at": started, "ended_at": ended}
                correct_pause(session, order, found, **times, reason="Late", actor=actor, now=self.now)

        self.attempt(act)

    @invariant()
    def what_is_stored_is_what_follows_from_the_facts(self) -> None:
        with reading() as session:
            order = order_for_staff(session, self.number)
            pauses = pauses_of(session, order.id)
            calendar = calendar_of(session, order.calendar_row)
            dates = dates_of(facts_of(order, pauses), calendar)
            assert order.due_at == dates.due_at
            assert order.promise_at == dates.promise_at
            assert (order.state is OrderState.PAUSED) == bool(open_pauses(pauses))
            assert (order.promise_at is not None) == (order.turn is Turn.US)
            view = promise_view(order, calendar, pauses, now=self.now)
            assert view.stored_due_at == order.due_at
            assert view.due_at is not None
            assert order.due_at is not None
            assert view.due_at >= order.due_at

    def pause(self, session: Session, order: Order, index: int) -> PauseRow | None:
        pauses = pauses_of(session, order.id)
        return pauses[index % len(pauses)] if pauses else None

    def attempt(self, act: Callable[[Session, Order], None]) -> None:
        """What the rules of the house refuse leaves nothing behind."""
        try:
            with transaction() as session:
                act(session, order_for_staff(session, self.number, for_update=True))
        except DomainError:
            pass


def test_stored_dates_equal_the_computed_ones_after_any_sequence(app: Flask, backend: str) -> None:
    limits = settings(
        max_examples=12 if backend == "sqlite" else 4,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with app.app_context():
        run_state_machine_as_test(OrderUnderWay, settings=limits)
