"""Who else can sign in for the organisation: invite, withdraw, remove."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.accounts import queries
from migrator.accounts.invitation_operations import remove_colleague, withdraw
from migrator.clock.wording import instant_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.invite_colleague import invite_colleague
from migrator.web.account import pages
from migrator.web.account.forms import InviteForm
from migrator.web.audience import open_to
from migrator.web.desk_time import reader_zone
from migrator.web.request import actor, now, organisation_id, person


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """One person of the organisation."""

    id: int
    name: str
    email: str
    is_you: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation that can still be accepted."""

    id: int
    email: str
    until_text: str


@dataclass(frozen=True, slots=True)
class ColleaguesPage:
    """All that the page shows beside its form."""

    organisation: str
    people: tuple[ColleagueRow, ...]
    invitations: tuple[InvitationRow, ...]


@pages.get("/account/people")
@open_to(Role.CUSTOMER)
def people() -> tuple[str, int]:
    """This will list the organisation's people and its open invitations."""
    return _shown(InviteForm(), status=200)


@pages.post("/account/people")
@open_to(Role.CUSTOMER)
def invite() -> Response | tuple[str, int]:
    """This will invite a colleague by e-mail."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _shown(form, status=422)
    try:
        with transaction() as session:
            invite_colleague(
                session, organisation_id=organisation_id(), email=form.email.data or "", actor=actor(), now=now()
            )
    except DomainError as refusal:
        return _shown(form, status=409, refusal=str(refusal))
    flash(f"We have sent an invitation to {form.email.data}.")
    return _back()


@pages.post("/account/people/invitations/<int:invitation_id>/withdraw")
@open_to(Role.CUSTOMER)
def withdraw_invitation(invitation_id: int) -> Response:
    """This will make an invitation's link worthless."""
    with transaction() as session:
        ended = withdraw(session, invitation_id, organisation_id=organisation_id(), actor=actor(), now=now())
    flash(f"The invitation to {ended.email} is withdrawn.")
    return _back()


@pages.post("/account/people/<int:person_id>/remove")
@open_to(Role.CUSTOMER)
def remove(person_id: int) -> Response | tuple[str, int]:
    """This will let a colleague sign in no more."""
    try:
        with transaction() as session:
            gone = remove_colleague(session, person_id, organisation_id=organisation_id(), actor=actor(), now=now())
    except DomainError as refusal:
        return _shown(InviteForm(), status=409, refusal=str(refusal))
    flash(f"{gone.display_name} cannot sign in any more.")
    return _back()


def _back() -> Response:
    return redirect(url_for("account.people"), 303)


def _shown(form: InviteForm, *, status: int, refusal: str = "") -> tuple[str, int]:
    with reading() as session:
        page = _page(queries.colleagues(session, organisation_id(), now=now()))
    return render_template("account/people.html", page=page, form=form, refusal=refusal), status


def _page(found: queries.Colleagues) -> ColleaguesPage:
    you, zone = person().id, reader_zone()
    return ColleaguesPage(
        organisation=found.organisation,
        people=tuple(ColleagueRow(each.id, each.display_name, each.email, each.id == you) for each in found.people),
        invitations=tuple(
            InvitationRow(each.id, each.email, instant_text(each.expires_at, zone)) for each in found.invitations
        ),
    )
