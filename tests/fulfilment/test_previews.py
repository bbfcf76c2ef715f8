"""A preview is published when everything is settled, looked at, sent back or approved; one click starts one run."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.access.queries import items_of
from migrator.calendars.queries import calendar_of
from migrator.errors import StaleEdit
from migrator.fulfilment.changes.models import ChangeRequest, ChangeState
from migrator.fulfilment.checks.models import CheckList, Outcome
from migrator.fulfilment.checks.operations import mark_installed, note_plugin, record_checks
from migrator.fulfilment.checks.rules import Finding
from migrator.fulfilment.previews.models import Verdict
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.previews.rules import Mark, NotReady
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.runs.rules import Blocked
from migrator.history.models import HistoryEntry
from migrator.journeys.answer_preview import mark_preview, marks_of, return_preview
from migrator.journeys.start_full_run import start_full_run
from migrator.journeys.verify_access import NobodyInCharge, verify_item
from migrator.orders.lifecycle import NotNow, OrderState
from migrator.orders.models import Order
from migrator.orders.rules import BackupInTheFuture, BackupMissing
from migrator.policy.types import Family
from tests.conftest import NOW
from tests.factories import previews, stages
from tests.factories.fulfilment import kyiv

FRIDAY, TUESDAY = kyiv("2026-11-27 15:00"), kyiv("2026-12-01 12:00")
ASSISTED = {"family": Family.ASSISTED, "sku": "ASSIST-STANDARD", "insurance_plan": None}


def test_waiting_for_the_approval_moves_a_packages_date_by_exactly_that_time(session: Session) -> None:
    order = previews.an_order_with_a_preview(session, published_at=FRIDAY)
    assert (order.state, order.due_at, order.promise_at) == (OrderState.PREVIEW_READY, kyiv("2026-12-03 11:00"), None)
    calendar = calendar_of(session, order.calendar_row)
    line = promise_view(order, calendar, pauses_of(session, order.id), now=TUESDAY).line
    assert line.headline == "If you answer now: ready by Mon 7 Dec 2026, 08:00"
    run = previews.start(session, order, at=TUESDAY)
    assert (order.state, order.due_at, order.promise_at) == (OrderState.MIGRATING, *[kyiv("2026-12-07 08:00")] * 2)
    assert (run.requested_by_id, run.started_at, run.preview.number) == (order.placed_by_id, TUESDAY, 1)
    told = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "run.started")).one()
    assert (told.facts["seconds"], told.facts["backup_on"]) == (45 * 3600, "2026-11-23")


def test_assisted_work_is_delivered_with_the_first_preview_and_waits_for_nothing(session: Session) -> None:
    order = previews.an_order_with_a_preview(session, published_at=FRIDAY, **ASSISTED)
    assert (order.delivered_at, order.due_at) == (FRIDAY, kyiv("2026-11-27 11:00"))
    assert pauses_of(session, order.id) == ()
    return_preview(session, order, number=1, words="The menu is gone.", person=order.placed_by, now=FRIDAY)
    previews.publish(session, order, at=TUESDAY)
    previews.start(session, order, at=TUESDAY, number=2)
    assert (order.delivered_at, order.due_at, order.promise_at) == (FRIDAY, kyiv("2026-11-27 11:00"), None)


def test_what_is_wrong_goes_back_and_counts_as_mended_in_the_next_preview(session: Session) -> None:
    order = previews.an_order_with_a_preview(session, published_at=FRIDAY)
    preview = latest_preview(session, order.id)
    person, wrong = order.placed_by, preview.pairs[1].id
    mark = {wrong: Mark(Verdict.WRONG, "The picture is missing.")}
    seen = marks_of(preview)
    assert mark_preview(session, order, number=1, seen=seen, marks=mark, person=person, now=FRIDAY) == 1
    assert mark_preview(session, order, number=1, seen=seen, marks=mark, person=person, now=FRIDAY) == 0
    with pytest.raises(StaleEdit):
        mark_preview(session, order, number=1, seen=seen, marks={wrong: Mark(Verdict.RIGHT)}, person=person, now=FRIDAY)
    raised = return_preview(session, order, number=1, words=" And the menu. ", person=person, now=TUESDAY)
    assert [(one.pair_id, one.body, one.is_included) for one in raised] == [
        (wrong, "The picture is missing.", True),
        (None, "And the menu.", True),
    ]
    assert (order.state, order.due_at) == (OrderState.IN_PROGRESS, kyiv("2026-12-07 08:00"))
    with pytest.raises(NotNow):
        previews.start(session, order, at=TUESDAY)
    assert previews.publish(session, order, at=TUESDAY).number == 2
    requests = session.scalars(select(ChangeRequest))
    assert {(one.state, one.answer) for one in requests} == {(ChangeState.DONE, "Mended in preview 2.")}
    for deed in (previews.start, lambda *given, at: return_preview(*given, number=1, words="x", person=person, now=at)):
        with pytest.raises(StaleEdit):
            deed(session, order, at=TUESDAY)


def test_nothing_is_published_before_checks_pages_and_plugins_are_settled(session: Session) -> None:
    order = stages.an_order_under_way(session)
    manager = previews.manager_of(order)
    findings = {**previews.PASSED, "target": Finding(Outcome.FAILED, "There are 40 posts on it.")}
    record_checks(session, order, CheckList.VALIDATION, findings=findings, person=manager, now=NOW)
    forum = note_plugin(session, order, name="bbPress", entity="forum posts", person=manager, now=NOW)
    note_plugin(session, order, name="A slider", entity="", person=manager, now=NOW)
    with pytest.raises(NotReady) as refusal:
        previews.publish(session, order, at=NOW)
    for words in ("A check before the set-up has failed", "not counted yet", "Not installed yet: bbPress."):
        assert words in str(refusal.value)
    previews.make_ready(session, order, at=NOW)
    with pytest.raises(NotReady, match="Not installed yet: bbPress"):
        previews.publish(session, order, at=NOW)
    mark_installed(session, order, forum, person=manager, now=NOW)
    assert previews.publish(session, order, at=NOW).number == 1


@pytest.mark.parametrize(
    ("backup_on", "measured", "refusal"),
    [
        (None, 812, BackupMissing),
        (date(2026, 11, 25), 812, BackupInTheFuture),
        (date(2026, 11, 23), 1_001, Blocked),
    ],
)
def test_a_start_is_refused_in_words(session: Session, backup_on, measured, refusal) -> None:  # type: ignore[no-untyped-def]
    order = previews.an_order_with_a_preview(session)
    order.measured_pages = measured
    session.flush()
    with pytest.raises(refusal):
        start_full_run(session, order, number=1, backup_on=backup_on, person=order.placed_by, now=NOW)
    assert session.scalar(select(func.count()).select_from(Run)) == 0


def test_nobody_is_set_up_without_an_account_manager(session: Session) -> None:
    order: Order = stages.an_order_being_checked(session)
    manager, order.account_manager = order.account_manager, None
    session.flush()
    with pytest.raises(NobodyInCharge):
        verify_item(session, order, items_of(session, order.id)[0], actor=manager.actor, now=NOW)
