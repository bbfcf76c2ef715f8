"""The stop for abusive language: quoted words, a second person, the appeal, and the way back (RULES C-032)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, Length

from migrator.accounts.stops.models import PLACE_LENGTH, ContactStop
from migrator.accounts.stops.operations import propose_stop, put_stop_away
from migrator.accounts.stops.queries import customer_by_address, stop_for_staff, stops_ended, stops_standing
from migrator.accounts.stops.rules import StopState
from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.stop_contact import confirm_stop, lift_stop, uphold_stop
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk_time import desk_zone
from migrator.web.fields import line_field, text_field, trimmed, visible
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
STATES = {
    StopState.PROPOSED: ("Waits for a second person", "attention"),
    StopState.IN_FORCE: ("In force", "problem"),
    StopState.PUT_AWAY: ("Put away", "neutral"),
    StopState.LIFTED: ("Lifted", "neutral"),
}
APPEALED = ("Asks to be heard again", "attention")


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """Whom it is about, and the words."""

    email = EmailField(
        "E-mail address that they sign in with",
        filters=[trimmed],
        validators=[
            DataRequired("Enter the address that they sign in with"),
            Length(max=PLACE_LENGTH, message=f"Use {PLACE_LENGTH} characters or less"),
            visible,
        ],
    )
    evidence = text_field("Their words, quoted", empty="Quote the words")
    found_in = StringField(
        "Where they wrote them",
        filters=[trimmed],
        validators=[
            DataRequired("Say where they wrote them, such as an order’s number"),
            Length(max=PLACE_LENGTH, message=f"Use {PLACE_LENGTH} characters or less"),
            visible,
        ],
    )


class ReasonForm(VersionedForm):
    """Why it ends."""

    reason = line_field("Reason, which our own people read", empty="Give the reason")


class UpholdForm(VersionedForm):
    """What we answer to an appeal."""

    answer = text_field("Our answer, which the customer reads", empty="Write the answer")


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop in words."""

    id: int
    customer: str
    email: str
    state: str
    tone: str
    is_proposed: bool
    is_in_force: bool
    is_mine: bool
    evidence: str
    found_in: str
    proposed: str
    confirmed: str
    appeal: str
    appealed: str
    appeal_answer: str
    ended: str
    end_reason: str
    version: int


@pages.get("/desk/stops")
@open_to(*DESK)
def stops() -> str:
    """This will list the stops: what waits and what holds first."""
    with reading() as session:
        standing = [_view(stop) for stop in stops_standing(session)]
        ended = [_view(stop) for stop in stops_ended(session)]
    return render_template("desk/stops.html", standing=standing, ended=ended)


@pages.get("/desk/stops/new")
@open_to(*DESK)
def new_stop() -> str:
    """This will show the form of a proposal."""
    return _proposing(ProposeForm(formdata=None))


@pages.post("/desk/stops/new")
@open_to(*DESK)
def propose_stopping() -> Response | tuple[str, int]:
    """This will propose a stop; nothing is blocked by it."""
    form = ProposeForm()
    if not form.validate_on_submit():
        return _proposing(form), 422
    try:
        with transaction() as session:
            customer = customer_by_address(session, form.email.data or "")
            stop = propose_stop(
                session,
                customer,
                evidence=form.evidence.data or "",
                found_in=form.found_in.data or "",
                actor=actor(),
                now=now(),
            )
    except DomainError as refusal:
        return _proposing(form, refusal=refusal), status_of(refusal)
    flash("Proposed. Nothing is blocked before a second person confirms it.")
    return redirect(url_for("desk.stop", stop_id=stop.id), 303)


@pages.get("/desk/stops/<int:stop_id>")
@open_to(*DESK)
def stop(stop_id: int) -> str:
    """This will show a stop and what can be done to it."""
    return _shown(stop_id, None)


