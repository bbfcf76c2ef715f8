"""Who to sign in as, and the clock that can be moved on where it is kept in a file."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from migrator.clock.instants import read_instant, zone_named
from migrator.clock.source import FileClock
from migrator.clock.wording import instant_text
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.errors import DomainError
from migrator.web.audience import open_to
from migrator.web.demo import pages
from migrator.web.desk_time import desk_zone
from migrator.web.request import now
from migrator.wiring import wiring

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


class TimeOnlyMovesOn(DomainError):
    """Somebody wanted to go back in time."""


class ClockForm(FlaskForm):  # type: ignore[misc]
    """How far to move the clock: a step, or to an instant in desk time."""

    step = RadioField(
        "Move the clock",
        choices=[SelectChoice(step, f"1 {step} on") for step in STEPS] + [SelectChoice("instant", "To this time")],
        default="hour",
        validators=[InputRequired("Choose how far to move the clock.")],
    )
    instant = StringField(
        "Time in Kyiv, such as 2026-12-07T08:00",
        validators=[Optional(), Length(max=40, message="Write a time such as 2026-12-07T08:00.")],
    )


@pages.get("/demo")
@open_to()
def people() -> str:
    """This will show who to sign in as."""
    return _page(ClockForm())


@pages.post("/demo/clock")
@open_to()
def move_clock() -> Response | tuple[str, int]:
    """This will move the demonstration's clock on."""
    form = ClockForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        _move(form)
    except DomainError as refusal:
        return _page(form, str(refusal)), 409
    flash("The clock was moved.")
    return redirect(url_for("demo.people"), 303)


def _move(form: ClockForm) -> None:
    clock = wiring().clock
    if not isinstance(clock, FileClock):
        raise TimeOnlyMovesOn("The clock is the machine's own. Start with MIGRATOR_CLOCK_FILE to move it.")
    if form.step.data == "instant":
        wanted = read_instant(form.instant.data or "", zone_named(desk_zone()))
    else:
        wanted = now() + STEPS[form.step.data]
    if wanted < now():
        raise TimeOnlyMovesOn("The clock only moves on. Write a time that is later than now.")
    clock.set(wanted)


def _page(form: ClockForm, refusal: str | None = None) -> str:
    return render_template(
        "demo/people.html",
        people=PEOPLE,
        password=PASSWORD,
        form=form if isinstance(wiring().clock, FileClock) else None,
        refusal=refusal,
        now_text=instant_text(now(), desk_zone()),
    )
