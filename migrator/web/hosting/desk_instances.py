"""Our people's list of instances, with search; a new one; and one of them with its plan and restores."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, DataRequired, Length

from migrator.accounts.queries import customer_by_email
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.actor import Role
from migrator.hosting.models import NAME_LENGTH, HostingInstance, Magento
from migrator.hosting.operations import Particulars, add_instance, change_instance
from migrator.hosting.queries import PAGE, free_migration_of, instance_for_staff, instances, restores_of
from migrator.policy.hosting import hosting_policy
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk.forms import CHANGED
from migrator.web.desk_time import desk_zone
from migrator.web.fields import LINE_LENGTH, line_field, trimmed, visible
from migrator.web.hosting import pages
from migrator.web.hosting.views import PLATFORMS, instance_view, restore_views
from migrator.web.refusals import status_of
from migrator.web.request import actor, now
from migrator.web.ticket_rows import about_instance

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
OURS: dict[str, Any] = {"validate_choice": False}
FOREIGN = "The site is not mainly in English"


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What may change of an instance; `version` is the one that was seen."""

    version = HiddenField()
    plan = SelectField("Plan", validators=[DataRequired("Choose a plan")])
    is_foreign = BooleanField(FOREIGN)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.plan.choices = [SelectChoice(each.key, f"{each.name}: {each.promise}") for each in hosting_policy().plans]


class InstanceForm(PlanForm):
    """A new instance of a customer."""

    email = line_field(
        "E-mail of somebody at the customer", empty="Enter the e-mail address of somebody at the customer"
    )
    name = StringField(
        "Name",
        filters=[trimmed],
        validators=[
            DataRequired("Enter a name, such as the address of the shop"),
            Length(max=NAME_LENGTH, message=f"Use {NAME_LENGTH} characters or less"),
            visible,
        ],
    )
    platform = SelectField(
        "Platform",
        choices=[SelectChoice(each.value, name) for each, name in PLATFORMS.items()],
        validators=[AnyOf(list(Magento), "Choose the platform")],
        **OURS,
    )
    host_zone = line_field("Time zone of the host", empty="Enter the zone, such as Europe/Kyiv")

    def particulars(self) -> Particulars:
        """This will return what the instance is; only for a valid form."""
        return Particulars(
            name=self.name.data or "",
            plan=self.plan.data or "",
            platform=Magento(self.platform.data),
            host_zone=self.host_zone.data or "",
            is_foreign=bool(self.is_foreign.data),
        )


@pages.get("/desk/hosting/instances")
@open_to(*DESK)
def desk_list() -> str:
    """This will list the instances, the newest first, or those that the words are about."""
    words, place = trimmed(request.args.get("q"))[:LINE_LENGTH], read_cursor(request.args.get("before"))
    with reading() as session:
        found = instances(session, words=words, before=place[1] if place else None)
    shown = found[:PAGE]
    last = cursor_of(None, shown[-1].id) if len(found) > PAGE else ""
    q = words or None
    return render_template(
        "hosting/desk_list.html",
        rows=[instance_view(each, customer=each.organisation.name) for each in shown],
        words=words,
        next_url=url_for("hosting.desk_list", before=last, q=q) if last else "",
        first_url=url_for("hosting.desk_list", q=q) if place else "",
    )


@pages.get("/desk/hosting/instances/new")
@open_to(*DESK)
def desk_new() -> str:
    """This will show the form for a new instance."""
    return _adding(InstanceForm(formdata=None, host_zone=desk_zone()))


@pages.post("/desk/hosting/instances/new")
@open_to(*DESK)
def desk_add() -> Response | tuple[str, int]:
    """This will write the instance down; its customer sees it at once."""
    form = InstanceForm()
    if not form.validate_on_submit():
        return _adding(form), 422
    try:
        with transaction() as session:
            instance_id = _add(session, form).id
    except NotFound as unknown:
        return _adding(form, unknown), 409
    except DomainError as refusal:
        return _adding(form, refusal), status_of(refusal)
    flash("The instance is written down. One migration to it is free.")
    return redirect(url_for("hosting.desk_instance", instance_id=instance_id), 303)


@pages.get("/desk/hosting/instances/<int:instance_id>")
@open_to(*DESK)
def desk_instance(instance_id: int) -> str:
    """This will show one instance with its plan, restores and free migration."""
    return _shown(instance_id)


@pages.post("/desk/hosting/instances/<int:instance_id>")
@open_to(*DESK)
def desk_change(instance_id: int) -> Response | tuple[str, int]:
    """This will change plan and language flag; open requests keep their promise."""
    form = PlanForm()
    if not form.validate_on_submit():
        return _shown(instance_id, form), 422
    try:
        with transaction() as session:
            found = instance_for_staff(session, instance_id, for_update=True)
            if form.version.data != str(found.version):
                raise StaleEdit(CHANGED)
            change_instance(
                session, found, plan=form.plan.data, is_foreign=bool(form.is_foreign.data), actor=actor(), now=now()
            )
    except DomainError as refusal:
        return _shown(instance_id, form, refusal), status_of(refusal)
    flash("Changed. Requests that are open keep the promise that they were opened with.")
    return redirect(url_for("hosting.desk_instance", instance_id=instance_id), 303)


def _add(session: Session, form: InstanceForm) -> HostingInstance:
    organisation = customer_by_email(session, (form.email.data or "").lower())
    return add_instance(session, organisation, form.particulars(), policy=hosting_policy(), actor=actor(), now=now())


def _adding(form: InstanceForm, refusal: DomainError | None = None) -> str:
    return render_template("hosting/desk_new.html", form=form, refusal=refusal)


def _shown(instance_id: int, form: PlanForm | None = None, refusal: DomainError | None = None) -> str:
    with reading() as session:
        found = instance_for_staff(session, instance_id)
        use = free_migration_of(session, instance_id)
        restores = restore_views(restores_of(session, instance_id), found)
        requests = about_instance(session, instance_id, for_staff=True)
    values = {"version": str(found.version), "plan": found.plan_key, "is_foreign": found.is_foreign}
    return render_template(
        "hosting/desk_instance.html",
        page=instance_view(found, customer=found.organisation.name),
        form=form or PlanForm(formdata=None, data=values),
        refusal=refusal,
        restores=restores,
        requests=requests,
        moved_by=use.order.number if use else "",
    )
