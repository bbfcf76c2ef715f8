"""Recording how a run ended, checking its result, and correcting both (RULES C-055h, C-077, C-078, D-10)."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.checks.models import CheckList
from migrator.fulfilment.checks.queries import standing_of
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.runs.queries import runs_of
from migrator.journeys.correct_result import correct_completion, correct_validation
from migrator.journeys.extend_window import prolong_insurance
from migrator.journeys.fail_run import fail_run, start_again
from migrator.journeys.finish_run import finish_run
from migrator.journeys.validate_results import validate_results
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk.result_forms import (
    ConfirmForm,
    InsuranceForm,
    RunEndForm,
    RunFailureForm,
    RunTimeForm,
    ValidationTimeForm,
)
from migrator.web.desk.workbench import DESK
from migrator.web.fields import as_instant, as_shown
from migrator.web.request import actor, now

Deed = Callable[[Session, Order], str]
ENDED = "The customer is asked to look at the result."
KEPT = "The old time stays in the history, and every window that follows from it is computed anew."
AGAIN = "It runs again under the customer’s same approval."
BLOCKED = "Only where our own delay blocked its use. The customer reads the reason and the new last day."


@pages.route("/desk/orders/<number>/run/end", methods=["GET", "POST"])
@open_to(*DESK)
def run_end(number: str) -> Answer:
    """This will record the end of the run that is going on."""
    form = RunEndForm()

    def deed(session: Session, order: Order) -> str:
        finished_at = as_instant(form.finished_at.data, order.calendar_row.zone)
        pages_moved = form.moved_pages.data or 0
        finish_run(session, order, moved_pages=pages_moved, finished_at=finished_at, actor=actor(), now=now())
        return f"Recorded. {ENDED}"

    def begin(order: Order) -> None:
        form.finished_at.data = as_shown(now(), order.calendar_row.zone).replace(second=0)

    return _done(number, form, deed, title="Record the end of the migration", intro=ENDED, begin=begin)


@pages.route("/desk/orders/<number>/run/failure", methods=["GET", "POST"])
@open_to(*DESK)
def run_failure(number: str) -> Answer:
    """This will record that the run failed."""
    form = RunFailureForm()

    def deed(session: Session, order: Order) -> str:
        fault = bool(form.is_our_fault.data)
        fail_run(session, order, failure=form.failure.data or "", is_our_fault=fault, actor=actor(), now=now())
        return "Recorded. The customer has been told."

    return _done(number, form, deed, title="Record that the migration failed")


@pages.route("/desk/orders/<number>/run/again", methods=["GET", "POST"])
@open_to(*DESK)
def run_again(number: str) -> Answer:
    """This will start the failed full migration again."""

    def deed(session: Session, order: Order) -> str:
        start_again(session, order, actor=actor(), now=now())
        return "The full migration runs again."

    return _done(number, ConfirmForm(), deed, title="Start the failed migration again", intro=AGAIN)


@pages.route("/desk/orders/<number>/results/checked", methods=["GET", "POST"])
@open_to(*DESK)
def validation(number: str) -> Answer:
    """This will record that our engineers have checked the result."""
    with reading() as session:
        found = standing_of(session, order_for_staff(session, number).id, CheckList.RESULTS)

    def deed(session: Session, order: Order) -> str:
        validate_results(session, order, actor=actor(), now=now())
        return "Recorded. The customer has been told that the result is checked."

    intro = f"{found.done} of {found.total} items of the result’s list are looked at, {found.failed} failed."
    return _done(number, ConfirmForm(), deed, title="Mark the result as checked", intro=intro)


@pages.route("/desk/orders/<number>/runs/<int:run_id>/time", methods=["GET", "POST"])
@open_to(*DESK)
def run_time(number: str, run_id: int) -> Answer:
    """This will correct when a run was done."""
    form = RunTimeForm()

    def deed(session: Session, order: Order) -> str:
        run = _run(session, order, run_id)
        at = as_instant(form.finished_at.data, order.calendar_row.zone, shown=run.finished_at)
        reason = form.reason.data or ""
        correct_completion(session, order, run, finished_at=at, reason=reason, actor=actor(), now=now())
        return "The end of the migration has been corrected."

    def begin(order: Order) -> None:
        with reading() as session:
            at = _run(session, order, run_id).finished_at
        form.finished_at.data = as_shown(at, order.calendar_row.zone) if at else None

    return _done(number, form, deed, title="Correct the end of the migration", intro=KEPT, begin=begin)


@pages.route("/desk/orders/<number>/results/time", methods=["GET", "POST"])
@open_to(*DESK)
def validation_time(number: str) -> Answer:
    """This will correct when the result was checked."""
    form = ValidationTimeForm()

    def deed(session: Session, order: Order) -> str:
        at = as_instant(form.validated_at.data, order.calendar_row.zone, shown=order.validated_at)
        correct_validation(session, order, validated_at=at, reason=form.reason.data or "", actor=actor(), now=now())
        return "The time of our check has been corrected."

    def begin(order: Order) -> None:
        at = order.validated_at
        form.validated_at.data = as_shown(at, order.calendar_row.zone) if at else None

    return _done(number, form, deed, title="Correct the time of our check", intro=KEPT, begin=begin)


@pages.route("/desk/orders/<number>/insurance", methods=["GET", "POST"])
@open_to(*DESK)
def insurance(number: str) -> Answer:
    """This will prolong the insurance."""
    form = InsuranceForm()

    def deed(session: Session, order: Order) -> str:
        last_day = form.last_day.data or now().date()
        reason = form.reason.data or ""
        prolong_insurance(session, order, last_day=last_day, reason=reason, actor=actor(), now=now())
        return "The insurance has been prolonged, and the customer has been told."

    return _done(number, form, deed, title="Prolong the insurance", intro=BLOCKED)


def _done(
    number: str,
    form: VersionedForm,
    deed: Deed,
    *,
    title: str,
    intro: str = "",
    begin: Callable[[Order], None] | None = None,
) -> Answer:
    def in_one(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        return deed(session, order)

    def shown(refusal: DomainError | None = None) -> str:
        return _shown(number, form, title=title, intro=intro, refusal=refusal)

    if form.is_submitted():
        return answered(form, in_one, number=number, shown=shown)
    with reading() as session:
        order = order_for_staff(session, number)
    form.version.data = str(order.version)
    if begin:
        begin(order)
    return shown()


def _shown(number: str, form: FlaskForm, *, title: str, intro: str, refusal: DomainError | None) -> str:
    fields = [field for field in form if field.type not in {"HiddenField", "CSRFTokenField"}]
    return render_template(
        "desk/deed.html", number=number, form=form, fields=fields, title=title, intro=intro, refusal=refusal
    )


def _run(session: Session, order: Order, run_id: int) -> Run:
    for run in runs_of(session, order.id):
        if run.id == run_id:
            return run
    raise NotFound("There is no such run.")
