"""The form for an idea."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from migrator.database.session import transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.ideas.models import TITLE_LENGTH
from migrator.journeys.suggest_idea import suggest_idea
from migrator.web.audience import open_to
from migrator.web.fields import text_field, trimmed, visible
from migrator.web.ideas import pages
from migrator.web.refusals import status_of
from migrator.web.request import now, person


class IdeaForm(FlaskForm):  # type: ignore[misc]
    """What somebody would like us to do."""

    title = StringField(
        "Your idea in one line",
        filters=[trimmed],
        validators=[
            DataRequired("Say in one line what you would like"),
            Length(max=TITLE_LENGTH, message=f"Use {TITLE_LENGTH} characters or less"),
            visible,
        ],
    )
    body = text_field("What it would help you with", empty="Say what it would help you with")


@pages.get("/ideas/new")
@open_to(Role.CUSTOMER)
def new_idea() -> str:
    """This will show the form."""
    return _shown(IdeaForm(formdata=None))


@pages.post("/ideas/new")
@open_to(Role.CUSTOMER)
def suggest() -> Response | tuple[str, int]:
    """This will put the idea on the list."""
    form = IdeaForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    try:
        with transaction() as session:
            idea = suggest_idea(
                session, title=form.title.data or "", body=form.body.data or "", author=person(), now=now()
            )
    except DomainError as refusal:
        return _shown(form, refusal=refusal), status_of(refusal)
    flash("Your idea is on the list, with your vote.")
    return redirect(url_for("ideas.idea", idea_id=idea.id), 303)


def _shown(form: IdeaForm, *, refusal: DomainError | None = None) -> str:
    return render_template("ideas/new.html", form=form, refusal=refusal)
