"""Filing a chat or a call as a ticket, so that it has a clock and a place (RULES C-002, C-006)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.accounts.models import Person
from migrator.accounts.stops.queries import customer_by_address
from migrator.database.session import transaction
from migrator.errors import DomainError, NotFound
from migrator.journeys.open_request import log_contact
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.support.categories import TAKEN, Category, Channel, Desk
from migrator.support.opening import Request, Sender
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import actor, now
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK
from migrator.web.tickets.forms import LogForm


class NotTakenHere(DomainError):
    """The desk does not take this."""


@pages.get("/desk/tickets/new")
@open_to(*DESK)
def log_form() -> str:
    """This will show the form."""
    return _shown(LogForm(formdata=None, desk=Desk.MIGRATION.value, channel=Channel.CHAT.value))


@pages.post("/desk/tickets/new")
@open_to(*DESK)
def log() -> Response | tuple[str, int]:
    """This will file a chat or a call."""
    form = LogForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    try:
        with transaction() as session:
            number = _filed(session, form)
    except DomainError as refusal:
        return _shown(form, refusal=refusal), status_of(refusal)
    flash(f"Filed as {number}.")
    return redirect(url_for("tickets.bench", number=number), 303)


def _filed(session: Session, form: LogForm) -> str:
    desk, category = Desk(form.desk.data), Category(form.category.data)
    if category not in TAKEN[desk]:
        raise NotTakenHere("This desk does not take that. Choose what it is about, or the other desk.")
    asked = Request(desk, category, Channel(form.channel.data), form.subject.data or "", form.body.data or "")
    sender = _sender(session, form)
    order = _order(session, form.order.data or "", sender.person)
    return log_contact(session, asked, sender=sender, order=order, actor=actor(), now=now()).number


def _sender(session: Session, form: LogForm) -> Sender:
    address = (form.email.data or "").lower()
    try:
        return Sender(customer_by_address(session, address))
    except NotFound:
        return Sender(name=form.name.data or "", address=address)


def _order(session: Session, number: str, person: Person | None) -> Order | None:
    if not number:
        return None
    if person is None or person.organisation_id is None:
        raise NotTakenHere("Nobody with an account uses this address, so it cannot be about a migration of theirs.")
    return order_of(session, number, person.organisation_id)


def _shown(form: LogForm, *, refusal: DomainError | None = None) -> str:
    return render_template("tickets/log.html", form=form, refusal=refusal)
