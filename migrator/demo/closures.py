"""Two closures: one that was announced, so that some dates have moved, and one that is only a draft."""

from __future__ import annotations

from datetime import date, timedelta

from migrator.accounts.models import Person
from migrator.calendars.closure_models import Closure
from migrator.calendars.closure_operations import draft_closure
from migrator.demo.stage import ONE_MINUTE, Stage
from migrator.fulfilment.closures.models import Direction
from migrator.fulfilment.closures.operations import count_chunk
from migrator.fulfilment.closures.queries import recount_of
from migrator.fulfilment.closures.telling import tell_chunk
from migrator.journeys.announce_closure import move_the_dates, see_what_moves


def closures(stage: Stage, marek: Person) -> None:
    """This will announce one closure, tell everybody whose dates it moves, and draft another."""
    _announced(stage, marek)
    _drafted(
        stage,
        marek,
        name="Company day",
        reason="Once a year we meet all together, away from our desks.",
        on=_working_day_from(stage, days=14),
    )


def _announced(stage: Stage, marek: Person) -> None:
    reason = "The power company replaces a transformer in our street."
    closure = _drafted(stage, marek, name="No electricity", reason=reason, on=_working_day_from(stage, days=4))
    at = stage.at(1, "17:45")
    recount = see_what_moves(stage.session, closure, direction=Direction.ANNOUNCE, now=at)
    recount = recount_of(stage.session, recount.id)
    while count_chunk(stage.session, recount, now=at):
        pass
    at += 5 * ONE_MINUTE
    recount = move_the_dates(stage.session, recount.id, actor=marek.actor, now=at)
    recount = recount_of(stage.session, recount.id)
    while tell_chunk(stage.session, recount, now=at):
        pass


def _drafted(stage: Stage, marek: Person, *, name: str, reason: str, on: date) -> Closure:
    return draft_closure(
        stage.session,
        calendar_key=stage.calendar.key,
        name=name,
        reason=reason,
        first_on=on,
        last_on=on,
        actor=marek.actor,
        now=stage.at(1, "17:40"),
    )


def _working_day_from(stage: Stage, *, days: int) -> date:
    on = stage.day(stage.now) + timedelta(days=days)
    while not stage.calendar.hours_on(on):
        on += timedelta(days=1)
    return on
