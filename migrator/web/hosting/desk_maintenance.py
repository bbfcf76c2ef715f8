"""Maintenance windows: announced to those whom they touch, withdrawn backwards, their minutes recorded (M-046)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from migrator.clock.wording import counted_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.hosting.maintenance_models import Maintenance
from migrator.hosting.maintenance_operations import record_minutes
from migrator.hosting.maintenance_queries import (
    PAGE,
    instances_touched,
    maintenance_for_staff,
    maintenances,
    minutes_since,
)
from migrator.hosting.maintenance_rules import MaintenanceState, window_text
from migrator.hosting.models import HostingInstance
from migrator.hosting.queries import instances
from migrator.journeys.maintain_hosting import announce_maintenance, withdraw_maintenance
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk.forms import READ_BY_CUSTOMER, VersionedForm, refuse_stale
from migrator.web.desk_time import desk_zone
from migrator.web.fields import MOMENT_FORMATS, MomentField, as_instant, line_field, moment_field, text_field
from migrator.web.hosting import pages
from migrator.web.hosting.desk_instances import DESK
from migrator.web.hosting.views import WINDOW_STATES, moment
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person

REPORT_DAYS = 90
MOST_CHOICES = 1_000


class WindowForm(VersionedForm):
    """A window with the instances that it touches."""

    title = line_field("What is done", empty="Say in a few words what is done, such as “New database servers”")
    reason = text_field("Why, for the customers", empty="Write why: customers read it")
    starts_at = moment_field("From")
    ends_at = moment_field("Until")
    instances = SelectMultipleField(
        "Instances that it touches",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("Choose the instances that it touches")],
    )


class WithdrawForm(VersionedForm):
    """Why a window does not take place."""

    reason = text_field(READ_BY_CUSTOMER, empty="Write why it is withdrawn. Customers read it")


class MinutesForm(VersionedForm):
    """When the interruption began and ended in fact; both empty where there was none."""

    down_from_at = MomentField("Interrupted from", format=MOMENT_FORMATS, validators=[Optional()])
    down_until_at = MomentField("Interrupted until", format=MOMENT_FORMATS, validators=[Optional()])


@pages.get("/desk/hosting/maintenance")
@open_to(*DESK)
def desk_windows() -> str:
    """This will list the windows, the newest first, and the excluded minutes of each instance (RULES M-046)."""
    place = read_cursor(request.args.get("before"))
    with reading() as session:
        found = maintenances(session, before=place[1] if place else None)
        minutes = minutes_since(session, now() - timedelta(days=REPORT_DAYS))
    last = cursor_of(None, found[PAGE - 1].id) if len(found) > PAGE else ""
    return render_template(
        "hosting/desk_windows.html",
        rows=[(each.id, each.title, _when(each), *WINDOW_STATES[each.state], _minutes(each)) for each in found[:PAGE]],
        report=[(each.instance, each.customer, str(each.windows), f"{each.minutes:,}") for each in minutes],
        report_days=REPORT_DAYS,
        next_url=url_for("hosting.desk_windows", before=last) if last else "",
        first_url=url_for("hosting.desk_windows") if place else "",
    )


@pages.get("/desk/hosting/maintenance/new")
@open_to(*DESK)
def desk_window_new() -> str:
    """This will show the form for a window."""
    return _announcing(WindowForm(formdata=None))


@pages.post("/desk/hosting/maintenance/new")
@open_to(*DESK)
def desk_announce() -> Response | tuple[str, int]:
    """This will announce a window and write to everybody whom it touches, once."""
    form = WindowForm()
    form.instances.choices = _choices()
    if not form.validate_on_submit():
        return _announcing(form), 422
    try:
        with transaction() as session:
            maintenance_id = _announce(session, form).id
    except DomainError as refusal:
        return _announcing(form, refusal), status_of(refusal)
    flash("The window is announced. Each customer whom it touches is told once.")
    return redirect(url_for("hosting.desk_window", maintenance_id=maintenance_id), 303)


@pages.get("/desk/hosting/maintenance/<int:maintenance_id>")
@open_to(*DESK)
def desk_window(maintenance_id: int) -> str:
    """This will show one window with what can be done now."""
    return _shown(maintenance_id)


@pages.post("/desk/hosting/maintenance/<int:maintenance_id>/withdraw")
@open_to(*DESK)
def desk_withdraw(maintenance_id: int) -> Response | tuple[str, int]:
    """This will take the window back and write to the same people."""
    form = WithdrawForm()

    def take_back(session: Session, found: Maintenance) -> str:
        withdraw_maintenance(
            session, found, reason=form.reason.data or "", person=person(), zone=desk_zone(), now=now()
        )
        return "The window is withdrawn. The same customers are told."

    return _do(maintenance_id, form, take_back)


@pages.post("/desk/hosting/maintenance/<int:maintenance_id>/record")
@open_to(*DESK)
def desk_record(maintenance_id: int) -> Response | tuple[str, int]:
    """This will record the interruption and the minutes of it that do not count against us."""
    form = MinutesForm()

    def keep(session: Session, found: Maintenance) -> str:
        ends = [each.data and as_instant(each.data, desk_zone()) for each in (form.down_from_at, form.down_until_at)]
        minutes = record_minutes(session, found, down_from_at=ends[0], down_until_at=ends[1], actor=actor(), now=now())
        return f"Recorded: {counted_text(minutes, 'minute')} do not count."

    return _do(maintenance_id, form, keep)


def _do(
    maintenance_id: int, form: VersionedForm, deed: Callable[[Session, Maintenance], str]
) -> Response | tuple[str, int]:
    if not form.validate_on_submit():
        return _shown(maintenance_id, form), 422
    try:
        with transaction() as session:
            found = maintenance_for_staff(session, maintenance_id, for_update=True)
            refuse_stale(form, found.version)
            sentence = deed(session, found)
    except DomainError as refusal:
        return _shown(maintenance_id, form, refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("hosting.desk_window", maintenance_id=maintenance_id), 303)


def _announce(session: Session, form: WindowForm) -> Maintenance:
    zone = desk_zone()
    return announce_maintenance(
        session,
        title=form.title.data or "",
        reason=form.reason.data or "",
        starts_at=as_instant(form.starts_at.data, zone),
        ends_at=as_instant(form.ends_at.data, zone),
        instance_ids=form.instances.data or [],
        person=person(),
        zone=zone,
        now=now(),
    )


def _announcing(form: WindowForm, refusal: DomainError | None = None) -> str:
    form.instances.choices = _choices()
    return render_template("hosting/desk_window_new.html", form=form, refusal=refusal)


def _choices() -> list[SelectChoice]:
    with reading() as session:
        found = instances(session, limit=MOST_CHOICES)
    return [SelectChoice(each.id, _name(each)) for each in found]


def _shown(maintenance_id: int, form: VersionedForm | None = None, refusal: DomainError | None = None) -> str:
    with reading() as session:
        found = maintenance_for_staff(session, maintenance_id)
        touched = instances_touched(session, maintenance_id)
    withdrawing = form if isinstance(form, WithdrawForm) else WithdrawForm(formdata=None)
    recording = form if isinstance(form, MinutesForm) else MinutesForm(formdata=None)
    if refusal is None:
        withdrawing.version.data = recording.version.data = str(found.version)
    is_announced = found.state is MaintenanceState.ANNOUNCED
    state, tone = WINDOW_STATES[found.state]
    return render_template(
        "hosting/desk_window.html",
        title=found.title,
        facts=_facts(found),
        state=state,
        tone=tone,
        names=[_name(each) for each in touched],
        maintenance_id=maintenance_id,
        can_withdraw=is_announced and now() < found.starts_at,
        can_record=is_announced and now() >= found.ends_at,
        withdrawing=withdrawing,
        recording=recording,
        form=form or withdrawing,
        refusal=refusal,
    )


def _facts(found: Maintenance) -> list[tuple[str, str, None]]:
    zone = desk_zone()
    began, ended = found.down_from_at, found.down_until_at
    facts = {
        "When": _when(found),
        "Why": found.reason,
        "Announced": moment(found.announced_at, zone),
        "Withdrawn because": found.withdrawn_reason,
        "Interrupted": window_text(began, ended, zone) if began and ended else "",
        "Minutes that do not count": _minutes(found),
    }
    return [(name, value, None) for name, value in facts.items() if value]


def _when(found: Maintenance) -> str:
    return window_text(found.starts_at, found.ends_at, desk_zone())


def _minutes(found: Maintenance) -> str:
    return "" if found.excluded_minutes is None else f"{found.excluded_minutes:,}"


def _name(instance: HostingInstance) -> str:
    return f"{instance.name} – {instance.organisation.name}"
