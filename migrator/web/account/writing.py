"""Whether we take somebody's messages, and the way to appeal when we do not (RULES C-032)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from migrator.accounts.stops.queries import stop_in_force
from migrator.clock.wording import day_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Role
from migrator.journeys.stop_contact import appeal
from migrator.web.account import pages
from migrator.web.audience import open_to
from migrator.web.desk_time import desk_zone
from migrator.web.fields import text_field
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person


class AppealForm(FlaskForm):  # type: ignore[misc]
    """What the person says against it."""

    words = text_field("Why you think that this is wrong", empty="Say why you think that this is wrong")


@dataclass(frozen=True, slots=True)
class WritingPage:
    """Whether a stop holds, what was said against it, and what we answered; never the words that led to it."""

    is_stopped: bool
    appeal: str = ""
    appealed_on: str = ""
    answer: str = ""


@pages.get("/account/writing")
@open_to(Role.CUSTOMER)
def writing() -> str:
    """This will show whether we take the person's messages."""
    return _shown(AppealForm(formdata=None))


@pages.post("/account/writing")
@open_to(Role.CUSTOMER)
def ask_again() -> Response | tuple[str, int]:
    """This will send the appeal to the two who decided."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    try:
        with transaction() as session:
            stop = stop_in_force(session, person().id, for_update=True)
            if stop is None:
                raise NotFound("We take your messages. There is nothing to look at again.")
            appeal(session, stop, words=form.words.data or "", actor=actor(), now=now())
    except DomainError as refusal:
        return _shown(form, refusal=refusal), status_of(refusal)
    flash("We look at it again and write to you.")
    return redirect(url_for("account.writing"), 303)


def _shown(form: AppealForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        stop = stop_in_force(session, person().id)
    if stop is None:
        return render_template("account/writing.html", page=WritingPage(False), form=form, refusal=refusal)
    said_on = day_text(local_time(stop.appealed_at, desk_zone()).date()) if stop.appealed_at else ""
    page = WritingPage(True, stop.appeal, said_on, stop.appeal_answer)
    return render_template("account/writing.html", page=page, form=form, refusal=refusal)
