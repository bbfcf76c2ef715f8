"""Applications for the non-profit discount: the oldest first with its age, and the decision (RULES C-085 to C-087)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.calendars.queries import calendar
from migrator.clock.wording import counted_text, end_text, moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.decide_application import approve_application, decline_application
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.nonprofit.queries import (
    application_for_staff,
    applications_ended,
    applications_to_decide,
    earlier_applications,
)
from migrator.policy.loading import catalogue, migration_desk
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk import pages
from migrator.web.desk.forms import READ_BY_CUSTOMER, VersionedForm, refuse_stale
from migrator.web.fields import text_field
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.web.shop.wording import rate_text

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
PAGE_LENGTH = 50
STATES = {
    ApplicationState.PENDING: ("Waits for our answer", "attention"),
    ApplicationState.APPROVED: ("Approved", "done"),
    ApplicationState.DECLINED: ("Declined", "problem"),
    ApplicationState.WITHDRAWN: ("Withdrawn", "neutral"),
}


class DeclineForm(VersionedForm):
    """Why the discount is not given."""

    reason = text_field(READ_BY_CUSTOMER, empty="Give the reason. The customer reads it")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application. `age` counts whole days since it came; `until` is the aim, or the end of the discount."""

    id: int
    organisation: str
    person: str
    email: str
    country: str
    registration_number: str
    purpose: str
    state: str
    tone: str
    age: str
    applied: str
    until: str
    reason: str
    is_late: bool
    is_pending: bool
    version: int


@pages.get("/desk/nonprofit")
@open_to(*DESK)
def nonprofit_queue() -> str:
    """This will list what waits for our answer, or what was decided."""
    ended, place = request.args.get("show") == "decided", read_cursor(request.args.get("after"))
    show = "decided" if ended else None
    with reading() as session:
        zone = calendar(session, migration_desk().calendar).zone
        found = (
            applications_ended(session, before=place[1] if place else None, limit=PAGE_LENGTH)
            if ended
            else applications_to_decide(session, after=(place[0], place[1]) if place and place[0] else None)
        )
    shown = found[:PAGE_LENGTH]
    last = cursor_of(shown[-1].applied_at, shown[-1].id) if len(found) > PAGE_LENGTH else ""
    return render_template(
        "desk/nonprofit.html",
        applications=[_row(each, zone) for each in shown],
        ended=ended,
        next_url=url_for("desk.nonprofit_queue", show=show, after=last) if last else "",
        first_url=url_for("desk.nonprofit_queue", show=show) if place else "",
    )


@pages.get("/desk/nonprofit/<int:application_id>")
@open_to(*DESK)
def application(application_id: int) -> str:
    """This will show an application with the two decisions, and what the organisation applied for before."""
    return _shown(application_id, None)


@pages.post("/desk/nonprofit/<int:application_id>/approve")
@open_to(*DESK)
def approve(application_id: int) -> Response | tuple[str, int]:
    """This will give the discount and tell the customer."""

    def give(session: Session, asked: NonprofitApplication) -> str:
        until = approve_application(session, asked, person=person(), now=now())
        zone = calendar(session, migration_desk().calendar).zone
        return f"Approved until {end_text(until, zone)}. The customer is told."

    return _decided(application_id, VersionedForm(), give)


@pages.post("/desk/nonprofit/<int:application_id>/decline")
@open_to(*DESK)
def decline(application_id: int) -> Response | tuple[str, int]:
    """This will decline with a reason and tell the customer."""
    form = DeclineForm()

    def refuse(session: Session, asked: NonprofitApplication) -> str:
        decline_application(session, asked, reason=form.reason.data or "", person=person(), now=now())
        return "Declined. The customer is told the reason."

    return _decided(application_id, form, refuse)


def _decided(
    application_id: int, form: VersionedForm, deed: Callable[[Session, NonprofitApplication], str]
) -> Response | tuple[str, int]:
    if not form.validate_on_submit():
        return _shown(application_id, form), 422
    try:
        with transaction() as session:
            asked = application_for_staff(session, application_id, for_update=True)
            refuse_stale(form, asked.version)
            sentence = deed(session, asked)
    except DomainError as refusal:
        return _shown(application_id, form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("desk.nonprofit_queue"), 303)


def _shown(application_id: int, form: VersionedForm | None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        asked = application_for_staff(session, application_id)
        earlier = earlier_applications(session, asked)
        zone = calendar(session, migration_desk().calendar).zone
    decline_form = form if isinstance(form, DeclineForm) else DeclineForm(formdata=None)
    decline_form.version.data = str(asked.version)
    return render_template(
        "desk/nonprofit_application.html",
        page=_row(asked, zone),
        earlier=[
            (row.state, row.until, row.applied, row.registration_number)
            for row in (_row(each, zone) for each in earlier)
        ],
        percent=rate_text(catalogue().nonprofit_discount_bp),
        form=decline_form,
        refusal=refusal,
    )


def _row(asked: NonprofitApplication, zone: str) -> ApplicationRow:
    state, tone = STATES[asked.state]
    days = (now() - asked.applied_at).days
    is_pending = asked.state is ApplicationState.PENDING
    return ApplicationRow(
        id=asked.id,
        organisation=asked.organisation.name,
        person=asked.applied_by.display_name,
        email=asked.applied_by.email,
        country=asked.country,
        registration_number=asked.registration_number,
        purpose=asked.purpose,
        state=state,
        tone=tone,
        age=counted_text(days, "day") if days else "less than a day",
        applied=moment_text(asked.applied_at, zone),
        until=_until(asked, zone),
        reason=asked.reason,
        is_late=is_pending and asked.answer_by_at <= now(),
        is_pending=is_pending,
        version=asked.version,
    )


def _until(asked: NonprofitApplication, zone: str) -> str:
    if asked.state is ApplicationState.PENDING:
        return end_text(asked.answer_by_at, zone)
    return end_text(asked.valid_until_at, zone) if asked.valid_until_at else ""
