"""The result: everything is fine, or there is a problem (UX, screen 5; RULES C-080)."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Role
from migrator.journeys.review_result import accept_result, report_problem
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.results import pages
from migrator.web.results.forms import AcceptForm, ChangeForm, ProblemForm
from migrator.web.results.page import result_page

FORMS = (ProblemForm, ChangeForm)


@pages.get("/orders/<number>/result")
@open_to(Role.CUSTOMER)
def result(number: str) -> str:
    """This will show the result and what can be done with it."""
    return shown(number)


@pages.post("/orders/<number>/result/accept")
@open_to(Role.CUSTOMER)
def accept(number: str) -> Response | tuple[str, int]:
    """This will accept the result."""

    def deed(session: Session, order: Order) -> str:
        accept_result(session, order, person=person(), now=now())
        return "Thank you. You have accepted the result."

    return done(number, AcceptForm(), deed)


@pages.post("/orders/<number>/result/problems")
@open_to(Role.CUSTOMER)
def report(number: str) -> Response | tuple[str, int]:
    """This will report a problem with the result."""
    form = ProblemForm()

    def deed(session: Session, order: Order) -> str:
        report_problem(session, order, body=form.problem.data or "", person=person(), now=now())
        return "Reported. Nothing is accepted before we have answered you."

    return done(number, form, deed)


def done(number: str, form: FlaskForm, deed: Callable[[Session, Order], str]) -> Response | tuple[str, int]:
    """This will do a deed in one transaction and go back to the result with the sentence that the deed returns."""
    if not form.validate_on_submit():
        return shown(number, form), 422
    try:
        with transaction() as session:
            sentence = deed(session, order_of(session, number, organisation_id(), for_update=True))
    except NotFound:
        raise
    except DomainError as refusal:
        return shown(number, form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("results.result", number=number), 303)


def shown(number: str, form: FlaskForm | None = None, *, refusal: DomainError | None = None) -> str:
    """This will show the result with what was typed and the refusal, where there is one."""
    with reading() as session:
        page = result_page(session, order_of(session, number, organisation_id()), now=now())
    forms = {kind: form if isinstance(form, kind) else kind(formdata=None) for kind in FORMS}
    return render_template(
        "results/result.html",
        page=page,
        form=form or forms[ProblemForm],
        problem_form=forms[ProblemForm],
        change_form=forms[ChangeForm],
        refusal=refusal,
    )
