"""Asking for a performance review, which opens a request at the hosting desk (RULES M-025)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.hosting.queries import instance_of
from migrator.journeys.ask_hosting import ask_for_review
from migrator.web.audience import open_to
from migrator.web.fields import text_field
from migrator.web.hosting import pages
from migrator.web.hosting.acknowledging import HostingForm, asks_to_read
from migrator.web.hosting.views import instance_view
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.shop.declaration import new_token


class ReviewForm(HostingForm):
    """What is slow, and where."""

    words = text_field("What is slow, and since when?", empty="Say what is slow, and since when")


@pages.get("/hosting/<int:instance_id>/review")
@open_to(Role.CUSTOMER)
def review_form(instance_id: int) -> str:
    """This will ask what is slow."""
    return _asking(instance_id, ReviewForm(formdata=None, token=new_token()))


@pages.post("/hosting/<int:instance_id>/review")
@open_to(Role.CUSTOMER)
def ask_review(instance_id: int) -> Response | tuple[str, int]:
    """This will open the request, once however often the button is pressed."""
    form = ReviewForm()
    if not form.validate_on_submit():
        return _asking(instance_id, form), 422
    try:
        with transaction() as session:
            ticket = ask_for_review(
                session,
                instance_of(session, instance_id, organisation_id(), for_update=True),
                words=form.words.data or "",
                person=person(),
                acknowledged=bool(form.acknowledged.data),
                token=(form.token.data or "")[:64],
                now=now(),
            )
    except DomainError as refusal:
        return _asking(instance_id, form, refusal=refusal), status_of(refusal)
    flash(f"We have your request. Its number is {ticket.number}.")
    return redirect(url_for("hosting.instance", instance_id=instance_id), 303)


def _asking(instance_id: int, form: ReviewForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        found = instance_of(session, instance_id, organisation_id())
        must_read = asks_to_read(session)
    view = instance_view(found)
    return render_template("hosting/review_form.html", form=form, instance=view, refusal=refusal, must_read=must_read)
