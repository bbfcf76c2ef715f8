"""Answering what the customer reported or asked for: take up, done, declined (RULES C-046, C-066, C-067, C-080)."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.fulfilment.changes.models import ChangeRequest
from migrator.fulfilment.changes.queries import request_of
from migrator.fulfilment.changes.rules import Step, allows
from migrator.journeys import change_result
from migrator.journeys.price_change import price_change
from migrator.money import SYMBOLS
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk.result_forms import ConfirmForm, PriceForm, RequestAnswerForm
from migrator.web.desk.workbench import DESK
from migrator.web.request import actor, now, person
from migrator.web.results.page import request_line

Deed = Callable[[Session, Order, ChangeRequest], str]
FORMS = (RequestAnswerForm, PriceForm)
ADDRESS = "/desk/orders/<number>/requests/<int:request_id>"


@pages.get(ADDRESS)
@open_to(*DESK)
def request(number: str, request_id: int) -> str:
    """This will show what the customer wants and what may be done with it."""
    return _shown(number, request_id, RequestAnswerForm(formdata=None))


@pages.post(f"{ADDRESS}/take-up")
@open_to(*DESK)
def take_up_request(number: str, request_id: int) -> Answer:
    """This will tell the customer that we work on it."""

    def deed(session: Session, order: Order, found: ChangeRequest) -> str:
        change_result.take_up(session, order, found, actor=actor(), now=now())
        return "The customer has been told that we work on it."

    return _done(number, request_id, ConfirmForm(), deed)


@pages.post(f"{ADDRESS}/done")
@open_to(*DESK)
def finish_request(number: str, request_id: int) -> Answer:
    """This will end the request with what was done."""
    form = RequestAnswerForm()

    def deed(session: Session, order: Order, found: ChangeRequest) -> str:
        change_result.finish_change(session, order, found, answer=form.answer.data or "", actor=actor(), now=now())
        return "Done. The customer has been told."

    return _done(number, request_id, form, deed)


@pages.post(f"{ADDRESS}/decline")
@open_to(*DESK)
def decline_request(number: str, request_id: int) -> Answer:
    """This will end the request with the reason why it is not done."""
    form = RequestAnswerForm()

    def deed(session: Session, order: Order, found: ChangeRequest) -> str:
        change_result.decline_change(session, order, found, answer=form.answer.data or "", actor=actor(), now=now())
        return "Declined. The customer has been told why."

    return _done(number, request_id, form, deed)


@pages.post(f"{ADDRESS}/price")
@open_to(*DESK)
def price_request(number: str, request_id: int) -> Answer:
    """This will send the price of a change that is not included."""
    form = PriceForm()
    with reading() as session:
        form.currency = order_for_staff(session, number).currency

    def deed(session: Session, order: Order, found: ChangeRequest) -> str:
        amount, minutes = form.amount(), form.minutes()
        price_change(session, order, found, amount=amount, minutes=minutes, by=person(), now=now())
        return f"Sent: {amount}. Work starts when it is paid."

    return _done(number, request_id, form, deed)


def _done(number: str, request_id: int, form: VersionedForm, deed: Deed) -> Answer:
    def in_one(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        found = request_of(session, order.id, request_id)
        refuse_stale(form, found.version)
        return deed(session, order, found)

    def shown(refusal: DomainError | None) -> str:
        return _shown(number, request_id, form, refusal=refusal)

    return answered(form, in_one, number=number, shown=shown)


def _shown(number: str, request_id: int, form: VersionedForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        found = request_of(session, order.id, request_id)
        line = request_line(found, order.calendar_row.zone)
        currency_sign = SYMBOLS[order.currency]
    seen = str(found.version) if not form.is_submitted() else form.version.data
    forms = {kind: form if isinstance(form, kind) else kind(formdata=None, version=seen) for kind in FORMS}
    form.version.data = seen
    return render_template(
        "desk/request.html",
        number=number,
        one=line,
        steps={step.value for step in Step if allows(step, found.state, is_included=found.is_included)},
        form=form,
        answer_form=forms[RequestAnswerForm],
        price_form=forms[PriceForm],
        version=seen,
        currency_sign=currency_sign,
        refusal=refusal,
    )
