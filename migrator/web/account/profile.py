"""The account page: who you are, your time, and the doors to password, address and second step."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.accounts.operations import change_profile
from migrator.database.session import transaction
from migrator.history.actor import STAFF, Role
from migrator.web.account import pages
from migrator.web.account.forms import ProfileForm
from migrator.web.audience import open_to
from migrator.web.navigation import home_of
from migrator.web.request import now, person

EVERYBODY = (Role.CUSTOMER, *STAFF)


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that the page shows beside its form."""

    email: str
    has_second_step: bool
    has_recovery_codes: bool
    is_customer: bool


@pages.get("/home")
@open_to(*EVERYBODY)
def home() -> Response:
    """This will lead people to the first page of their work."""
    return redirect(home_of(person().role))


@pages.get("/account")
@open_to(*EVERYBODY)
def account() -> tuple[str, int]:
    """This will show the person's account."""
    return _shown(ProfileForm(obj=person()))


@pages.post("/account")
@open_to(*EVERYBODY)
def save() -> Response | tuple[str, int]:
    """This will save name and time zone."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _shown(form, status=422)
    with transaction() as session:
        change_profile(session, person().id, name=form.name.data or "", zone=form.zone.data, now=now())
    flash("Saved.")
    return redirect(url_for("account.account"), 303)


def _shown(form: ProfileForm, *, status: int = 200) -> tuple[str, int]:
    own = person()
    page = AccountPage(
        email=own.email,
        has_second_step=own.tf_primary_method is not None,
        has_recovery_codes=bool(own.mf_recovery_codes),
        is_customer=own.role is Role.CUSTOMER,
    )
    return render_template("account/account.html", page=page, form=form), status
