"""Restarts under the insurance: at once, with access asked for again, given back, used up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.queries import items_of
from migrator.fulfilment.runs.models import RunState
from migrator.fulfilment.runs.queries import runs_of
from migrator.fulfilment.runs.result_rules import NoRestart
from migrator.fulfilment.windows.models import WindowKind, WindowOutcome
from migrator.fulfilment.windows.queries import latest_window_of, windows_of
from migrator.journeys.end_what_is_over import due_window_ids, end_window
from migrator.journeys.extend_window import NotExtended, prolong_insurance
from migrator.journeys.fail_run import fail_run
from migrator.journeys.request_restart import BackupNotConfirmed, request_restart, withdraw_restart
from migrator.journeys.review_result import accept_result
from migrator.journeys.settle_reversals import settle_reversals
from migrator.journeys.submit_access import submit_access
from migrator.journeys.verify_access import verify_item
from migrator.journeys.waiting_restart import why_held
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.rules import BackupInTheFuture
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.models import Payment
from migrator.payments.movements import ProviderDispute
from migrator.policy.types import Family
from tests.factories import runs
from tests.factories.fulfilment import kyiv
from tests.factories.ledger import a_covered_order
from tests.factories.stages import answer

DONE = kyiv("2026-11-23 15:20")
NEXT_DAY = kyiv("2026-11-24 10:00")
INSURANCE_ENDS = kyiv("2026-12-12 00:00")
BACKUP = date(2026, 11, 23)
ASSISTED = {"family": Family.ASSISTED, "sku": "ASSIST-STANDARD"}


def restart(session: Session, order: Order, at: object) -> object:
    return request_restart(
        session,
        order,
        backup_on=BACKUP,
        is_confirmed=True,
        person=order.placed_by,
        now=at,  # type: ignore[arg-type]
    )


def sweep(session: Session, at: object) -> None:
    for window_id in due_window_ids(session, at, 100):  # type: ignore[arg-type]
        end_window(session, window_id, at)  # type: ignore[arg-type]


def reviews(session: Session, order: Order) -> list[tuple[WindowOutcome | None, object]]:
    return [(one.outcome, one.ends_at) for one in windows_of(session, order.id) if one.kind is WindowKind.REVIEW]


def test_a_restart_begins_a_new_review_and_the_last_one_uses_the_insurance_up(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE)
    delivered_at, due_at = order.delivered_at, order.due_at
    restart(session, order, NEXT_DAY)
    assert (order.state, order.restarts_used) == (OrderState.MIGRATING, 1)
    with pytest.raises(NoRestart, match="running now"):
        restart(session, order, NEXT_DAY)
    runs.finish(session, order, at=NEXT_DAY + timedelta(hours=2))
    assert reviews(session, order) == [
        (WindowOutcome.BEGUN_ANEW, kyiv("2026-12-08 00:00")), (None, kyiv("2026-12-09 00:00"))
    ]  # fmt: skip
    restart(session, order, NEXT_DAY + timedelta(hours=3))
    runs.finish(session, order, at=NEXT_DAY + timedelta(hours=5))
    insurance = latest_window_of(session, order.id, WindowKind.INSURANCE)
    assert insurance
    assert (insurance.outcome, insurance.ends_at) == (WindowOutcome.USED_UP, INSURANCE_ENDS)
    with pytest.raises(NoRestart, match="all 2 restarts"):
        restart(session, order, NEXT_DAY + timedelta(hours=6))
    assert (order.delivered_at, order.due_at) == (delivered_at, due_at)


def test_a_restart_needs_the_backup_and_the_tick(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE)
    asked = {"person": order.placed_by, "now": NEXT_DAY}
    with pytest.raises(BackupNotConfirmed):
        request_restart(session, order, backup_on=BACKUP, is_confirmed=False, **asked)  # type: ignore[arg-type]
    with pytest.raises(BackupInTheFuture):
        request_restart(session, order, backup_on=date(2026, 11, 25), is_confirmed=True, **asked)  # type: ignore[arg-type]


def test_what_fails_through_our_fault_is_given_back_and_what_does_not_is_not(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, insurance_plan=1)
    manager = runs.manager_of(order).actor
    restart(session, order, NEXT_DAY)
    at = NEXT_DAY + timedelta(hours=1)
    fail_run(session, order, failure="Our server broke down.", is_our_fault=True, actor=manager, now=at)
    insurance = latest_window_of(session, order.id, WindowKind.INSURANCE)
    assert insurance
    assert (order.state, order.restarts_used, insurance.outcome) == (OrderState.IN_REVIEW, 0, None)
    assert reviews(session, order)[-1] == (None, kyiv("2026-12-09 00:00"))
    restart(session, order, at)
    fail_run(session, order, failure="The new site is full.", is_our_fault=False, actor=manager, now=at)
    assert (order.restarts_used, insurance.outcome) == (1, WindowOutcome.USED_UP)


def test_a_completed_order_restarts_with_access_asked_for_again_and_keeps_its_count(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, insurance_plan=3, **ASSISTED)
    accept_result(session, order, person=order.placed_by, now=NEXT_DAY)
    sweep(session, kyiv("2026-12-09 10:00"))
    facts = (order.submitted_at, order.verified_at, order.due_at)
    asked_at = kyiv("2027-01-06 23:59")
    restart(session, order, asked_at)
    assert (order.state, order.restarts_used) == (OrderState.AWAITING_ACCESS, 0)
    later = kyiv("2027-01-11 10:00")
    sweep(session, later)
    gone = [item for item in items_of(session, order.id) if item.state is ItemState.NOT_STARTED and item.required]
    assert gone
    for item in gone:
        answer(session, order, item, at=later)
    submit_access(session, order, actor=order.placed_by.actor, now=later)
    assert (order.state, order.check_by_at, order.promise_at) == (
        OrderState.VERIFYING, later + timedelta(days=1), later + timedelta(days=1)
    )  # fmt: skip
    for item in gone:
        verify_item(session, order, item, actor=runs.manager_of(order).actor, now=later)
    assert (order.state, order.restarts_used, order.completed_at) == (OrderState.MIGRATING, 1, None)
    assert (order.submitted_at, order.verified_at, order.due_at) == facts
    runs.finish(session, order, at=later + timedelta(hours=2))
    access = latest_window_of(session, order.id, WindowKind.ACCESS)
    assert access
    assert access.ends_at == later + timedelta(days=15, hours=2), "the new copies die, too"
    sweep(session, kyiv("2027-02-01 10:00"))
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, kyiv("2027-01-26 00:00"))


@pytest.mark.parametrize(
    ("decided", "state", "used"),
    [(DisputeStatus.WON, OrderState.MIGRATING, 1), (DisputeStatus.LOST, OrderState.COMPLETED, 0)],
)
def test_a_restart_that_waits_does_not_start_before_the_bank_has_decided(
    session: Session, decided: DisputeStatus, state: OrderState, used: int
) -> None:
    order = a_covered_order(session, at=DONE, insurance_plan=3, **ASSISTED)
    accept_result(session, order, person=order.placed_by, now=NEXT_DAY)
    sweep(session, kyiv("2026-12-09 10:00"))
    at = kyiv("2026-12-10 10:00")
    restart(session, order, at)
    for item in items_of(session, order.id):
        if item.required:
            answer(session, order, item, at=at)
    submit_access(session, order, actor=order.placed_by.actor, now=at)
    hear(session, order, DisputeStatus.NEEDS_RESPONSE, at=at)
    for item in items_of(session, order.id):
        if item.required:
            verify_item(session, order, item, actor=runs.manager_of(order).actor, now=at)
    assert (order.state, order.restarts_used) == (OrderState.VERIFYING, 0)
    assert "starts by itself when the bank decides" in why_held(session, order)
    letters = select(OwedMessage.text_body).where(OwedMessage.kind == "restart_held")
    assert "the restart does not start" in session.scalars(letters).one()
    hear(session, order, DisputeStatus.NEEDS_RESPONSE, at=at)
    hear(session, order, decided, at=at + timedelta(hours=1))
    assert (order.state, order.restarts_used, why_held(session, order)) == (state, used, "")
    hear(session, order, decided, at=at + timedelta(hours=1))
    assert order.restarts_used == used


def hear(session: Session, order: Order, status: DisputeStatus, *, at: datetime) -> None:
    """This will let the provider say how a dispute about the order's payment stands."""
    payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    told = ProviderDispute(
        id="dp_1", payment_intent_id=payment.payment_intent_id, charge_id=payment.charge_id, amount=payment.amount,
        status=status, reason="fraudulent", fee=Money(1_500), answer_by_at=None, created_at=at,
    )  # fmt: skip
    settle_reversals(session, payment.payment_intent_id, refunds=(), disputes=[told], now=at)


