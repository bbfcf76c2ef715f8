"""Fifty people press the same button at the same moment: one wins, the others read why they did not."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.fulfilment.hours.models import TimeEntry, TimeKind
from migrator.fulfilment.runs.models import Run, RunState
from migrator.journeys.log_time import Work, post_time
from migrator.journeys.request_restart import request_restart
from migrator.journeys.start_full_run import start_full_run
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories import previews, runs
from tests.factories.fulfilment import kyiv
from tests.factories.stages import an_order_under_way
from tests.fulfilment.test_races import Deed, at_once

PEOPLE = 50
AN_HOUR = 60
NO_HOURS = "0.0 h are left, and this takes 1.0 h. Offer the customer more hours first; they count when they are paid."


def all_press(app: Flask, number: str, deed: Deed, sentence: str) -> None:
    """This will let fifty people press at once, and see that all but one read the sentence."""
    refusals = at_once(app, number, *[deed] * PEOPLE)
    assert {str(refusal) for refusal in refusals} == {sentence}
    assert len(refusals) == PEOPLE - 1


def letters(session: Session, kind: str) -> int:
    return session.scalar(select(func.count()).where(OwedMessage.kind == kind)) or 0


def test_the_last_restart_is_used_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        number = runs.a_done_order(session, at=kyiv("2026-11-23 15:20"), insurance_plan=1).number

    def restart(session: Session, order: Order) -> None:
        asked = {"backup_on": runs.BACKUP_ON, "is_confirmed": True, "now": NOW}
        request_restart(session, order, person=order.placed_by, **asked)  # type: ignore[arg-type]

    all_press(app, number, restart, "The migration is running now. Wait for its result.")
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        assert (order.restarts_used, order.restarts_limit) == (1, 1)
        assert sorted(session.scalars(select(Run.state))) == [RunState.DONE, RunState.RUNNING]
        assert letters(session, "restart_started") == 1


def test_the_full_migration_is_started_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        order = previews.an_order_with_a_preview(session)
        order.placed_by.name = "Tomás Ferreira"
        number = order.number

    def start(session: Session, order: Order) -> None:
        start_full_run(session, order, number=1, backup_on=previews.BACKUP_ON, person=order.placed_by, now=NOW)

    all_press(app, number, start, "Tomás Ferreira started the full migration on Tue 24 Nov 2026, 11:00.")
    with app.app_context(), reading() as session:
        assert list(session.scalars(select(Run.state))) == [RunState.RUNNING]
        assert letters(session, "run_started") == 1


def test_the_last_hour_is_logged_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        order = an_order_under_way(session)
        order.support_minutes_used = order.support_minutes_limit - AN_HOUR
        number, manager_id = order.number, order.account_manager_id
    work = Work(TimeKind.SUPPORT, AN_HOUR, NOW.date(), "Moved the menu.")

    def log(session: Session, order: Order) -> None:
        post_time(session, order, work, person=session.get_one(Person, manager_id), now=NOW)

    all_press(app, number, log, NO_HOURS)
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        assert order.support_minutes_used == order.support_minutes_limit
        assert session.scalar(select(func.count()).select_from(TimeEntry)) == 1
        assert letters(session, "hours_used") == 1
