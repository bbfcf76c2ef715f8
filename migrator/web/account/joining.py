"""Coming in: the page after sign-up, and joining an organisation by an invitation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.accounts.invitation_operations import accept
from migrator.accounts.passwords import hashed
from migrator.accounts.queries import InvitationOver, open_invitation
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.policy.loading import migration_desk
from migrator.web.account import pages
from migrator.web.account.forms import JoinForm
from migrator.web.audience import open_to
from migrator.web.request import now


@pages.errorhandler(InvitationOver)
def invitation_over(refusal: InvitationOver) -> tuple[str, int]:
    """This will say that the link is worth nothing any more, and what to do."""
    return render_template("account/invitation_over.html", refusal=refusal), 410


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """Who is invited, and where."""

    token: str
    email: str
    organisation: str


@pages.get("/sign-up/sent")
@open_to()
def sign_up_sent() -> str:
    """This will say what to do after sign-up, and whom to let through a mail filter (RULES C-027)."""
    return render_template("account/sign_up_sent.html", allow_list=migration_desk().allow_list)


@pages.get("/invitations/<token>")
@open_to()
def invitation(token: str) -> tuple[str, int]:
    """This will show who invites, and ask for name and password."""
    return _answer(token)


@pages.post("/invitations/<token>")
@open_to()
def join(token: str) -> Response | tuple[str, int]:
    """This will make the account and lead to the sign-in page."""
    form = JoinForm(email=_page(token).email)
    if not form.validate_on_submit():
        return _answer(token, form, status=422)
    password_hash = hashed(form.password.data or "")
    try:
        with transaction() as session:
            accept(session, token, name=form.name.data or "", password_hash=password_hash, now=now())
    except DomainError as refusal:
        return _answer(token, form, status=409, refusal=str(refusal))
    flash("Your account is ready. Sign in with your address and password.")
    return redirect(url_for("security.login"), 303)


def _answer(token: str, form: JoinForm | None = None, *, status: int = 200, refusal: str = "") -> tuple[str, int]:
    page = _page(token)
    form = form or JoinForm(email=page.email)
    return render_template("account/join.html", page=page, form=form, refusal=refusal), status


def _page(token: str) -> InvitationPage:
    with reading() as session:
        asked = open_invitation(session, token, now=now())
        return InvitationPage(token, asked.email, asked.organisation.name)
