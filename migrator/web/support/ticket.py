"""One request: its thread, the promise with its count, writing back, naming the migration, closing, reopening."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.write_on_ticket import name_migration, need_no_answer, write_on_ticket
from migrator.orders.queries import order_of, orders_of
from migrator.support.categories import Channel, Desk
from migrator.support.merging.queries import joined_into
from migrator.support.opening import Sender
from migrator.support.queries import ticket_of
from migrator.web.attachments import sent_files, store, takes_attachments
from migrator.web.audience import open_to
from migrator.web.desk_time import desk_zone
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.support import pages
from migrator.web.support.forms import OrderForm, WriteForm, files_hint
from migrator.web.support.page import ticket_page

ORDERS_OFFERED = 100
CHANNELS = {Desk.MIGRATION: Channel.WEB, Desk.HOSTING: Channel.PORTAL}


@pages.get("/support/<number>")
@open_to(Role.CUSTOMER)
def thread(number: str) -> str | Response:
    """This will show one of the customer's own requests; one that was joined with another leads there (RULES M-021)."""
    with reading() as session:
        joined = joined_into(session, ticket_of(session, number, organisation_id()))
    if joined:
        return redirect(url_for("support.thread", number=joined))
    return _shown(number, WriteForm(formdata=None))


@pages.post("/support/<number>/messages")
@open_to(Role.CUSTOMER)
@takes_attachments
def write(number: str) -> Response | tuple[str, int]:
    """This will add a message; on a closed request it reopens it."""
    form = WriteForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        files = sent_files()
        with transaction() as session:
            ticket = ticket_of(session, number, organisation_id(), for_update=True)
            write_on_ticket(
                session,
                ticket,
                body=form.body.data or "",
                sender=Sender(person()),
                channel=CHANNELS[ticket.desk],
                files=files,
                store=store(),
                now=now(),
            )
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    flash("Your message has been sent.")
    return _back(number)


@pages.post("/support/<number>/order")
@open_to(Role.CUSTOMER)
def name_order(number: str) -> Response | tuple[str, int]:
    """This will say which migration the request is about (RULES C-028)."""
    chosen = OrderForm().order.data
    if not chosen:
        form = WriteForm(formdata=None)
        return _shown(number, form, order_error="Choose the migration that it is about"), 422
    with transaction() as session:
        ticket = ticket_of(session, number, organisation_id(), for_update=True)
        order = order_of(session, chosen, organisation_id())
        name_migration(session, ticket, order, sender=Sender(person()), now=now())
    flash(f"Thank you. We now know that it is about {order.number}.")
    return _back(number)


@pages.post("/support/<number>/close")
@open_to(Role.CUSTOMER)
def close(number: str) -> Response | tuple[str, int]:
    """This will close the request: no answer is needed any more."""
    try:
        with transaction() as session:
            ticket = ticket_of(session, number, organisation_id(), for_update=True)
            need_no_answer(session, ticket, sender=Sender(person()), now=now())
    except DomainError as refusal:
        return _shown(number, WriteForm(formdata=None), refusal=refusal), status_of(refusal)
    flash("Your request is closed. Write to us below if something is left.")
    return _back(number)


def _back(number: str) -> Response:
    return redirect(url_for("support.thread", number=number), 303)


def _shown(number: str, form: WriteForm, *, refusal: DomainError | None = None, order_error: str = "") -> str:
    with reading() as session:
        ticket = ticket_of(session, number, organisation_id())
        zone = person().zone
        page = ticket_page(session, ticket, now=now(), zone=zone or desk_zone(), viewer_zone=zone)
        orders = orders_of(session, organisation_id(), limit=ORDERS_OFFERED) if page.needs_order else ()
    order_form = OrderForm(formdata=None)
    order_form.order.choices = [SelectChoice("", "Choose a migration")] + [
        SelectChoice(order.number, f"{order.number} – {order.terms.product_name}") for order in orders[:ORDERS_OFFERED]
    ]
    if order_error:
        order_form.order.errors = [order_error]
    return render_template(
        "support/ticket.html",
        page=page,
        form=form,
        order_form=order_form,
        refusal=refusal or order_error or None,
        files_hint=files_hint(),
    )
