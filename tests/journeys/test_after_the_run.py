"""From the end of the full migration to completion: review, changes, silence, access, corrections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.queries import has_copies
from migrator.fulfilment.changes.models import ChangeRequest, ChangeState
from migrator.fulfilment.changes.queries import requests_of
from migrator.fulfilment.changes.rules import NotNow
from migrator.fulfilment.rules import NotThisMoment
from migrator.fulfilment.runs.queries import full_run_of
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.queries import windows_of
from migrator.history.actor import Role
from migrator.history.models import HistoryEntry
from migrator.journeys.apply_supplement import pay_supplement
from migrator.journeys.change_result import decline_change, finish_change, request_change, take_up, withdraw_change
from migrator.journeys.correct_result import correct_completion, correct_validation
from migrator.journeys.end_supplement import decline_supplement
from migrator.journeys.end_what_is_over import due_window_ids, end_window
from migrator.journeys.extend_window import NotExtended, extend_access
from migrator.journeys.fail_run import fail_run, start_again
from migrator.journeys.finish_run import finish_run
from migrator.journeys.price_change import price_change
from migrator.journeys.review_result import ProblemIsOpen, ReviewIsOver, accept_result, report_problem
from migrator.journeys.validate_results import NotChecked, validate_results
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, SupplementState, Turn
from migrator.orders.models import Order
from migrator.orders.supplement_operations import accept
from migrator.policy.types import Family
from tests.factories import runs
from tests.factories.fulfilment import kyiv

DONE = kyiv("2026-11-23 15:20")
VALIDATED = kyiv("2026-12-01 10:00")
ASSISTED = {"family": Family.ASSISTED, "sku": "ASSIST-STANDARD"}
REVIEW_ENDS, CHANGES_END = kyiv("2026-12-08 00:00"), kyiv("2027-01-01 00:00")


def sweep(session: Session, at: object) -> int:
    """This will do what the worker does."""
    ended = [end_window(session, window_id, at) for window_id in due_window_ids(session, at, 100)]  # type: ignore[arg-type]
    return sum(ended)


def ends(session: Session, order: Order) -> dict[str, object]:
    return {one.kind.value: one.ends_at for one in windows_of(session, order.id) if one.closed_at is None}


def deeds(session: Session, order: Order) -> list[str]:
    wanted = select(HistoryEntry.verb).where(HistoryEntry.order_id == order.id).order_by(HistoryEntry.id)
    return list(session.scalars(wanted))


def deed(session: Session, order: Order, verb: str) -> HistoryEntry:
    return session.scalars(
        select(HistoryEntry).where(HistoryEntry.order_id == order.id, HistoryEntry.verb == verb)
    ).one()


def test_a_package_has_four_windows_and_is_complete_when_its_changes_end(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED, insurance_plan=3)
    assert ends(session, order) == {
        "review": REVIEW_ENDS,
        "access": kyiv("2026-12-14 15:20"),
        "changes": CHANGES_END,
        "insurance": kyiv("2027-01-07 00:00"),
    }
    assert (order.delivered_at, order.moved_pages, order.turn) == (DONE, runs.MOVED, Turn.CUSTOMER)
    order.support_minutes_used = 144
    assert sweep(session, kyiv("2026-12-07 23:59")) == 0
    late = kyiv("2027-01-11 09:00")
    assert sweep(session, late) == 1
    assert sweep(session, late) == 0
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, CHANGES_END)
    assert order.support_minutes_limit == 144
    silence = deed(session, order, "review.accepted_by_silence")
    assert (silence.happened_at, silence.actor_role, silence.facts["rule"]) == (REVIEW_ENDS, Role.SYSTEM, "C-080")
    assert deed(session, order, "hours.lapsed").facts == {
        "rule": "C-067",
        "at": CHANGES_END.isoformat(),
        "minutes": 216,
    }
    assert deed(session, order, "order.completed").happened_at == CHANGES_END
    assert not has_copies(session, order.id)
    assert deed(session, order, "access.destroyed").happened_at == late


def test_an_assisted_order_is_accepted_by_silence_at_its_time(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, **ASSISTED)
    sweep(session, REVIEW_ENDS + timedelta(days=10))
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, REVIEW_ENDS)
    review = windows_of(session, order.id)[0]
    assert (review.outcome, review.closed_at) == (WindowOutcome.ACCEPTED_BY_SILENCE, REVIEW_ENDS)
    with pytest.raises(ReviewIsOver):
        report_problem(session, order, body="Late.", person=order.placed_by, now=REVIEW_ENDS + timedelta(days=11))


def test_nobody_acts_on_a_window_that_is_over_where_no_sweep_ran(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, **ASSISTED)
    with pytest.raises(ReviewIsOver):
        accept_result(session, order, person=order.placed_by, now=REVIEW_ENDS)
    assert order.completed_at == REVIEW_ENDS


def test_a_reported_problem_holds_the_silence_until_a_new_review_begins(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, **ASSISTED)
    customer, manager = order.placed_by, runs.manager_of(order).actor
    problem = report_problem(session, order, body="No pictures.", person=customer, now=DONE + timedelta(days=10))
    assert order.turn is Turn.US
    solved = kyiv("2026-12-15 12:00")
    assert sweep(session, solved) == 1, "our copy of the access details alone"
    with pytest.raises(ProblemIsOpen):
        accept_result(session, order, person=customer, now=solved)
    take_up(session, order, problem, actor=manager, now=solved)
    finish_change(session, order, problem, answer="They are there.", actor=manager, now=solved)
    reviews = [one for one in windows_of(session, order.id) if one.kind is WindowKind.REVIEW]
    assert [one.outcome for one in reviews] == [WindowOutcome.PROBLEM_REPORTED, None]
    assert reviews[1].ends_at == kyiv("2026-12-30 00:00")
    accept_result(session, order, person=customer, now=solved + timedelta(days=1))
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, solved + timedelta(days=1))


def test_a_withdrawn_problem_lets_the_review_go_on(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, **ASSISTED)
    at = DONE + timedelta(days=2)
    problem = report_problem(session, order, body="No pictures.", person=order.placed_by, now=at)
    withdraw_change(session, order, problem, actor=order.placed_by.actor, now=at)
    assert ends(session, order)["review"] == REVIEW_ENDS


def test_a_change_in_time_holds_completion_and_a_late_one_does_not(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED)
    customer, manager = order.placed_by, runs.manager_of(order).actor
    last_second = CHANGES_END - timedelta(seconds=1)
    in_time = request_change(session, order, body="A new menu.", person=customer, now=last_second)
    too_late = request_change(session, order, body="A new footer.", person=customer, now=CHANGES_END)
    assert (in_time.is_included, too_late.is_included) == (True, False)
    assert (order.state, order.support_minutes_limit) == (OrderState.IN_REVIEW, 360)
    done = kyiv("2027-01-04 12:00")
    finish_change(session, order, in_time, answer="Done.", actor=manager, now=done)
    assert (order.state, order.completed_at, order.support_minutes_limit) == (OrderState.COMPLETED, done, 0)
    assert order.turn is Turn.US, "the late change waits for our price"
    decline_change(session, order, too_late, answer="Your shop system cannot do it.", actor=manager, now=done)
    assert order.turn is Turn.NOBODY
    assert [one.state for one in requests_of(session, order.id)] == [ChangeState.DECLINED, ChangeState.DONE]


def test_the_result_is_validated_with_the_whole_list_alone(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE)
    with pytest.raises(NotChecked):
        validate_results(session, order, actor=runs.manager_of(order).actor, now=VALIDATED)
    assert order.turn is Turn.US


def test_a_failed_first_run_starts_again_under_the_same_approval(session: Session) -> None:
    order = runs.a_running_order(session, at=DONE)
    manager = runs.manager_of(order).actor
    failed = fail_run(session, order, failure="The disk was full.", is_our_fault=True, actor=manager, now=DONE)
    assert (order.state, order.turn, order.delivered_at) == (OrderState.MIGRATING, Turn.US, None)
    again = start_again(session, order, actor=manager, now=DONE + timedelta(hours=1))
    assert (again.requested_by_id, again.preview_id) == (failed.requested_by_id, failed.preview_id)
    runs.finish(session, order, at=DONE + timedelta(hours=3))
    assert order.state is OrderState.IN_REVIEW


@pytest.mark.parametrize("finished_at", [DONE + timedelta(hours=1), DONE - timedelta(hours=3)])
def test_a_run_ends_neither_in_the_future_nor_before_its_start(session: Session, finished_at: object) -> None:
    order = runs.a_running_order(session, at=DONE - runs.RUN_HOURS)
    with pytest.raises(NotThisMoment):
        finish_run(
            session,
            order,
            moved_pages=1,
            finished_at=finished_at,
            actor=order.placed_by.actor,
            now=DONE,  # type: ignore[arg-type]
        )


def test_our_copy_is_kept_longer_once(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED)
    assert extend_access(session, order, actor=order.placed_by.actor, now=VALIDATED) == CHANGES_END
    with pytest.raises(NotExtended):
        extend_access(session, order, actor=order.placed_by.actor, now=VALIDATED)
    sweep(session, kyiv("2026-12-20 10:00"))
    assert has_copies(session, order.id)
    sweep(session, CHANGES_END)
    assert not has_copies(session, order.id)


def test_a_corrected_end_moves_the_windows_and_the_delivery(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE)
    manager, now = runs.manager_of(order).actor, kyiv("2026-11-25 10:00")
    run = full_run_of(session, order.id)
    assert run
    at = kyiv("2026-11-24 12:00")
    correct_completion(session, order, run, finished_at=at, reason="Wrong day.", actor=manager, now=now)
    assert ends(session, order) == {
        "review": kyiv("2026-12-09 00:00"),
        "access": kyiv("2026-12-15 12:00"),
        "insurance": kyiv("2026-12-15 00:00"),
    }
    assert (order.delivered_at, run.finished_at) == (at, at)
    entry = deed(session, order, "run.completion_corrected")
    assert (entry.facts["old_at"], entry.facts["new_at"]) == (DONE.isoformat(), at.isoformat())
    for wrong in (at, now + timedelta(hours=1), DONE - timedelta(days=1)):
        with pytest.raises(NotThisMoment):
            correct_completion(session, order, run, finished_at=wrong, reason="Wrong.", actor=manager, now=now)


def test_what_was_accepted_after_the_corrected_end_of_its_review_had_ended_there(session: Session) -> None:
    order = runs.a_done_order(session, at=DONE, **ASSISTED)
    accepted_at, at = kyiv("2026-12-07 12:00"), kyiv("2026-11-22 15:20")
    accept_result(session, order, person=order.placed_by, now=accepted_at)
    run = full_run_of(session, order.id)
    assert run
    run.requested_at = run.started_at = at - timedelta(hours=2)
    manager = runs.manager_of(order).actor
    correct_completion(session, order, run, finished_at=at, reason="Noted late.", actor=manager, now=accepted_at)
    review = next(one for one in windows_of(session, order.id) if one.kind is WindowKind.REVIEW)
    assert review.closed_at == review.ends_at == order.completed_at == kyiv("2026-12-07 00:00")
    assert review.outcome is WindowOutcome.ACCEPTED


def test_a_corrected_validation_moves_the_included_changes(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED)
    at = kyiv("2026-11-30 10:00")
    manager = runs.manager_of(order).actor
    correct_validation(session, order, validated_at=at, reason="Noted late.", actor=manager, now=VALIDATED)
    assert (order.validated_at, ends(session, order)["changes"]) == (at, kyiv("2026-12-31 00:00"))


def test_silence_that_came_too_early_is_taken_back_where_nothing_followed(session: Session) -> None:
    package = runs.a_done_order(session, at=DONE)
    assisted = runs.a_done_order(session, at=DONE, **ASSISTED)
    now = kyiv("2026-12-08 10:00")
    sweep(session, now)
    for order in (package, assisted):
        run = full_run_of(session, order.id)
        assert run
        manager = runs.manager_of(order).actor
        at = DONE + timedelta(minutes=30)
        run.started_at = DONE
        correct_completion(session, order, run, finished_at=at, reason="x", actor=manager, now=now)
        at = kyiv("2026-11-24 15:20")
        correct_completion(session, order, run, finished_at=at, reason="x", actor=manager, now=now)
    assert "review" in ends(session, package)
    assert assisted.state is OrderState.COMPLETED


def test_what_people_do_is_told_and_what_happens_by_itself_is_not(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED)
    sweep(session, CHANGES_END)
    wanted = select(OwedMessage.kind).where(OwedMessage.order_id == order.id).order_by(OwedMessage.id)
    assert list(session.scalars(wanted))[-2:] == ["run_finished", "results_validated"]
    assert session.scalars(select(Window).where(Window.next_notice_at.is_not(None))).all()
    assert not session.scalars(select(ChangeRequest)).all()
    assert deeds(session, order)[-1] == "order.completed"


def test_a_late_change_is_worked_on_when_its_price_is_paid(session: Session) -> None:
    order = runs.a_validated_order(session, done_at=DONE, validated_at=VALIDATED)
    customer, manager = order.placed_by, runs.manager_of(order)
    wishes = [request_change(session, order, body=f"Wish {n}.", person=customer, now=CHANGES_END) for n in range(3)]
    prices = [
        price_change(session, order, wish, amount=Money(9_000), minutes=60, by=manager, now=CHANGES_END)
        for wish in wishes
    ]
    assert (order.state, order.support_minutes_limit, order.turn) == (OrderState.COMPLETED, 0, Turn.NOBODY)
    for price in prices[:2]:
        accept(session, price, by=customer, now=CHANGES_END)
    pay_supplement(session, order, prices[0], payment_id=1, now=CHANGES_END)
    assert (wishes[0].state, order.support_minutes_limit, order.turn) == (ChangeState.IN_WORK, 60, Turn.US)
    decline_supplement(session, order, prices[1], actor=customer.actor, now=CHANGES_END)
    withdraw_change(session, order, wishes[2], actor=customer.actor, now=CHANGES_END)
    assert [one.state for one in wishes] == [ChangeState.IN_WORK, ChangeState.WITHDRAWN, ChangeState.WITHDRAWN]
    assert prices[2].state is SupplementState.DECLINED
    with pytest.raises(NotNow, match="paid"):
        withdraw_change(session, order, wishes[0], actor=customer.actor, now=CHANGES_END)
