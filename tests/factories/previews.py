"""Orders on their way through preview and full run: checked, published, started."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.checks.models import CheckList, Outcome
from migrator.fulfilment.checks.operations import record_checks
from migrator.fulfilment.checks.rules import ITEMS, Finding
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.previews.rules import CountDraft, Draft, PairDraft
from migrator.fulfilment.runs.models import Run
from migrator.journeys.publish_preview import publish_preview
from migrator.journeys.start_full_run import start_full_run
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories import stages

DRAFT = Draft(
    pairs=(
        PairDraft("Front page", "https://old.example/", "https://new.example/"),
        PairDraft("About us", "https://old.example/about", "https://new.example/about-us"),
    ),
    counts=(CountDraft("Pages", 812, 810, 2, "Two pages were empty."), CountDraft("Images", 2_400, 2_400, 0)),
    words="Look at the menu as well.",
)
PASSED = {item.key: Finding(Outcome.PASSED) for item in ITEMS[CheckList.VALIDATION]}
BACKUP_ON = date(2026, 11, 23)


def make_ready(session: Session, order: Order, *, at: datetime) -> Order:
    """This will check everything that a preview waits for and count the pages."""
    record_checks(session, order, CheckList.VALIDATION, findings=PASSED, person=manager_of(order), now=at)
    order.measured_pages = order.declared_pages
    session.flush()
    return order


def publish(session: Session, order: Order, *, at: datetime, draft: Draft = DRAFT) -> Preview:
    """This will publish a preview as the order's account manager."""
    return publish_preview(session, order, draft, author=manager_of(order), now=at)


def an_order_with_a_preview(
    session: Session, *, at: datetime = NOW, published_at: datetime | None = None, **differences: object
) -> Order:
    """This will place an order under way since `at` whose preview waits for the customer."""
    order = stages.an_order_under_way(session, at=at, **differences)
    publish(session, make_ready(session, order, at=at), at=published_at or at)
    return order_for_staff(session, order.number)


def start(session: Session, order: Order, *, at: datetime, number: int = 1) -> Run:
    """This will start the full migration as the customer."""
    return start_full_run(session, order, number=number, backup_on=BACKUP_ON, person=order.placed_by, now=at)


def an_order_that_runs(session: Session, *, at: datetime = NOW, **differences: object) -> Order:
    """This will place an order whose full migration was started at `at`."""
    order = an_order_with_a_preview(session, at=at, **differences)
    start(session, order, at=at)
    return order_for_staff(session, order.number)


def manager_of(order: Order) -> Person:
    """This will return the order's account manager."""
    assert order.account_manager is not None
    return order.account_manager
