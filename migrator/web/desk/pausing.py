"""Pausing in two steps – for what, then the message and what it does to the date – and what follows a pause."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.access.models import AccessItem
from migrator.access.queries import item_of, items_of
from migrator.access.rules import PROBLEM_SENTENCES
from migrator.calendars.queries import calendar_of
from migrator.clock.instants import to_the_minute
from migrator.clock.wording import end_text
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.preview import date_if_answered_tomorrow
from migrator.fulfilment.queries import facts_of, open_pauses, pause_of, pauses_of
from migrator.journeys.answer_pause import record_answer
from migrator.journeys.correct_facts import correct_pause
from migrator.journeys.pause_delivery import pause_delivery, pause_for_information
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import AnswerForm, PauseForm, PauseTimesForm, QuestionForm, VersionedForm, refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.fields import as_instant, as_shown
from migrator.web.request import actor, now, person


@dataclass(frozen=True, slots=True)
class ComposePage:
    """What is shown beside the message: the item, sentences to begin with, and what the pause does to the date."""

    number: str
    label: str
    item_id: int | None
    version: int
    sentences: tuple[str, ...]
    date_text: str
    moved_text: str


@pages.get("/desk/orders/<number>/pause")
@open_to(*DESK)
def pause(number: str) -> str:
    """This will ask what is missing."""
    with reading() as session:
        order = order_for_staff(session, number)
        waiting = {row.item_id for row in open_pauses(pauses_of(session, order.id))}
        choices = [(item.id, item.label) for item in items_of(session, order.id) if item.id not in waiting]
    return render_template("desk/pause.html", number=number, choices=choices)


@pages.get("/desk/orders/<number>/pause/question")
@open_to(*DESK)
def ask(number: str) -> str:
    """This will show the message for something that no access item covers."""
    return _composed(number, None, QuestionForm(formdata=None))


@pages.post("/desk/orders/<number>/pause/question")
@open_to(*DESK)
def send_question(number: str) -> Answer:
    """This will send the question and pause with it."""
    form = QuestionForm()

    def send(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        label, message = form.label.data or "", form.message.data or ""
        pause_for_information(session, order, label=label, message=message, author=person(), now=now())
        return f"Paused. The customer has been asked for: {label}."

    return answered(form, send, number=number, shown=lambda refusal: _composed(number, None, form, refusal=refusal))


@pages.get("/desk/orders/<number>/pause/<int:item_id>")
@open_to(*DESK)
def compose(number: str, item_id: int) -> str:
    """This will show the message for an access item, begun with the sentence that was chosen."""
    return _composed(number, item_id, PauseForm(formdata=None))


@pages.post("/desk/orders/<number>/pause/<int:item_id>")
@open_to(*DESK)
def send_and_pause(number: str, item_id: int) -> Answer:
    """This will send the message and pause with it (RULES C-063)."""
    form = PauseForm()

    def send(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        item = item_of(session, order.id, item_id)
        reason = _reason(item)
        message = form.message.data or ""
        pause_delivery(session, order, item, reason=reason, message=message, author=person(), now=now())
        return f"Paused. The customer has been asked for: {item.label}."

    return answered(form, send, number=number, shown=lambda refusal: _composed(number, item_id, form, refusal=refusal))


@pages.get("/desk/orders/<number>/pauses/<int:pause_id>/answer")
@open_to(*DESK)
def pause_answer(number: str, pause_id: int) -> str:
    """This will ask how an answer came."""
    return _about_pause("desk/answer.html", number, pause_id, AnswerForm(formdata=None))


@pages.post("/desk/orders/<number>/pauses/<int:pause_id>/answer")
@open_to(*DESK)
def record_pause_answer(number: str, pause_id: int) -> Answer:
    """This will end a pause whose answer came another way."""
    form = AnswerForm()

    def end(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        row = pause_of(session, order.id, pause_id)
        refuse_stale(form, row.version)
        record_answer(session, order, row, reason=form.reason.data or "", actor=actor(), now=now())
        return f"Answered: {row.label}. Check it now: that is our time."

    page = "desk/answer.html"
    return answered(
        form, end, number=number, shown=lambda refusal: _about_pause(page, number, pause_id, form, refusal=refusal)
    )


@pages.get("/desk/orders/<number>/pauses/<int:pause_id>")
@open_to(*DESK)
def pause_times(number: str, pause_id: int) -> str:
    """This will show when a pause began and ended."""
    return _about_pause("desk/pause_times.html", number, pause_id, PauseTimesForm(formdata=None))


@pages.post("/desk/orders/<number>/pauses/<int:pause_id>")
@open_to(*DESK)
def correct_pause_times(number: str, pause_id: int) -> Answer:
    """This will correct when a pause began and ended (RULES D-10)."""
    form = PauseTimesForm()

    def correct(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        row = pause_of(session, order.id, pause_id)
        refuse_stale(form, row.version)
        zone = order.calendar_row.zone
        correct_pause(
            session,
            order,
            row,
            started_at=as_instant(form.started_at.data, zone, shown=row.started_at),
            ended_at=as_instant(form.ended_at.data, zone, shown=row.ended_at),
            reason=form.reason.data or "",
            actor=actor(),
            now=now(),
        )
        return "The pause has been corrected."

    page = "desk/pause_times.html"
    return answered(
        form, correct, number=number, shown=lambda refusal: _about_pause(page, number, pause_id, form, refusal=refusal)
    )


def _composed(
    number: str, item_id: int | None, form: PauseForm | QuestionForm, *, refusal: DomainError | None = None
) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        item = item_of(session, order.id, item_id) if item_id is not None else None
        page = _compose_page(session, order, item)
    if not form.is_submitted():
        form.version.data = str(page.version)
        form.message.data = _begun(page)
    return render_template("desk/compose.html", page=page, form=form, refusal=refusal)


def _compose_page(session: Session, order: Order, item: AccessItem | None) -> ComposePage:
    calendar = calendar_of(session, order.calendar_row)
    facts = facts_of(order, pauses_of(session, order.id))
    moved_at = date_if_answered_tomorrow(facts, calendar, now=to_the_minute(now()))
    return ComposePage(
        number=order.number,
        label=item.label if item else "",
        item_id=item.id if item else None,
        version=order.version,
        sentences=PROBLEM_SENTENCES[item.kind if item else ItemKind.INFORMATION],
        date_text=end_text(order.due_at, calendar.zone) if order.due_at else "",
        moved_text=end_text(moved_at, calendar.zone) if moved_at else "",
    )


def _begun(page: ComposePage) -> str:
    chosen = request.args.get("sentence", 0, type=int)
    return page.sentences[chosen] if 0 <= chosen < len(page.sentences) else page.sentences[0]


def _reason(item: AccessItem) -> PauseReason:
    return PauseReason.INFORMATION_MISSING if item.kind is ItemKind.INFORMATION else PauseReason.ACCESS_WRONG


def _about_pause(
    template: str, number: str, pause_id: int, form: VersionedForm, *, refusal: DomainError | None = None
) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        row = pause_of(session, order.id, pause_id)
        label = row.label
        if not form.is_submitted():
            _fill(form, row, order.calendar_row.zone)
    return render_template(template, number=number, label=label, pause_id=pause_id, form=form, refusal=refusal)


def _fill(form: FlaskForm, row: PauseRow, zone: str) -> None:
    form.version.data = str(row.version)
    if isinstance(form, PauseTimesForm):
        form.started_at.data = as_shown(row.started_at, zone)
        form.ended_at.data = as_shown(row.ended_at, zone) if row.ended_at else None