def test_a_restart_that_waits_can_be_taken_back(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, insurance_plan=3, **ASSISTED)
    accept_result(session, order, person=order.placed_by, now=NEXT_DAY)
    at = kyiv("2026-12-10 10:00")
    restart(session, order, at)
    withdraw_restart(session, order, actor=order.placed_by.actor, now=at)
    assert (order.state, order.completed_at, order.restarts_used) == (OrderState.COMPLETED, NEXT_DAY, 0)
    assert runs_of(session, order.id)[-1].state is RunState.WITHDRAWN


def test_insurance_is_prolonged_with_a_reason_and_restarts_left_alone(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE)
    manager = runs.manager_of(order).actor
    now = kyiv("2026-12-14 10:00")
    sweep(session, now)
    with pytest.raises(NotExtended):
        prolong_insurance(session, order, last_day=date(2026, 12, 13), reason="x", actor=manager, now=now)
    prolong_insurance(session, order, last_day=date(2026, 12, 18), reason="We were late.", actor=manager, now=now)
    insurance = latest_window_of(session, order.id, WindowKind.INSURANCE)
    assert insurance
    assert (insurance.outcome, insurance.ends_at) == (None, kyiv("2026-12-19 00:00"))
    restart(session, order, now)
    assert order.turn is Turn.US
