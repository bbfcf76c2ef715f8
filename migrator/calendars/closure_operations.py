"""Drafting closures, and closing and reopening their days. Flushes, never commits; journeys move the dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.closure_queries import announced_days
from migrator.calendars.closure_rules import (
    days_to_close,
    days_to_reopen,
    refuse_unfit_closure,
    span_text,
    today_on,
)
from migrator.calendars.models import CalendarRow, ClosedDayRow
from migrator.calendars.queries import CHANGED, calendar, calendar_of
from migrator.clock.calendar import ClosedKind
from migrator.clock.wording import day_text, local_time
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record

NO_FACTS: Mapping[str, object] = {}


class NotInThisState(DomainError):
    """The closure's state does not allow this."""


def draft_closure(
    session: Session,
    *,
    calendar_key: str,
    name: str,
    reason: str,
    first_on: date,
    last_on: date,
    actor: Actor,
    now: datetime,
) -> Closure:
    """This will write down a closure that nobody is told of yet (RULES C-020).

    :param actor: a person
    :raises UnfitClosure: when these days cannot be announced
    """
    days = calendar(session, calendar_key)
    refuse_unfit_closure(days, first_on, last_on, today=today_on(days, now))
    assert actor.person_id is not None, "a closure is drafted by a person"
    closure = Closure(
        calendar_key=calendar_key,
        name=name,
        reason=reason,
        first_on=first_on,
        last_on=last_on,
        drafted_by_id=actor.person_id,
        drafted_at=now,
    )
    session.add(closure)
    session.flush()
    record_closure(session, "closure.drafted", closure, actor=actor, now=now)
    return closure


def discard_closure(session: Session, closure: Closure, *, actor: Actor, now: datetime) -> None:
    """This will put a draft away.

    :raises NotInThisState: when it is no draft
    """
    refuse_other_state(closure, ClosureState.DRAFT)
    closure.state = ClosureState.DISCARDED
    session.flush()
    record_closure(session, "closure.discarded", closure, actor=actor, now=now)


def refuse_other_state(closure: Closure, wanted: ClosureState) -> None:
    """This will refuse what the closure's state does not allow.

    :raises NotInThisState: when it stands elsewhere
    """
    if closure.state is not wanted:
        raise NotInThisState(f"This closure is {closure.state.value} now. Look at what it says, then decide again.")


def hold_calendar(session: Session, closure: Closure) -> CalendarRow:
    """This will keep others from changing the calendar until the transaction ends, and return its row as it is now."""
    # The weaker lock: placing an order refers to the calendar and need not wait.
    return session.get_one(
        CalendarRow, closure.calendar_key, with_for_update={"key_share": True}, populate_existing=True
    )


def close_days(session: Session, closure: Closure, row: CalendarRow, *, now: datetime) -> None:
    """This will announce the closure: its working days are closed from now on.

    :param row: held
    :raises NotInThisState: when it is no draft
    :raises UnfitClosure: when its days can no longer be announced
    """
    refuse_other_state(closure, ClosureState.DRAFT)
    days = calendar_of(session, row)
    refuse_unfit_closure(days, closure.first_on, closure.last_on, today=today_on(days, now))
    closing = days_to_close(days, closure.first_on, closure.last_on).closing
    source = source_text(now, days.zone)
    session.add_all(
        ClosedDayRow(
            calendar_key=row.key, on=on, kind=ClosedKind.ANNOUNCED, name=closure.name, source=source,
            closure_id=closure.id,
        )
        for on in closing
    )  # fmt: skip
    closure.state, closure.announced_at = ClosureState.ANNOUNCED, now
    _change(session, row)


def reopen_days(session: Session, closure: Closure, row: CalendarRow, *, now: datetime) -> None:
    """This will withdraw the closure: its days from today on count again, past ones stay closed.

    :param row: held
    :raises NotInThisState: when it is not announced
    :raises NothingLeftToWithdraw: when all days are over
    """
    refuse_other_state(closure, ClosureState.ANNOUNCED)
    today = today_on(calendar_of(session, row), now)
    reopened = days_to_reopen(announced_days(session, closure.id), today=today)
    standing = ClosedDayRow.closure_id == closure.id, ClosedDayRow.withdrawn_at.is_(None)
    session.execute(update(ClosedDayRow).where(*standing, ClosedDayRow.on.in_(reopened)).values(withdrawn_at=now))
    closure.state, closure.withdrawn_at = ClosureState.WITHDRAWN, now
    _change(session, row)


def source_text(announced_at: datetime, zone: str) -> str:
    """This will say where an announced day comes from."""
    return f"Announced on {day_text(local_time(announced_at, zone).date())}"


def record_closure(
    session: Session,
    verb: str,
    closure: Closure,
    *,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object] = NO_FACTS,
) -> None:
    """This will write down what was done to a closure."""
    said = {"name": closure.name, "days": span_text(closure.first_on, closure.last_on)}
    record(
        session,
        verb,
        subject="closure",
        key=closure.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        reason=closure.reason,
        facts={**said, **facts},
    )


def _change(session: Session, row: CalendarRow) -> None:
    session.info[CHANGED] = True
    row.version += 1
    session.flush()
