"""Recording how many pages were measured, and correcting a count (RULES C-069, D-10)."""

from __future__ import annotations

from flask import render_template, request
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from migrator.catalogue.rules import MOST_PAGES
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.fulfilment.pages.operations import count_of
from migrator.fulfilment.pages.rules import PageCount
from migrator.journeys.correct_pages import correct_pages
from migrator.journeys.count_pages import count_pages
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.extras_forms import CountForm, PageCorrectionForm
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.request import now, person


@pages.get("/desk/orders/<number>/pages")
@open_to(*DESK)
def measure(number: str) -> str:
    """This will ask how many pages were measured; a number in the address, such as a sitemap's, is proposed."""
    proposed = request.args.get("pages", 0, type=int)
    return _shown("measure", number, CountForm(formdata=None, pages=proposed if 0 < proposed <= MOST_PAGES else None))


@pages.post("/desk/orders/<number>/pages")
@open_to(*DESK)
def keep_measured(number: str) -> Answer:
    """This will keep the measured pages; too many stop the order."""
    form = CountForm()

    def keep(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        counted = form.pages.data or 0
        if count_pages(session, order, pages=counted, by=person(), now=now()):
            return f"{counted:,} pages are more than the {order.page_limit:,} covered. The customer has been asked."
        return f"{counted:,} pages recorded."

    return answered(form, keep, number=number, shown=lambda refusal: _shown("measure", number, form, refusal=refusal))


@pages.get("/desk/orders/<number>/pages/correct")
@open_to(*DESK)
def correct_count(number: str) -> str:
    """This will ask for the right count."""
    return _shown("correct_pages", number, PageCorrectionForm(formdata=None))


@pages.post("/desk/orders/<number>/pages/correct")
@open_to(*DESK)
def keep_corrected(number: str) -> Answer:
    """This will keep the corrected count."""
    form = PageCorrectionForm()

    def keep(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        correct_pages(
            session,
            order,
            which=PageCount(form.which.data),
            pages=form.pages.data or 0,
            reason=form.reason.data or "",
            by=person(),
            now=now(),
        )
        return "The count has been corrected."

    return answered(
        form, keep, number=number, shown=lambda refusal: _shown("correct_pages", number, form, refusal=refusal)
    )


def _shown(what: str, number: str, form: FlaskForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        counts = tuple((which.value.capitalize(), _text(count_of(order, which)), None) for which in PageCount)
    if isinstance(form, VersionedForm) and not form.is_submitted():
        form.version.data = str(order.version)
    facts = (("Covered", f"{order.page_limit:,}", None), *counts)
    return render_template(f"desk/{what}.html", number=number, form=form, facts=facts, refusal=refusal)


def _text(count: int | None) -> str:
    return "Not yet" if count is None else f"{count:,}"
