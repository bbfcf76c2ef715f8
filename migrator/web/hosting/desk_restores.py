"""Our people work on restores: what disappears first at the top, and how each ended (RULES M-012, M-013)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, Length, Optional, Regexp

from migrator.clock.wording import day_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.hosting.models import Restore
from migrator.hosting.operations import take_up
from migrator.hosting.queries import PAGE, restore_for_staff, restores_ended, restores_to_do
from migrator.hosting.restore_rules import OPEN, OUTCOMES, STATE_WORDS, RestoreKind, RestoreState
from migrator.journeys.end_restore import finish_restore
from migrator.policy.hosting import hosting_policy
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.fields import optional_text_field, trimmed, visible
from migrator.web.hosting import pages
from migrator.web.hosting.desk_instances import DESK
from migrator.web.hosting.views import moment, restore_view
from migrator.web.refusals import status_of
from migrator.web.request import now, person

LINK = Regexp(r"^https://\S+$", message="Enter an address that begins with https://")


class OutcomeForm(VersionedForm):
    """How a restore ended."""

    state = RadioField(
        "How did it end?",
        choices=[SelectChoice(each.value, STATE_WORDS[each]) for each in OUTCOMES],
        validators=[AnyOf([each.value for each in OUTCOMES], "Choose how it ended")],
        validate_choice=False,
    )
    outcome = optional_text_field("What the customer should know")
    copy_address = StringField(
        "Link to the copy",
        filters=[trimmed],
        validators=[Optional(), Length(max=2_000, message="Use 2,000 characters or less"), visible, LINK],
    )


@pages.get("/desk/hosting/restores")
@open_to(*DESK)
def desk_restores() -> str:
    """This will list what waits for us, the copy that disappears first at the top; or what has ended."""
    ended, place = request.args.get("show") == "ended", read_cursor(request.args.get("after"))
    with reading() as session:
        found = (
            restores_ended(session, before=place[1] if place else None)
            if ended
            else restores_to_do(session, after=(place[0], place[1]) if place and place[0] else None)
        )
    shown, show = found[:PAGE], "ended" if ended else None
    last = cursor_of(shown[-1].gone_at, shown[-1].id) if len(found) > PAGE else ""
    return render_template(
        "hosting/desk_restores.html",
        rows=[(restore_view(each, each.instance), each.instance.organisation.name) for each in shown],
        ended=ended,
        next_url=url_for("hosting.desk_restores", show=show, after=last) if last else "",
        first_url=url_for("hosting.desk_restores", show=show) if place else "",
    )


@pages.get("/desk/hosting/restores/<int:restore_id>")
@open_to(*DESK)
def desk_restore(restore_id: int) -> str:
    """This will show one restore with what can be done now."""
    return _shown(restore_id)


@pages.post("/desk/hosting/restores/<int:restore_id>/take-up")
@open_to(*DESK)
def desk_take_up(restore_id: int) -> Response | tuple[str, int]:
    """This will say that we are trying."""
    form = VersionedForm()
    try:
        with transaction() as session:
            found = restore_for_staff(session, restore_id, for_update=True)
            refuse_stale(form, found.version)
            take_up(session, found, person=person(), now=now())
    except DomainError as refusal:
        return _shown(restore_id, refusal=refusal), status_of(refusal)
    flash("Taken up. The customer sees that we are trying.")
    return redirect(url_for("hosting.desk_restore", restore_id=restore_id), 303)


@pages.post("/desk/hosting/restores/<int:restore_id>/end")
@open_to(*DESK)
def desk_end(restore_id: int) -> Response | tuple[str, int]:
    """This will end the restore, answer its request and write to the customer."""
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _shown(restore_id, form), 422
    try:
        with transaction() as session:
            _end(session, restore_id, form)
    except DomainError as refusal:
        return _shown(restore_id, form, refusal), status_of(refusal)
    flash("Ended. The customer is told.")
    return redirect(url_for("hosting.desk_restores"), 303)


def _end(session: Session, restore_id: int, form: OutcomeForm) -> None:
    found = restore_for_staff(session, restore_id, for_update=True)
    refuse_stale(form, found.version)
    finish_restore(
        session,
        found,
        RestoreState(form.state.data),
        outcome=form.outcome.data or "",
        copy_address=form.copy_address.data or "",
        person=person(),
        now=now(),
    )


def _shown(restore_id: int, form: OutcomeForm | None = None, refusal: DomainError | None = None) -> str:
    with reading() as session:
        found = restore_for_staff(session, restore_id)
    form = form or OutcomeForm(formdata=None)
    if refusal is None:
        form.version.data = str(found.version)
    return render_template(
        "hosting/desk_restore.html",
        page=restore_view(found, found.instance),
        facts=_facts(found),
        instance_id=found.instance_id,
        form=form,
        refusal=refusal,
        version=found.version,
        is_open=found.state in OPEN,
        is_asked=found.state is RestoreState.ASKED,
        is_copy=found.kind is RestoreKind.DATABASE_COPY,
        copy_days=hosting_policy(found.instance.policy_version).copy_link_days,
    )


def _facts(found: Restore) -> list[tuple[str, str, None]]:
    zone = found.instance.host_zone
    facts = {
        "Customer": found.instance.organisation.name,
        "Instance": found.instance.name,
        "From the copy of": day_text(found.wanted_on),
        "Files": found.paths,
        "Own backup of": day_text(found.own_backup_on),
        "Asked": f"{moment(found.asked_at, zone)}, by {found.asked_by.display_name}",
        "Worked on by": found.worked_on_by.display_name if found.worked_on_by else "",
        "What we said": found.outcome,
        "Link": found.copy_address,
    }
    return [(name, value, None) for name, value in facts.items() if value]
