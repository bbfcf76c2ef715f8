"""Questions about time entries and timers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.fulfilment.hours.models import EntryState, TimeEntry, Timer

PAGE_LENGTH = 50


def entries_of(session: Session, order_id: int, *, before_id: int | None = None) -> Sequence[TimeEntry]:
    """This will return an order's entries with their people, the newest first, drafts too; for staff alone.

    One more than a page where there are more.
    """
    wanted = select(TimeEntry).where(TimeEntry.order_id == order_id)
    if before_id is not None:
        wanted = wanted.where(TimeEntry.id < before_id)
    newest = wanted.order_by(TimeEntry.id.desc()).limit(PAGE_LENGTH + 1)
    return session.scalars(newest.options(joinedload(TimeEntry.person, innerjoin=True))).all()


def posted_entries_of(session: Session, order_id: int) -> Sequence[TimeEntry]:
    """This will return what the customer sees: the posted entries with their people, in the order of posting."""
    wanted = select(TimeEntry).where(TimeEntry.order_id == order_id, TimeEntry.state == EntryState.POSTED)
    in_order = wanted.order_by(TimeEntry.posted_at, TimeEntry.id)
    return session.scalars(in_order.options(joinedload(TimeEntry.person, innerjoin=True))).all()


def entry_of(session: Session, order_id: int, entry_id: int) -> TimeEntry:
    """This will return one entry of an order, with its person.

    :raises NotFound: when the order has no such entry
    """
    wanted = select(TimeEntry).where(TimeEntry.order_id == order_id, TimeEntry.id == entry_id)
    entry = session.scalar(wanted.options(joinedload(TimeEntry.person, innerjoin=True)))
    if entry is None:
        raise NotFound("There is no such entry.")
    return entry


def last_entry_id(session: Session, order_id: int) -> int:
    """This will return the number of the order's newest entry, or 0 without one."""
    return session.scalar(select(func.max(TimeEntry.id)).where(TimeEntry.order_id == order_id)) or 0


def timer_of(session: Session, person_id: int) -> Timer | None:
    """This will return the person's running timer, with its order, or none."""
    wanted = select(Timer).where(Timer.person_id == person_id)
    return session.scalar(wanted.options(joinedload(Timer.order, innerjoin=True)))
