"""Months of the books that can be proven, for the tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.finance.ledger.posting import post_payment
from migrator.finance.months.operations import lock, take_into_review
from migrator.finance.reconciliation.lifecycle import RunKind, RunState
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.payments.models import Payment
from tests.conftest import NOW
from tests.factories.money import a_payment
from tests.factories.stages import an_unpaid_order

MONTH = "2026-10"
IN_OCTOBER = datetime(2026, 10, 13, 9, 0, tzinfo=UTC)


def an_order_in_the_books(session: Session, *, at: datetime = IN_OCTOBER, **differences: object) -> Order:
    """This will have an order with insurance paid and posted."""
    order = an_unpaid_order(session, at=at, **differences)
    post(session, a_payment(session, order, now=at), at=at)
    return order_for_staff(session, order.number)


def post(session: Session, payment: Payment, *, at: datetime = IN_OCTOBER) -> None:
    """This will post a payment, if that was not done by itself."""
    post_payment(session, payment, now=at)


def a_finished_run(session: Session, *, at: datetime = NOW) -> ReconciliationRun:
    """This will add a look at everything that has found nothing."""
    run = ReconciliationRun(
        kind=RunKind.FULL, state=RunState.DONE, started_at=at, finished_at=at + timedelta(minutes=1), total=0
    )
    session.add(run)
    session.flush()
    return run


def a_locked_month(session: Session, by: Person, month: str = MONTH, *, now: datetime = NOW) -> None:
    """This will lock a month in which nothing stands in the way."""
    take_into_review(session, month, by=by, now=now)
    lock(session, month, by=by, now=now)
