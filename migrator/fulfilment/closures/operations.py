"""Counting what a changed calendar moves, chunk by chunk, and moving it all at once. Flushes, never commits.

Until the switch nothing but `moves` is written, so every page keeps saying the dates of the calendar that counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure
from migrator.calendars.closure_operations import record_closure
from migrator.calendars.closure_queries import announced_days
from migrator.calendars.closure_rules import (
    begins_at,
    days_to_close,
    days_to_reopen,
    refuse_unfit_closure,
    today_on,
    with_closed,
    without_closed,
)
from migrator.calendars.models import CalendarRow
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import ClosedDay, ClosedKind
from migrator.database.types import UtcDateTime
from migrator.errors import DomainError
from migrator.fulfilment.closures.models import Direction, Move, Recount, RecountState
from migrator.fulfilment.closures.queries import in_reach, standings
from migrator.fulfilment.closures.rules import Change, Moved, Standing, moved
from migrator.fulfilment.notices import iso
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.history.actor import SYSTEM, Actor
from migrator.history.models import HistoryEntry, Visibility
from migrator.orders.models import Order

CHUNK = 1_000
VERB = "order.closure_moved"


class CountAgain(DomainError):
    """What was counted no longer holds."""


def change_of(session: Session, closure: Closure, row: CalendarRow, *, direction: Direction, at: datetime) -> Change:
    """This will return the calendar as it is and as it would be.

    :param at: from whose day on days can be withdrawn
    :raises UnfitClosure: when the days can no longer be announced
    :raises NothingLeftToWithdraw: when all days are over
    """
    days = calendar_of(session, row)
    today = today_on(days, at)
    if direction is Direction.WITHDRAW:
        reopened = days_to_reopen(announced_days(session, closure.id), today=today)
        after = without_closed(days, reopened)
        return Change(days, after, after, begins_at(days, reopened))
    refuse_unfit_closure(days, closure.first_on, closure.last_on, today=today)
    closing = days_to_close(days, closure.first_on, closure.last_on).closing
    supposed = [ClosedDay(on, closure.name, ClosedKind.ANNOUNCED, "supposed") for on in closing]
    return Change(days, with_closed(days, supposed), days, begins_at(days, closing))


def begin_recount(
    session: Session, closure: Closure, row: CalendarRow, *, direction: Direction, now: datetime
) -> Recount:
    """This will have the worker count what moves."""
    recount = Recount(closure=closure, direction=direction, calendar_version=row.version, begun_at=now)
    session.add(recount)
    session.flush()
    return recount


def discard_recount(session: Session, recount: Recount) -> None:
    """This will put a count away with what it found."""
    recount.state = RecountState.DISCARDED
    session.execute(delete(Move).where(Move.recount_id == recount.id))
    session.flush()


def refuse_recount(session: Session, recount: Recount, *, reason: str, now: datetime) -> None:
    """This will end a count that cannot be finished, and keep why."""
    discard_recount(session, recount)
    record_closure(session, "closure.not_counted", recount.closure, actor=SYSTEM, now=now, facts={"why": reason})


def count_chunk(session: Session, recount: Recount, *, now: datetime) -> bool:
    """This will look at the next orders and tell whether there are more; where it stands is kept with what it found.

    :param recount: held, with its closure
    :raises CountAgain: when the calendar was changed meanwhile
    """
    if recount.state is not RecountState.COUNTING:
        return False
    row = session.get_one(CalendarRow, recount.closure.calendar_key)
    refuse_changed_calendar(recount, row)
    change = change_of(session, recount.closure, row, direction=recount.direction, at=recount.begun_at)
    reach = in_reach(row.key, change.since)
    if not recount.seen:
        recount.to_see = session.scalar(select(func.count()).select_from(Order).where(*reach)) or 0
    found = standings(session, reach, after_id=recount.cursor, limit=CHUNK)
    _keep_moves(session, recount, found, change)
    recount.seen += len(found)
    if found:
        recount.cursor = found[-1].order_id
    if len(found) < CHUNK:
        recount.state, recount.counted_at = RecountState.COUNTED, now
    session.flush()
    return recount.state is RecountState.COUNTING


def refuse_changed_calendar(recount: Recount, row: CalendarRow) -> None:
    """This will refuse to go on where the calendar is no longer the one that was counted with.

    :raises CountAgain: when it is not
    """
    if recount.calendar_version != row.version:
        raise CountAgain("The calendar was changed since this was counted. Count again, then decide.")


def move_all(session: Session, recount: Recount, change: Change, *, actor: Actor, now: datetime) -> None:
    """This will write what was counted to all orders at once, having counted anew what changed since (RULES D-7).

    :param change: its `after` is the calendar that counts from now on; changes of orders are kept out
    """
    _drop_outdated(session, recount.id)
    _count_the_rest(session, recount, change)
    _move_covers(session, recount.id, now=now)
    _move_orders(session, recount.id)
    _write_history(session, recount, actor=actor, now=now)
    session.expire_all()


def _count_the_rest(session: Session, recount: Recount, change: Change) -> None:
    reach, after_id = in_reach(recount.closure.calendar_key, change.since), 0
    while found := standings(session, reach, after_id=after_id, limit=CHUNK, uncounted_by=recount.id):
        _keep_moves(session, recount, found, change)
        after_id = found[-1].order_id


def _keep_moves(session: Session, recount: Recount, found: list[Standing], change: Change) -> None:
    moving = [(standing, moves) for standing in found if (moves := moved(standing, change))]
    if moving:
        # Into the table itself: the mapper would send a statement of its own for each mixture of empty columns.
        session.execute(
            insert(cast(Table, Move.__table__)), [_move(recount, standing, moves) for standing, moves in moving]
        )


def _move(recount: Recount, standing: Standing, moves: Moved) -> dict[str, Any]:
    cover_moves = "insurance" in moves.pairs
    return {
        "recount_id": recount.id,
        "order_id": standing.order_id,
        "order_version": standing.version,
        "check_by_at": moves.new.check_by_at,
        "agree_by_at": moves.new.agree_by_at,
        "old_due_at": standing.dates.due_at,
        "due_at": moves.new.due_at,
        "promise_at": moves.new.promise_at,
        "old_insurance_ends_at": standing.cover.ends_at if standing.cover and cover_moves else None,
        "insurance_ends_at": moves.cover_ends_at if cover_moves else None,
        "moved_business_days": moves.business_days,
        "is_open": bool(moves.open_names),
        "facts": _facts(recount, moves),
    }


def _facts(recount: Recount, moves: Moved) -> dict[str, Any]:
    closure = recount.closure
    dates: dict[str, str] = {}
    for name, (old_at, new_at) in moves.pairs.items():
        dates |= {f"old_{name}": iso(old_at), f"new_{name}": iso(new_at)}
    return {
        "closure": closure.name,
        "direction": recount.direction.value,
        "first_on": closure.first_on.isoformat(),
        "last_on": closure.last_on.isoformat(),
        "open": list(moves.open_names),
        **dates,
    }


def _drop_outdated(session: Session, recount_id: int) -> None:
    as_counted = exists().where(Order.id == Move.order_id, Order.version == Move.order_version)
    cover = exists().where(*_its_cover())
    outdated = or_(~as_counted, and_(Move.old_insurance_ends_at.is_not(None), ~cover))
    session.execute(_whole(delete(Move).where(Move.recount_id == recount_id, outdated)))


def _move_covers(session: Session, recount_id: int, *, now: datetime) -> None:
    moving = Move.recount_id == recount_id, Move.insurance_ends_at.is_not(None), *_its_cover()
    # Looked at at once: an end that comes earlier must not pass the day on which it is to be spoken of.
    look_at = case((Window.closed_at.is_(None), literal(now, UtcDateTime)), else_=Window.next_notice_at)
    values: dict[Any, Any] = {
        Window.ends_at: Move.insurance_ends_at,
        Window.next_notice_at: look_at,
        Window.version: Window.version + 1,
    }
    session.execute(_whole(update(Window).where(*moving).values(values)))


def _move_orders(session: Session, recount_id: int) -> None:
    dates = {
        Order.check_by_at: Move.check_by_at,
        Order.agree_by_at: Move.agree_by_at,
        Order.due_at: Move.due_at,
        Order.promise_at: Move.promise_at,
        Order.version: Order.version + 1,
    }
    session.execute(_whole(update(Order).where(Order.id == Move.order_id, Move.recount_id == recount_id).values(dates)))


def _write_history(session: Session, recount: Recount, *, actor: Actor, now: datetime) -> None:
    told = case((Move.is_open, Visibility.CUSTOMER.value), else_=Visibility.STAFF.value)
    values: dict[Any, Any] = {
        HistoryEntry.happened_at: literal(now, HistoryEntry.happened_at.type),
        HistoryEntry.actor_id: literal(actor.person_id, HistoryEntry.actor_id.type),
        HistoryEntry.actor_name: literal(actor.name),
        HistoryEntry.actor_role: literal(actor.role, HistoryEntry.actor_role.type),
        HistoryEntry.verb: literal(VERB),
        HistoryEntry.subject: literal("order"),
        HistoryEntry.subject_key: Order.number,
        HistoryEntry.order_id: Order.id,
        HistoryEntry.visibility: told,
        HistoryEntry.reason: literal(recount.closure.reason),
        HistoryEntry.facts: Move.facts,
    }
    entries = select(*values.values()).join(Order, Order.id == Move.order_id).where(Move.recount_id == recount.id)
    session.execute(insert(HistoryEntry).from_select(list(values), entries.order_by(Move.order_id)))


def _its_cover() -> tuple[ColumnElement[bool], ...]:
    return (
        Window.order_id == Move.order_id,
        Window.kind == WindowKind.INSURANCE,
        Window.ends_at == Move.old_insurance_ends_at,
    )


def _whole(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
