"""Our own people: the list, and adding, changing and letting go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_security.forms import EmailValidation
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from migrator.accounts import staff_operations
from migrator.accounts.forms import address_field, name_field
from migrator.accounts.models import Person
from migrator.accounts.queries import staff as staff_people
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.welcome_staff import ROLE_WORDS, welcome_staff
from migrator.web.admin import pages
from migrator.web.audience import open_to
from migrator.web.request import actor, now, person

CHOICES = [SelectChoice(role.value, words.capitalize()) for role, words in ROLE_WORDS.items()]


class StaffForm(FlaskForm):  # type: ignore[misc]
    """Somebody new."""

    name = name_field("Name", required="Enter a name.")
    email = address_field("E-mail", EmailValidation(verify=True))
    role = SelectField("Role", choices=CHOICES, validators=[InputRequired("Choose a role.")])


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Another role for somebody."""

    role = SelectField("Role", choices=CHOICES, validators=[InputRequired("Choose a role.")])


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One of our people."""

    id: int
    name: str
    email: str
    role: str
    role_text: str
    active: bool
    is_you: bool


@pages.get("/admin/staff")
@open_to(Role.ADMINISTRATOR)
def staff() -> tuple[str, int]:
    """This will list our own people."""
    return _shown(StaffForm(), status=200)


@pages.post("/admin/staff")
@open_to(Role.ADMINISTRATOR)
def add() -> Response | tuple[str, int]:
    """This will add somebody and owe them the link for their password."""
    form = StaffForm()
    if not form.validate_on_submit():
        return _shown(form, status=422)
    try:
        with transaction() as session:
            welcome_staff(
                session,
                email=form.email.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                actor=actor(),
                now=now(),
            )
    except DomainError as refusal:
        return _shown(form, status=409, refusal=str(refusal))
    flash(f"{form.name.data} is added. The link for the password is on its way to {form.email.data}.")
    return redirect(url_for("admin.staff"), 303)


@pages.post("/admin/staff/<int:person_id>/role")
@open_to(Role.ADMINISTRATOR)
def change_role(person_id: int) -> Response | tuple[str, int]:
    """This will give somebody another role."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _shown(StaffForm(formdata=None), status=422, refusal="Choose a role from the list.")
    return _change(partial(staff_operations.change_role, role=Role(form.role.data)), person_id, "{} has another role.")


@pages.post("/admin/staff/<int:person_id>/deactivate")
@open_to(Role.ADMINISTRATOR)
def deactivate(person_id: int) -> Response | tuple[str, int]:
    """This will let somebody sign in no more."""
    return _change(staff_operations.deactivate, person_id, "{} cannot sign in any more.")


@pages.post("/admin/staff/<int:person_id>/reactivate")
@open_to(Role.ADMINISTRATOR)
def reactivate(person_id: int) -> Response | tuple[str, int]:
    """This will let somebody sign in again."""
    return _change(staff_operations.reactivate, person_id, "{} can sign in again.")


def _change(operation: Callable[..., Person], person_id: int, news: str) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            name = operation(session, person_id, actor=actor(), now=now()).display_name
    except DomainError as refusal:
        return _shown(StaffForm(formdata=None), status=409, refusal=str(refusal))
    flash(news.format(name))
    return redirect(url_for("admin.staff"), 303)


def _shown(form: StaffForm, *, status: int, refusal: str = "") -> tuple[str, int]:
    with reading() as session:
        rows = _rows(session)
    return render_template("admin/staff.html", rows=rows, roles=CHOICES, form=form, refusal=refusal), status


def _rows(session: Session) -> tuple[StaffRow, ...]:
    return tuple(
        StaffRow(
            id=each.id,
            name=each.display_name,
            email=each.email,
            role=each.role.value,
            role_text=ROLE_WORDS[each.role].capitalize(),
            active=each.active,
            is_you=each.id == person().id,
        )
        for each in staff_people(session)
    )
