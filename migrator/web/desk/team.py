"""The team's load, and handing over everything that one person looks after."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for

from migrator.calendars.queries import calendar
from migrator.clock.wording import hours_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.desk import limits
from migrator.fulfilment.team import WEEK_MINUTES, Load, team_load
from migrator.journeys.share_out import hand_over_some, receivers_with
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer
from migrator.web.desk.asked import whole_number
from migrator.web.desk.today import DESK
from migrator.web.request import actor, now


@dataclass(frozen=True, slots=True)
class Line:
    """One person's load as the page says it."""

    id: int
    name: str
    can_receive: bool
    open_orders: int
    due_this_week: int
    hours: str
    is_full: bool
    url: str


@pages.get("/desk/team")
@open_to(*DESK)
def team() -> str:
    """This will show what everybody has to look after."""
    return _shown()


@pages.post("/desk/team/hand-over")
@open_to(*DESK)
def hand_over_all() -> Answer:
    """This will hand over all open orders of a person, a few in each transaction, so that pages go on meanwhile."""
    from_id = whole_number(request.form.get("from"))
    to_ids = [whole_number(value) for value in request.form.getlist("to")]
    moved = 0
    try:
        while count := _some(from_id, to_ids):
            moved += count
    except DomainError as refusal:
        return _shown(refusal, from_id, to_ids), 409
    flash(f"{moved} open orders handed over." if moved else "There was nothing left to hand over.")
    return redirect(url_for("desk.team"), 303)


def _some(from_id: int, to_ids: list[int]) -> int:
    with transaction() as session:
        receivers = receivers_with(session, to_ids)
        return hand_over_some(session, from_id, receivers, actor=actor(), now=now())


def _shown(refusal: DomainError | None = None, from_id: int = 0, to_ids: list[int] | None = None) -> str:
    with reading() as session:
        zone = calendar(session, migration_desk().calendar).zone
        loads = team_load(session, week_ends_at=limits(now(), zone).week_ends_at)
    return render_template(
        "desk/team.html", lines=[_line(load) for load in loads], refusal=refusal, from_id=from_id, to_ids=to_ids or ()
    )


def _line(load: Load) -> Line:
    whose = str(load.person_id) if load.person_id else "unassigned"
    return Line(
        id=load.person_id or 0,
        name=load.name if load.is_active or load.person_id is None else f"{load.name} (has left)",
        can_receive=load.is_active and load.person_id is not None,
        open_orders=load.open_orders,
        due_this_week=load.due_this_week,
        hours=hours_text(load.minutes * 60),
        is_full=load.minutes > WEEK_MINUTES,
        url=url_for("desk.today", whose=whose),
    )
