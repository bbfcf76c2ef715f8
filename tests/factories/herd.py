"""Many orders with all their rows, copied by the database itself from a few that were brought about by people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.operations import open_window
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.operations import send_message
from tests.conftest import NOW
from tests.factories.stages import an_order_being_checked, an_order_under_way, an_order_without_a_date

STRIDE = 100_000
NUMBERS = "WITH RECURSIVE numbers(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM numbers WHERE k < :copies)"
COPIED = f"id + k * {STRIDE}"


def a_herd(session: Session, *, copies: int) -> None:
    """This will add orders of every kind that a closure can reach, and copies of each, two for each customer."""
    checked_at = NOW + timedelta(days=6, hours=3)
    an_order_under_way(session)
    an_order_being_checked(session, at=checked_at)
    an_order_without_a_date(session, at=NOW + timedelta(days=6, hours=2))
    a_waiting_order(session, since=NOW + timedelta(days=1), until=None)
    a_waiting_order(session, since=NOW + timedelta(days=3, hours=4), until=NOW + timedelta(days=6, hours=1))
    a_covered_order(session, at=NOW + timedelta(days=1))
    session.flush()
    copy_orders(session, copies=copies)


def a_waiting_order(session: Session, *, since: datetime, until: datetime | None) -> Order:
    """This will add an order that waits for an approval, or has waited."""
    order = an_order_under_way(session, at=NOW + timedelta(hours=5))
    item = an_item_pause(session, order, since=since, until=until)
    if until is None:
        order.state, order.turn, order.promise_at = OrderState.PAUSED, Turn.CUSTOMER, None
    session.add(item)
    session.flush()
    bring_up_to_date(session, order)
    return order


def an_item_pause(session: Session, order: Order, *, since: datetime, until: datetime | None) -> PauseRow:
    """This will make a pause without an item; its message is the order's own."""
    message = send_message(session, order, author=order.placed_by, body="We wait for your approval.", now=since)
    return PauseRow(
        order_id=order.id, message_id=message.id, reason=PauseReason.APPROVAL_MISSING, started_at=since, ended_at=until
    )


def a_covered_order(session: Session, *, at: datetime) -> Order:
    """This will add an order whose full migration was done at an instant, so that its insurance runs."""
    order = an_order_under_way(session, at=NOW)
    run = a_run(session, order, at=at)
    order.state, order.turn, order.delivered_at = OrderState.IN_REVIEW, Turn.US, at
    calendar = bring_up_to_date(session, order)
    open_window(session, order, WindowKind.INSURANCE, run=run, opened_at=at, calendar=calendar)
    return order


def a_run(session: Session, order: Order, *, at: datetime) -> Run:
    """This will add a finished full migration."""
    preview = Preview(order_id=order.id, number=1, published_by_id=order.placed_by_id, published_at=at)
    session.add(preview)
    session.flush()
    run = Run(
        order_id=order.id, preview_id=preview.id, kind=RunKind.FULL, state=RunState.DONE, backup_on=at.date(),
        requested_by_id=order.placed_by_id, requested_at=at, started_at=at, finished_at=at,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def copy_orders(session: Session, *, copies: int) -> None:
    """This will copy every order with its people, pauses and windows; copies 2n and 2n + 1 belong to one customer."""
    pair = f"(k - k % 2) * {STRIDE}"
    once = "k = 1 OR k % 2 = 0"
    company = {"id": f"id + {pair}"}
    person = {"id": f"id + {pair}", "organisation_id": f"organisation_id + {pair}", "email": "k || email",
              "fs_uniquifier": "k || fs_uniquifier"}  # fmt: skip
    order = {"id": COPIED, "number": "k || '-' || number", "organisation_id": f"organisation_id + {pair}",
             "placed_by_id": f"placed_by_id + {pair}", "account_manager_id": "account_manager_id"}  # fmt: skip
    child = {"id": COPIED, "order_id": f"order_id + k * {STRIDE}"}
    _copy(session, Organisation.__table__, company, copies=copies, where=f"k > 1 AND ({once})")
    _copy(session, Person.__table__, person, copies=copies, where=f"k > 1 AND ({once}) AND organisation_id IS NOT NULL")
    _copy(session, Order.__table__, order, copies=copies)
    for model in (PauseRow, Window):
        _copy(session, model.__table__, child, copies=copies)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


def _copy(session: Session, table: object, changed: Mapping[str, str], *, copies: int, where: str = "true") -> None:
    assert isinstance(table, Table)
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    copied = f'SELECT {values} FROM "{table.name}", numbers WHERE {where}'
    session.execute(text(f'INSERT INTO "{table.name}" ({listed}) {NUMBERS} {copied}'), {"copies": copies})
