"""The workbench of one order: what the customer sees, and beside it what may be done now (UX, screen 7)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.access.queries import item_of
from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.actor import Role
from migrator.journeys.hand_over import hand_over
from migrator.journeys.send_message import send_message
from migrator.journeys.verify_access import verify_item
from migrator.orders.operations import write_note
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.bench import active_managers, bench_page
from migrator.web.desk.forms import CHANGED, AssignForm, MessageForm, NoteForm, refuse_stale
from migrator.web.orders.tracker import timeline_urls
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person
from migrator.web.ticket_rows import about_order

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)


@pages.get("/desk/orders/<number>")
@open_to(*DESK)
def workbench(number: str) -> str:
    """This will show one order to staff."""
    return _shown(number)


@pages.post("/desk/orders/<number>/messages")
@open_to(*DESK)
def write_message(number: str) -> Answer:
    """This will send a message that the customer reads."""
    form = MessageForm()

    def send(session: Session) -> str:
        order = order_for_staff(session, number)
        send_message(session, order, author=person(), body=form.message.data or "", now=now())
        return "The message has been sent to the customer."

    return answered(form, send, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.post("/desk/orders/<number>/notes")
@open_to(*DESK)
def keep_note(number: str) -> Answer:
    """This will keep a note that only staff read."""
    form = NoteForm()

    def keep(session: Session) -> str:
        order = order_for_staff(session, number)
        write_note(session, order, author=person(), body=form.note.data or "", now=now())
        return "The note has been kept. Only staff can read it."

    return answered(form, keep, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.post("/desk/orders/<number>/account-manager")
@open_to(*DESK)
def assign_manager(number: str) -> Answer:
    """This will give the order to an account manager."""
    with reading() as session:
        managers = active_managers(session)
    form = AssignForm()
    form.account_manager.choices = managers

    def give(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        manager = session.get_one(Person, int(form.account_manager.data))
        hand_over(session, order, account_manager=manager, actor=actor(), now=now())
        return f"{manager.display_name} looks after this order now."

    return answered(form, give, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.post("/desk/orders/<number>/items/<int:item_id>/verify")
@open_to(*DESK)
def verify(number: str, item_id: int) -> Response | tuple[str, int]:
    """This will confirm one access item; the last one that is needed starts the count."""
    try:
        with transaction() as session:
            order = order_for_staff(session, number, for_update=True)
            item = item_of(session, order.id, item_id)
            if request.form.get("version") != str(item.version):
                raise StaleEdit(CHANGED)
            verify_item(session, order, item, actor=actor(), now=now())
            sentence = f"Confirmed: {item.label}."
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("desk.workbench", number=number, _anchor="items"), 303)


def _shown(number: str, form: FlaskForm | None = None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        page = bench_page(session, order, person=person())
        tickets = about_order(session, order.id, for_staff=True)
    forms = {kind: form if isinstance(form, kind) else kind(formdata=None) for kind in (MessageForm, NoteForm)}
    assignment = AssignForm(formdata=None, version=page.order.version, account_manager=str(page.manager_id or ""))
    assignment.account_manager.choices = list(page.managers)
    return render_template(
        "desk/workbench.html",
        bench=page,
        page=page.order,
        tickets=tickets,
        form=form or forms[MessageForm],
        message_form=forms[MessageForm],
        note_form=forms[NoteForm],
        assign_form=form if isinstance(form, AssignForm) else assignment,
        refusal=refusal,
        turn_words={"you": "The customer’s turn", "us": "Our turn", "nobody": None}[page.order.turn.turn],
        timeline_urls=timeline_urls(page.order, "desk.workbench"),
    )
