"""Orders whose full migration runs, is done, or is being reviewed, brought there by the journeys that people take."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.checks.models import Check, CheckList, Outcome
from migrator.fulfilment.checks.rules import ITEMS
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.journeys.finish_run import finish_run
from migrator.journeys.validate_results import validate_results
from migrator.orders.lifecycle import OrderEvent
from migrator.orders.models import Order
from migrator.orders.operations import advance
from migrator.orders.queries import order_for_staff
from tests.factories.stages import an_order_under_way

MOVED = 812
BACKUP_ON = date(2026, 11, 2)
RUN_HOURS = timedelta(hours=2)


def manager_of(order: Order) -> Person:
    """This will return the order's account manager."""
    assert order.account_manager is not None
    return order.account_manager


def a_running_order(session: Session, *, at: datetime, **differences: object) -> Order:
    """This will place an order whose full migration has begun at `at`; its access was checked a day before."""
    order = an_order_under_way(session, at=at - timedelta(days=1), **differences)
    preview = Preview(order=order, number=1, words="", published_by=manager_of(order), published_at=at)
    session.add(preview)
    advance(session, order, OrderEvent.PUBLISH_PREVIEW, now=at)
    session.add(
        Run(
            order=order,
            preview=preview,
            kind=RunKind.FULL,
            state=RunState.RUNNING,
            requested_by=order.placed_by,
            requested_at=at,
            started_at=at,
            backup_on=BACKUP_ON,
        )
    )
    advance(session, order, OrderEvent.START_RUN, now=at)
    bring_up_to_date(session, order)
    return order_for_staff(session, order.number)


def a_done_order(session: Session, *, at: datetime, **differences: object) -> Order:
    """This will place an order whose full migration was done at `at`."""
    order = a_running_order(session, at=at - RUN_HOURS, **differences)
    finish(session, order, at=at)
    return order


def a_validated_order(session: Session, *, done_at: datetime, validated_at: datetime, **differences: object) -> Order:
    """This will place an order whose result our engineers have checked."""
    order = a_done_order(session, at=done_at, **differences)
    check_everything(session, order, at=validated_at)
    validate_results(session, order, actor=manager_of(order).actor, now=validated_at)
    return order


def finish(session: Session, order: Order, *, at: datetime) -> Run:
    """This will record the end of the run that is going on."""
    return finish_run(session, order, moved_pages=MOVED, finished_at=at, actor=manager_of(order).actor, now=at)


def check_everything(session: Session, order: Order, *, at: datetime) -> None:
    """This will pass every item of the result's list."""
    for item in ITEMS[CheckList.RESULTS]:
        session.add(
            Check(
                order_id=order.id,
                list=CheckList.RESULTS,
                key=item.key,
                outcome=Outcome.PASSED,
                person_id=manager_of(order).id,
                checked_at=at,
            )
        )
    session.flush()
