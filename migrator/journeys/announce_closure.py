"""A closure is announced or withdrawn: counted beforehand, then days and dates change in one transaction (RULES C-020).

The calendar and all stored dates change together, so a reader sees either the old or the new ones, never a mixture.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.closure_operations import (
    NotInThisState,
    close_days,
    discard_closure,
    hold_calendar,
    record_closure,
    refuse_other_state,
    reopen_days,
)
from migrator.calendars.models import CalendarRow
from migrator.calendars.queries import calendar_of
from migrator.database.locks import keep_changes_out
from migrator.finance.covers.operations import follow_moved_ends
from migrator.fulfilment.closures.models import Direction, Recount, RecountState
from migrator.fulfilment.closures.operations import (
    CountAgain,
    begin_recount,
    change_of,
    discard_recount,
    move_all,
    refuse_changed_calendar,
)
from migrator.fulfilment.closures.queries import active_recount, recount_of, tally
from migrator.history.actor import Actor
from migrator.journeys.move_ticket_dates import move_ticket_dates

BEFORE = {Direction.ANNOUNCE: ClosureState.DRAFT, Direction.WITHDRAW: ClosureState.ANNOUNCED}
STILL_TELLING = "Customers are still being told of the last change. Wait until that is done."
DECIDED = "This was decided already. Look at what it says now."


def see_what_moves(session: Session, closure: Closure, *, direction: Direction, now: datetime) -> Recount:
    """This will have the worker count what announcing or withdrawing a closure would move; nothing moves by it.

    A count that runs already is kept; one that is done is put away for a new one.

    :param closure: held
    :raises NotInThisState: when the closure stands elsewhere, or customers are still being told of it
    :raises UnfitClosure: when the days can no longer be announced
    :raises NothingLeftToWithdraw: when all days are over
    """
    refuse_other_state(closure, BEFORE[direction])
    row = session.get_one(CalendarRow, closure.calendar_key)
    change_of(session, closure, row, direction=direction, at=now)
    active = active_recount(session, closure.id)
    if active is not None and active.state is RecountState.COUNTING:
        return active
    if active is not None and active.state is RecountState.TELLING:
        raise NotInThisState(STILL_TELLING)
    if active is not None:
        discard_recount(session, active)
    return begin_recount(session, closure, row, direction=direction, now=now)


def move_the_dates(session: Session, recount_id: int, *, actor: Actor, now: datetime) -> Recount:
    """This will announce or withdraw the closure and move every date that follows, as it was counted.

    :raises NotInThisState: when it was not counted to its end, or was decided already
    :raises CountAgain: when the calendar or the day has changed since it was counted
    :raises UnfitClosure: when the days can no longer be announced
    :raises NothingLeftToWithdraw: when all days are over
    """
    # Whoever began before has read the calendar as it was: what they change has to be seen as they leave it.
    # Tickets first: whoever opens one looks at its order afterwards, and nobody does so the other way round.
    keep_changes_out(session, "tickets")
    keep_changes_out(session, "orders")
    recount = recount_of(session, recount_id)
    if recount.state is not RecountState.COUNTED:
        raise NotInThisState(DECIDED)
    closure, direction = recount.closure, recount.direction
    row = hold_calendar(session, closure)
    refuse_changed_calendar(recount, row)
    change = change_of(session, closure, row, direction=direction, at=now)
    if change.since != change_of(session, closure, row, direction=direction, at=recount.begun_at).since:
        raise CountAgain("A day has begun since this was counted. Count again, then decide.")
    switch = close_days if direction is Direction.ANNOUNCE else reopen_days
    switch(session, closure, row, now=now)
    move_all(session, recount, replace(change, after=calendar_of(session, row)), actor=actor, now=now)
    follow_moved_ends(session)
    requests = move_ticket_dates(session, closure, row, since=change.since, actor=actor, now=now)
    _note(session, recount, requests=requests, actor=actor, now=now)
    return recount


def leave_the_dates(session: Session, recount_id: int) -> Recount:
    """This will put a count away; the closure stays as it is.

    :raises NotInThisState: when it was decided already
    """
    recount = recount_of(session, recount_id)
    if recount.state not in {RecountState.COUNTING, RecountState.COUNTED}:
        raise NotInThisState(DECIDED)
    discard_recount(session, recount)
    return recount


def put_away(session: Session, closure: Closure, *, actor: Actor, now: datetime) -> None:
    """This will discard a draft together with what was counted for it.

    :param closure: held
    :raises NotInThisState: when it is no draft
    """
    discard_closure(session, closure, actor=actor, now=now)
    active = active_recount(session, closure.id)
    if active is not None:
        discard_recount(session, active)


def _note(session: Session, recount: Recount, *, requests: int, actor: Actor, now: datetime) -> None:
    recount.state, recount.confirmed_at, recount.confirmed_by_id = RecountState.TELLING, now, actor.person_id
    session.flush()
    verb = "closure.announced" if recount.direction is Direction.ANNOUNCE else "closure.withdrawn"
    record_closure(
        session,
        verb,
        recount.closure,
        actor=actor,
        now=now,
        facts={"orders": tally(session, recount.id, now=now).moving, "requests": requests},
    )
