"""Closures: the list, and the draft of a further one (RULES C-020)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import InputRequired

from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.closure_operations import draft_closure
from migrator.calendars.closure_queries import PAGE, closures
from migrator.calendars.closure_rules import LONGEST_DAYS, span_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.closures.models import Recount, RecountState
from migrator.fulfilment.closures.queries import newest_recounts
from migrator.history.actor import Role
from migrator.policy.loading import migration_desk
from migrator.web.admin import pages
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.fields import line_field, text_field
from migrator.web.public.forms import NO_DATE, PlainDateField
from migrator.web.request import actor, now

STATES = {
    ClosureState.DRAFT: ("Draft", "neutral"),
    ClosureState.ANNOUNCED: ("Announced", "done"),
    ClosureState.WITHDRAWN: ("Withdrawn", "neutral"),
    ClosureState.DISCARDED: ("Put away", "neutral"),
}
UNDER_WAY = {
    RecountState.COUNTING: ("Counting what moves", "info"),
    RecountState.COUNTED: ("Waits for your decision", "attention"),
    RecountState.TELLING: ("Telling customers", "info"),
}


class ClosureForm(FlaskForm):  # type: ignore[misc]
    """Days off with their reason. Whether the days can be announced is judged by the calendar."""

    name = line_field("Name", empty="Enter a name, such as “Company day”")
    reason = text_field("Reason", empty="Write why the desk is closed: customers read it")
    first_on: DateField = PlainDateField("First day", validators=[InputRequired(NO_DATE)])
    last_on: DateField = PlainDateField("Last day", validators=[InputRequired(NO_DATE)])


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One closure as the list shows it."""

    id: int
    name: str
    days: str
    state: str
    tone: str


@pages.get("/admin/closures")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def closure_list() -> str:
    """This will list the closures, the newest first."""
    asked = read_cursor(request.args.get("before"))
    with reading() as session:
        found = closures(session, before_id=asked[1] if asked else None)
        rows = _rows(session, found[:PAGE])
    before = cursor_of(None, rows[-1].id) if len(found) > PAGE else None
    next_url = url_for("admin.closure_list", before=before) if before else ""
    return render_template("admin/closures.html", rows=rows, next_url=next_url, is_first=asked is None)


@pages.get("/admin/closures/new")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def new_closure() -> str:
    """This will show the form for a closure."""
    return _drafting(ClosureForm())


@pages.post("/admin/closures/new")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def draft() -> Response | tuple[str, int]:
    """This will keep the draft; nothing moves and nobody is told by it."""
    form = ClosureForm()
    if not form.validate_on_submit():
        return _drafting(form), 422
    try:
        with transaction() as session:
            closure_id = _draft(session, form).id
    except DomainError as refusal:
        return _drafting(form, str(refusal)), 409
    return redirect(url_for("admin.closure", closure_id=closure_id), 303)


def state_words(closure: Closure, recount: Recount | None) -> tuple[str, str]:
    """This will return where a closure stands, and the tone of it."""
    under_way = UNDER_WAY.get(recount.state) if recount else None
    return under_way or STATES[closure.state]


def _draft(session: Session, form: ClosureForm) -> Closure:
    return draft_closure(
        session,
        calendar_key=migration_desk().calendar,
        name=cast(str, form.name.data),
        reason=cast(str, form.reason.data),
        first_on=cast(date, form.first_on.data),
        last_on=cast(date, form.last_on.data),
        actor=actor(),
        now=now(),
    )


def _drafting(form: ClosureForm, refusal: str = "") -> str:
    return render_template("admin/closure_new.html", form=form, refusal=refusal, longest=LONGEST_DAYS)


def _rows(session: Session, found: Sequence[Closure]) -> tuple[ClosureRow, ...]:
    recounts = newest_recounts(session, [closure.id for closure in found])
    return tuple(_row(closure, recounts.get(closure.id)) for closure in found)


def _row(closure: Closure, recount: Recount | None) -> ClosureRow:
    state, tone = state_words(closure, recount)
    return ClosureRow(closure.id, closure.name, span_text(closure.first_on, closure.last_on), state, tone)
