"""Questions about closures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.models import ClosedDayRow
from migrator.errors import NotFound
from migrator.history.models import HistoryEntry

PAGE = 50


def closure_of(session: Session, closure_id: int, *, for_update: bool = False) -> Closure:
    """This will return one closure.

    :raises NotFound: when there is none
    """
    closure = session.get(Closure, closure_id, with_for_update=True if for_update else None)
    if closure is None:
        raise NotFound("There is no such closure.")
    return closure


def told_closure(session: Session, closure_id: int, *, is_withdrawn: bool = False) -> Closure:
    """This will return a closure that everybody was told of.

    :param is_withdrawn: ask for one that was withdrawn
    :raises NotFound: when there is none
    """
    closure = closure_of(session, closure_id)
    if closure.announced_at is None or (is_withdrawn and closure.withdrawn_at is None):
        raise NotFound("There is no such closure.")
    return closure


def closures(session: Session, *, before_id: int | None = None, limit: int = PAGE) -> Sequence[Closure]:
    """This will return closures, the newest first; one more than `limit` where there are further ones."""
    wanted = select(Closure).order_by(Closure.id.desc()).limit(limit + 1)
    return session.scalars(wanted if before_id is None else wanted.where(Closure.id < before_id)).all()


def closures_in_the_news(session: Session, calendar_key: str, *, today: date) -> Sequence[Closure]:
    """This will return the closures that customers should know of, the nearest first: those not over yet.

    Withdrawn ones are told until their last day, so that nobody who read of them is left in doubt.
    """
    told = Closure.state.in_((ClosureState.ANNOUNCED, ClosureState.WITHDRAWN))
    coming = select(Closure).where(told, Closure.calendar_key == calendar_key, Closure.last_on >= today)
    return session.scalars(coming.order_by(Closure.first_on, Closure.id)).all()


def announced_days(session: Session, closure_id: int) -> tuple[date, ...]:
    """This will return the days that stand closed because of a closure, in order."""
    standing = ClosedDayRow.closure_id == closure_id, ClosedDayRow.withdrawn_at.is_(None)
    return tuple(session.scalars(select(ClosedDayRow.on).where(*standing).order_by(ClosedDayRow.on)))


def deeds_of_closure(session: Session, closure_id: int) -> Sequence[HistoryEntry]:
    """This will return what was done to a closure, the newest first."""
    its = HistoryEntry.subject == "closure", HistoryEntry.subject_key == str(closure_id)
    return session.scalars(select(HistoryEntry).where(*its).order_by(HistoryEntry.id.desc()).limit(PAGE)).all()