@pages.post("/desk/stops/<int:stop_id>/confirm")
@open_to(*DESK)
def confirm_stopping(stop_id: int) -> Response | tuple[str, int]:
    """This will put the stop in force, by a second person."""

    def deed(session: Session, stop: ContactStop) -> str:
        confirm_stop(session, stop, actor=actor(), now=now())
        return "In force. The customer is told in neutral words, with the way to appeal."

    return _do(stop_id, VersionedForm(), deed)


@pages.post("/desk/stops/<int:stop_id>/put-away")
@open_to(*DESK)
def put_away_stop(stop_id: int) -> Response | tuple[str, int]:
    """This will put a proposal away."""
    form = ReasonForm()

    def deed(session: Session, stop: ContactStop) -> str:
        put_stop_away(session, stop, reason=form.reason.data or "", actor=actor(), now=now())
        return "Put away. Nothing was blocked."

    return _do(stop_id, form, deed)


@pages.post("/desk/stops/<int:stop_id>/lift")
@open_to(*DESK)
def lift_stopping(stop_id: int) -> Response | tuple[str, int]:
    """This will take the customer's tickets and messages again."""
    form = ReasonForm()

    def deed(session: Session, stop: ContactStop) -> str:
        lift_stop(session, stop, reason=form.reason.data or "", actor=actor(), now=now())
        return "Lifted. The customer is told."

    return _do(stop_id, form, deed)


@pages.post("/desk/stops/<int:stop_id>/uphold")
@open_to(*DESK)
def uphold_stopping(stop_id: int) -> Response | tuple[str, int]:
    """This will answer the appeal without lifting the stop."""
    form = UpholdForm()

    def deed(session: Session, stop: ContactStop) -> str:
        uphold_stop(session, stop, answer=form.answer.data or "", actor=actor(), now=now())
        return "Answered. The customer is told."

    return _do(stop_id, form, deed)


def _do(stop_id: int, form: VersionedForm, deed: Callable[[Session, ContactStop], str]) -> Response | tuple[str, int]:
    if not form.validate_on_submit():
        return _shown(stop_id, form), 422
    try:
        with transaction() as session:
            stop = stop_for_staff(session, stop_id, for_update=True)
            refuse_stale(form, stop.version)
            sentence = deed(session, stop)
    except DomainError as refusal:
        return _shown(stop_id, form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("desk.stop", stop_id=stop_id), 303)


def _proposing(form: ProposeForm, *, refusal: DomainError | None = None) -> str:
    return render_template("desk/stop_new.html", form=form, refusal=refusal)


def _shown(stop_id: int, form: VersionedForm | None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        page = _view(stop_for_staff(session, stop_id))
    ending = form if isinstance(form, ReasonForm) else ReasonForm(formdata=None)
    answering = form if isinstance(form, UpholdForm) else UpholdForm(formdata=None)
    for each in (ending, answering):
        each.version.data = str(page.version)
    return render_template(
        "desk/stop.html", page=page, ending=ending, answering=answering, form=form or ending, refusal=refusal
    )


def _view(stop: ContactStop) -> StopView:
    waits = stop.state is StopState.IN_FORCE and stop.appealed_at is not None and not stop.appeal_answer
    state, tone = APPEALED if waits else STATES[stop.state]
    return StopView(
        id=stop.id,
        customer=stop.person.display_name,
        email=stop.person.email,
        state=state,
        tone=tone,
        is_proposed=stop.state is StopState.PROPOSED,
        is_in_force=stop.state is StopState.IN_FORCE,
        is_mine=stop.proposed_by_id == person().id,
        evidence=stop.evidence,
        found_in=stop.found_in,
        proposed=f"{stop.proposed_by.display_name}, {_text(stop.proposed_at)}",
        confirmed=f"{stop.confirmed_by.display_name}, {_text(stop.confirmed_at)}" if stop.confirmed_by else "",
        appeal=stop.appeal,
        appealed=_text(stop.appealed_at),
        appeal_answer=stop.appeal_answer,
        ended=_text(stop.ended_at),
        end_reason=stop.end_reason,
        version=stop.version,
    )


def _text(at: datetime | None) -> str:
    return moment_text(at, desk_zone()) if at else ""
