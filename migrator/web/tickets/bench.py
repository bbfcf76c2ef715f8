"""The workbench of one ticket: the thread on the left, the clock with its rule and what can be done on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from migrator.accounts.queries import manager_names
from migrator.calendars.queries import calendars
from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, StaleEdit
from migrator.history.actor import Role
from migrator.hosting.models import HostingInstance
from migrator.ideas.queries import idea_of_ticket
from migrator.support.categories import CHANNEL_WORDS, TEAM_WORDS, needs_verdict
from migrator.support.desk import left_text
from migrator.support.lifecycle import STAFF_WORDS, TicketEvent, TicketState, allows
from migrator.support.models import Ticket
from migrator.support.operations import missing_of, policy_of
from migrator.support.queries import attachment_of, notes_of, ticket_for_staff
from migrator.support.request_rules import MISSING_STAFF_WORDS, Missing, why_not_close
from migrator.web.audience import open_to
from migrator.web.desk.forms import CHANGED
from migrator.web.desk_time import desk_zone
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.web.support.files import handed_out
from migrator.web.support.forms import files_hint
from migrator.web.support.page import TicketPage, ticket_page
from migrator.web.tickets import pages
from migrator.web.tickets.forms import (
    AddressForm,
    AssigneeForm,
    CategoryForm,
    ClarifyForm,
    NoteForm,
    NumberForm,
    ReasonForm,
    ReplyForm,
    VerdictForm,
    VersionedForm,
)

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
FORMS: dict[str, type[FlaskForm]] = {
    "reply": ReplyForm,
    "note": NoteForm,
    "clarify": ClarifyForm,
    "assignee": AssigneeForm,
    "category": CategoryForm,
    "verdict": VerdictForm,
    "suspend": ReasonForm,
    "order": NumberForm,
    "identify": AddressForm,
    "close": VersionedForm,
}
NO_MORE_QUESTIONS = "We have asked three times. It closes by itself unless the customer writes."
NOTHING_MISSING = "Nothing is missing. Mark the description as unclear to ask for a clearer one."


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of our people."""

    author: str
    body: str
    at: datetime
    at_text: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What only our people see of a ticket.

    :ivar missing: each item that a request must contain, whether it is there, and the tone of that
    :ivar why_not_ask: why no question can be sent now; empty when it can
    :ivar why_not_close: why it cannot be closed now; empty when it can
    :ivar shop: name and address of the hosting instance that it is about; none where it is about none
    :ivar idea_url: of the idea that was made from it; empty where none was
    """

    state: str
    team: str
    rule: str
    time_left: str
    customer: str
    person: str
    email: str
    is_known: bool
    channel: str
    missing: tuple[tuple[str, str, str], ...]
    why_not_ask: str
    asked: int
    is_unclear: bool
    can_reply: bool
    needs_verdict: bool
    why_not_close: str
    is_mine: bool
    is_ended: bool
    is_suspended: bool
    assignee: str
    notes: tuple[NoteView, ...]
    order_url: str
    shop: tuple[str, str] | None
    idea_url: str


@pages.get("/desk/tickets/<number>")
@open_to(*DESK)
def bench(number: str) -> str:
    """This will show the workbench."""
    return shown(number)


@pages.get("/desk/tickets/<number>/files/<int:attachment_id>")
@open_to(*DESK)
def file(number: str, attachment_id: int) -> Response:
    """This will hand out a file of a ticket."""
    with reading() as session:
        kept = attachment_of(session, ticket_for_staff(session, number).id, attachment_id)
    return handed_out(kept)


def done(
    number: str, name: str, form: FlaskForm, deed: Callable[[Session, Ticket], str]
) -> str | Answer | tuple[str, int]:
    """This will do a deed on a ticket in one transaction, and go back to it with the sentence that the deed returns.

    :param name: of the form, which comes back as it was typed where something is wrong
    """
    if not form.validate_on_submit():
        return shown(number, **{name: form}), 422
    try:
        with transaction() as session:
            ticket = ticket_for_staff(session, number, for_update=True)
            _refuse_stale(form, ticket)
            sentence = deed(session, ticket)
    except DomainError as refusal:
        return shown(number, refusal=refusal, **{name: form}), status_of(refusal)
    flash(sentence)
    return redirect(url_for("tickets.bench", number=number), 303)


def shown(number: str, *, refusal: DomainError | None = None, **typed: FlaskForm) -> str:
    """This will show the workbench, with the form that was typed into as it was."""
    with reading() as session:
        ticket = ticket_for_staff(session, number)
        page = ticket_page(session, ticket, now=now(), zone=desk_zone(), files_at="tickets.file")
        found = _bench(session, ticket)
        managers = manager_names(session)
    forms: dict[str, Any] = {name: typed.get(name) or make(formdata=None) for name, make in FORMS.items()}
    _begin(forms, ticket, page, managers, typed)
    wrong = next((form for form in typed.values() if form.errors), None)
    return render_template(
        "tickets/bench.html",
        page=page,
        bench=found,
        forms=forms,
        form=wrong,
        refusal=refusal,
        files_hint=files_hint(),
    )


def _begin(
    forms: dict[str, Any],
    ticket: Ticket,
    page: TicketPage,
    managers: tuple[tuple[int, str], ...],
    typed: dict[str, Any],
) -> None:
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.id}"
        if "version" in form:
            form.version.data = str(page.version)
    choices = (SelectChoice(str(key), label) for key, label in managers)
    forms["assignee"].assignee.choices = [SelectChoice("", "Nobody"), *choices]
    if "assignee" not in typed:
        forms["assignee"].assignee.data = str(ticket.assignee_id or "")
    if "category" not in typed:
        forms["category"].category.data = ticket.category.value
    for name in ("assignee", "category"):
        forms[name][name].flags.required = True
    missing = missing_of(ticket)
    forms["clarify"].item.choices = [SelectChoice(item.value, MISSING_STAFF_WORDS[item]) for item in missing]
    if len(missing) == 1 and "clarify" not in typed:
        forms["clarify"].item.data = missing[0].value


def _bench(session: Session, ticket: Ticket) -> Bench:
    missing, ended = missing_of(ticket), ticket.state in {TicketState.CLOSED, TicketState.MERGED}
    asked, idea = ticket.clarifications, idea_of_ticket(session, ticket.number)
    return Bench(
        state=STAFF_WORDS[ticket.state],
        team=TEAM_WORDS[ticket.team],
        rule=ticket.rule,
        time_left=_time_left(session, ticket),
        customer=ticket.organisation.name if ticket.organisation else "Unknown sender",
        person=ticket.opened_by.display_name if ticket.opened_by else ticket.contact_name,
        email=ticket.opened_by.email if ticket.opened_by else ticket.contact_address,
        is_known=ticket.organisation_id is not None,
        channel=CHANNEL_WORDS[ticket.channel],
        missing=tuple((MISSING_STAFF_WORDS[item], *_standing(item, ticket, missing)) for item in Missing),
        why_not_ask=_why_not_ask(ticket, missing),
        asked=asked,
        is_unclear=ticket.is_unclear,
        can_reply=allows(ticket.state, TicketEvent.REPLY),
        needs_verdict=needs_verdict(ticket.desk, ticket.category),
        why_not_close=why_not_close(
            state=ticket.state,
            desk=ticket.desk,
            category=ticket.category,
            verdict=ticket.verdict,
            is_answer_owed=ticket.asked_at is not None,
        ),
        is_mine=ticket.assignee_id == person().id,
        is_ended=ended,
        is_suspended=ticket.guarantee_suspended_at is not None,
        assignee=ticket.assignee.display_name if ticket.assignee else "Nobody",
        notes=tuple(
            NoteView(note.author.display_name, note.body, note.written_at, moment_text(note.written_at, desk_zone()))
            for note in notes_of(session, ticket.id)
        ),
        order_url=url_for("desk.workbench", number=ticket.order.number) if ticket.order else "",
        shop=_shop(ticket.hosting_instance) if ticket.hosting_instance else None,
        idea_url=url_for("ideas.staff_idea", idea_id=idea.id) if idea else "",
    )


def _shop(instance: HostingInstance) -> tuple[str, str]:
    return instance.name, url_for("hosting.desk_instance", instance_id=instance.id)


def _standing(item: Missing, ticket: Ticket, missing: tuple[Missing, ...]) -> tuple[str, str]:
    if item in missing:
        return "missing", "attention"
    if item is Missing.MIGRATION_ID and ticket.order_id is None:
        return "not needed", "neutral"
    return "there", "done"


def _why_not_ask(ticket: Ticket, missing: tuple[Missing, ...]) -> str:
    if not missing:
        return NOTHING_MISSING
    return NO_MORE_QUESTIONS if ticket.clarifications >= policy_of(ticket).clarifications else ""


def _time_left(session: Session, ticket: Ticket) -> str:
    if ticket.promise_at is None or ticket.calendar_key is None:
        return ""
    return left_text(ticket.promise_at, calendars(session)[ticket.calendar_key], now=now())


def _refuse_stale(form: FlaskForm, ticket: Ticket) -> None:
    if "version" in form and form.version.data != str(ticket.version):
        raise StaleEdit(CHANGED)
