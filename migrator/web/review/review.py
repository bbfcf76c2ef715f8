"""The review of a preview: mark its pages, send it back, or start the full migration (UX, screen 5)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.clock.wording import local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Role
from migrator.journeys.answer_preview import mark_preview, return_preview
from migrator.journeys.start_full_run import AlreadyStarted, start_full_run
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.review import pages
from migrator.web.review.forms import MarksForm, StartForm, begun, marks_form_of, seen_number
from migrator.web.review.page import ReviewPage, review_page

Answer = Response | str | tuple[str, int]
RETURN = "return"


@pages.get("/orders/<number>/review")
@open_to(Role.CUSTOMER)
def review(number: str) -> str:
    """This will show the latest preview of one of the customer's own orders."""
    return _shown(_page(number))


@pages.post("/orders/<number>/review")
@open_to(Role.CUSTOMER)
def answer(number: str) -> Answer:
    """This will keep the marks, and with the second button send the preview back."""
    page = _page(number)
    if page.preview is None:
        raise NotFound("There is no preview yet.")
    form = marks_form_of(page.preview.pairs)()
    if not form.validate_on_submit():
        return _shown(page, marks=form), 422
    is_return = request.form.get("deed") == RETURN
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            sentence = _answered(session, order, page, form, is_return=is_return)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(_page(number), marks=form, refusal=refusal), status_of(refusal)
    flash(sentence)
    endpoint = "orders.tracker" if is_return else "review.review"
    return redirect(url_for(endpoint, number=number), 303)


@pages.post("/orders/<number>/review/start")
@open_to(Role.CUSTOMER)
def start(number: str) -> Answer:
    """This will start the full migration; pressed again, it leads to the order and says who has started it."""
    form = StartForm()
    if not form.validate_on_submit():
        return _shown(_page(number), start=form), 422
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            if form.warns(local_time(now(), order.calendar_row.zone).date()):
                return _shown(_page(number), start=form, warns=True), 422
            backup_on, seen = form.backup_on.data, seen_number(form)
            start_full_run(session, order, number=seen, backup_on=backup_on, person=person(), now=now())
            sentence = "The full migration has started. We write to you when it is done."
    except AlreadyStarted as started:
        sentence = str(started)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(_page(number), start=form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("orders.tracker", number=number), 303)


def _answered(session: Session, order: Order, page: ReviewPage, form: MarksForm, *, is_return: bool) -> str:
    seen, pairs = seen_number(form), page.preview.pairs if page.preview else ()
    marks, who = form.marks(pairs), person()
    mark_preview(session, order, number=seen, seen=form.seen.data or "", marks=marks, person=who, now=now())
    if not is_return:
        return "Your marks are saved."
    return_preview(session, order, number=seen, words=form.words.data or "", person=who, now=now())
    return "Sent back. We mend it and publish the next preview."


def _page(number: str) -> ReviewPage:
    with reading() as session:
        return review_page(session, order_of(session, number, organisation_id()))


def _shown(
    page: ReviewPage,
    *,
    marks: MarksForm | None = None,
    start: StartForm | None = None,
    refusal: DomainError | None = None,
    warns: bool = False,
) -> str:
    number = page.preview.number if page.preview else 0
    if marks is None and page.preview:
        marks = begun(page.preview.pairs, number=number, seen=page.preview.seen)
    return render_template(
        "review/review.html",
        page=page,
        marks=marks,
        start=start or StartForm(formdata=None, number=number),
        form=start or marks,
        refusal=refusal,
        warns=warns,
    )
