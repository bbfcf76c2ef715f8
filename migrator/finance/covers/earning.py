"""The daily earning, for many covers at once. Flushes, never commits.

What is due follows from each cover's own day, so a run after a pause catches up, and a kill costs the batch at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendars
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.covers.operations import earning, earning_cause
from migrator.finance.covers.rules import WorkingDays, earned_by, steps, stretch_of
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import EntryKind
from migrator.finance.ledger.journal import locked_months, open_day
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.orders.models import Order

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Earning:
    """What one cover earns on one day of the books."""

    cause: str
    on: date
    amount: int


def earn_some(session: Session, *, now: datetime, limit: int = AT_ONCE) -> int:
    """This will earn through yesterday the premiums of the next covers that are behind, and return how many it were.

    Days are those at the desk; the covers are held meanwhile, and those that another holds are left to it.
    """
    through = desk_day(now) - timedelta(days=1)
    rows = _behind(session, through, limit)
    working = {key: WorkingDays(calendar) for key, calendar in calendars(session).items()} if rows else {}
    earned = [(row, tuple(_earnings(row, through, working[row.calendar_key]))) for row in rows]
    _post(session, earned, now=now)
    _note(session, earned, through)
    return len(rows)


def _behind(session: Session, through: date, limit: int) -> Sequence[Any]:
    wanted = (
        select(
            Cover.id,
            Cover.order_id,
            Cover.order_line_id,
            Cover.plan,
            Cover.currency,
            Cover.premium_minor,
            Cover.earned_minor,
            Cover.refunded_minor,
            Cover.starts_at,
            Cover.ends_at,
            Cover.earned_through,
            Cover.version,
            Order.calendar_key,
        )
        .join(Order, Order.id == Cover.order_id)
        .where(Cover.state == CoverState.OPEN, Cover.earned_through < through)
        .order_by(Cover.earned_through, Cover.id)
        .limit(limit)
        .with_for_update(of=Cover, skip_locked=True)
    )
    return session.execute(wanted).all()


def _earnings(row: Any, through: date, days: WorkingDays) -> Iterator[Earning]:
    stretch, earned = stretch_of(row.starts_at, row.ends_at, days.calendar.zone), row.earned_minor
    for on, dated_on in steps(row.earned_through, through, stretch.last_on):
        due = earned_by(row.premium_minor, row.refunded_minor, on=on, stretch=stretch, days=days)
        if due > earned:
            yield Earning(earning_cause(row.id, row.version, dated_on), dated_on, due - earned)
            earned = due


def _post(session: Session, earned: Iterable[tuple[Any, tuple[Earning, ...]]], *, now: datetime) -> None:
    locked = locked_months(session)
    each = [(row, earning) for row, earnings in earned for earning in earnings]
    if not each:
        return
    entries = [_entry(row, one, open_day(one.on, locked, now=now), now=now) for row, one in each]
    table = cast(Table, JournalEntry.__table__)
    made = session.execute(insert(table).returning(table.c.cause, table.c.id), entries)
    ids = {row.cause: row.id for row in made}
    postings = [_posting(row, one, ids[one.cause]) for row, one in each]
    session.execute(insert(cast(Table, Posting.__table__)), postings)


def _entry(row: Any, one: Earning, happened_on: date, *, now: datetime) -> dict[str, Any]:
    return {
        "cause": one.cause,
        "kind": EntryKind.EARNING,
        "happened_on": happened_on,
        "posted_at": now,
        "order_id": row.order_id,
        "words": f"Insurance plan {row.plan}",
        "late_of": one.on if happened_on != one.on else None,
    }


def _posting(row: Any, one: Earning, entry_id: int) -> dict[str, Any]:
    transfer = earning(row.id, row.order_line_id, one.amount, row.currency)
    return {
        "entry_id": entry_id,
        "debit": transfer.debit,
        "credit": transfer.credit,
        "amount_minor": transfer.amount_minor,
        "currency": transfer.currency,
        "order_line_id": transfer.order_line_id,
        "cover_id": transfer.cover_id,
    }


def _note(session: Session, earned: Sequence[tuple[Any, tuple[Earning, ...]]], through: date) -> None:
    table = cast(Table, Cover.__table__)
    change = (
        update(table)
        .where(table.c.id == bindparam("cover_id"))
        .values(earned_minor=bindparam("earned"), earned_through=through, version=table.c.version + 1)
    )
    figures = [
        {"cover_id": row.id, "earned": row.earned_minor + sum(one.amount for one in earnings)}
        for row, earnings in earned
        if earnings
    ]
    if figures:
        session.execute(change, figures)
    # A day without working time moves no money, but it is over.
    quiet = [row.id for row, earnings in earned if not earnings]
    if quiet:
        session.execute(
            update(table).where(table.c.id.in_(quiet)).values(earned_through=through, version=table.c.version + 1)
        )
