"""The tracker: whose turn it is, the promise and why, what happened, and a word to the manager (UX, screen 4)."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField

from migrator.clock.wording import end_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.actor import Role
from migrator.journeys.agree_date import accept_date
from migrator.journeys.send_message import send_message
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.timeline import Filter
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.fields import text_field
from migrator.web.orders import pages
from migrator.web.orders.page import TrackerPage, tracker_page
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.ticket_rows import about_order

FILTERS = {Filter.ALL: "All", Filter.NEEDS_YOU: "Needs you", Filter.DATE_CHANGES: "Date changes"}


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message to the account manager."""

    body = text_field("Your message", empty="Write the message first")


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """The acceptance of the date that the page shows."""

    proposed_at = HiddenField()


@pages.get("/orders/<number>")
@open_to(Role.CUSTOMER)
def tracker(number: str) -> str:
    """This will show one of the customer's own orders."""
    return _shown(number, MessageForm())


@pages.post("/orders/<number>/messages")
@open_to(Role.CUSTOMER)
def write_message(number: str) -> Response | tuple[str, int]:
    """This will send a message to the account manager."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id())
            send_message(session, order, author=person(), body=form.body.data or "", now=now())
    except DomainError as refusal:
        return _refused(number, form, refusal)
    flash("Your message has been sent.")
    return redirect(url_for("orders.tracker", number=number), 303)


@pages.post("/orders/<number>/date")
@open_to(Role.CUSTOMER)
def accept_proposed_date(number: str) -> Response | tuple[str, int]:
    """This will accept the date that was proposed (RULES C-059)."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            agreed_at = _seen(AcceptForm().proposed_at.data)
            accept_date(session, order, proposed_at=agreed_at, actor=actor(), now=now())
            words = end_text(agreed_at, order.calendar_row.zone)
    except DomainError as refusal:
        return _shown(number, MessageForm(formdata=None), refusal=refusal), status_of(refusal)
    flash(f"Agreed: ready by {words}.")
    return redirect(url_for("orders.tracker", number=number), 303)


def timeline_urls(page: TrackerPage, endpoint: str) -> dict[str, object]:
    """This will return the addresses of the timeline's filters and of its neighbouring pages."""

    def url(show: Filter, before: str | None = None) -> str:
        chosen = None if show is Filter.ALL else show.value
        return url_for(endpoint, number=page.number, show=chosen, before=before, _anchor="timeline")

    return {
        "filters": [(label, url(which), which is page.chosen) for which, label in FILTERS.items()],
        "older_url": url(page.chosen, cursor_of(None, page.older_than)) if page.older_than else None,
        "latest_url": None if page.is_latest else url(page.chosen),
    }


def asked_page(session: Session, order: Order, *, viewer_zone: str) -> TrackerPage:
    """This will gather the page with the part of the timeline that the address asks for."""
    cursor = read_cursor(request.args.get("before"))
    return tracker_page(
        session,
        order,
        now=now(),
        viewer_zone=viewer_zone,
        chosen=request.args.get("show", Filter.ALL, type=Filter),
        before_id=cursor[1] if cursor else None,
    )


def _shown(number: str, form: MessageForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        page = asked_page(session, order, viewer_zone=person().zone)
        tickets = about_order(session, order.id)
    accept = AcceptForm(formdata=None, proposed_at=page.proposed_at.isoformat() if page.proposed_at else "")
    return render_template(
        "orders/tracker.html",
        page=page,
        tickets=tickets,
        form=form,
        accept=accept,
        refusal=refusal,
        timeline_urls=timeline_urls(page, "orders.tracker"),
    )


def _refused(number: str, form: MessageForm, refusal: DomainError) -> tuple[str, int]:
    if isinstance(refusal, NotFound):
        raise refusal
    return _shown(number, form, refusal=refusal), status_of(refusal)


def _seen(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "")
    except ValueError as error:
        raise StaleEdit("This page is too old. Look at the date once more, then accept it.") from error
