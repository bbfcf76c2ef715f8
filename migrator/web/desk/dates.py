"""Correcting when the count started, and proposing a date (RULES D-10, C-059)."""

from __future__ import annotations

from flask import render_template
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.clock.deadline import Target, Unit, due
from migrator.clock.wording import end_text
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.journeys.agree_date import propose_date
from migrator.journeys.correct_facts import correct_verification
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import ProposalForm, VerificationForm, refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.fields import as_instant, as_shown
from migrator.web.request import actor, now


@pages.get("/desk/orders/<number>/start")
@open_to(*DESK)
def start(number: str) -> str:
    """This will show when the access details were found right."""
    return _start_shown(number, VerificationForm(formdata=None))


@pages.post("/desk/orders/<number>/start")
@open_to(*DESK)
def correct_start(number: str) -> Answer:
    """This will correct when the access details were found right."""
    form = VerificationForm()

    def correct(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        verified_at = as_instant(form.verified_at.data, order.calendar_row.zone, shown=order.verified_at)
        reason = form.reason.data or ""
        correct_verification(session, order, verified_at=verified_at, reason=reason, actor=actor(), now=now())
        return "The start of the count has been corrected."

    return answered(form, correct, number=number, shown=lambda refusal: _start_shown(number, form, refusal=refusal))


@pages.get("/desk/orders/<number>/date")
@open_to(*DESK)
def date(number: str) -> str:
    """This will ask for the date to propose."""
    return _date_shown(number, ProposalForm(formdata=None))


@pages.post("/desk/orders/<number>/date")
@open_to(*DESK)
def propose(number: str) -> Answer:
    """This will propose a date to the customer."""
    form = ProposalForm()

    def send(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        proposed_at = as_instant(form.proposed_at.data, order.calendar_row.zone)
        propose_date(session, order, proposed_at=proposed_at, actor=actor(), now=now())
        return f"Proposed to the customer: {end_text(proposed_at, order.calendar_row.zone)}."

    return answered(form, send, number=number, shown=lambda refusal: _date_shown(number, form, refusal=refusal))


def _start_shown(number: str, form: VerificationForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        if not form.is_submitted():
            form.version.data = str(order.version)
            form.verified_at.data = as_shown(order.verified_at, order.calendar_row.zone) if order.verified_at else None
    return render_template("desk/start.html", number=number, form=form, refusal=refusal)


def _date_shown(number: str, form: ProposalForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        earliest = _earliest(session, order)
        if not form.is_submitted():
            form.version.data = str(order.version)
    return render_template("desk/date.html", number=number, earliest=earliest, form=form, refusal=refusal)


def _earliest(session: Session, order: Order) -> str:
    calendar = calendar_of(session, order.calendar_row)
    days = Target(Unit.BUSINESS_DAYS, order.terms.agreed_minimum_business_days)
    return end_text(due(calendar, order.verified_at, days), calendar.zone) if order.verified_at else ""
