"""Answering, asking for what is missing, notes, the verdict, closing: what our people say on a ticket."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.errors import DomainError
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item, find_cause, finish_ticket
from migrator.support.files import attach
from migrator.support.models import Ticket
from migrator.support.operations import keep_note, mark_clear, mark_unclear
from migrator.support.request_rules import Missing, Verdict
from migrator.web.attachments import sent_files, store, takes_attachments
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK, done, shown
from migrator.web.tickets.forms import ClarifyForm, NoteForm, ReplyForm, VerdictForm, VersionedForm

Answer = str | Response | tuple[str, int]


@pages.post("/desk/tickets/<number>/reply")
@open_to(*DESK)
@takes_attachments
def reply(number: str) -> Answer:
    """This will answer the customer, which meets the promise (RULES C-023)."""
    form = ReplyForm()
    try:
        files = sent_files()
    except DomainError as refusal:
        return shown(number, refusal=refusal, reply=form), status_of(refusal)

    def deed(session: Session, ticket: Ticket) -> str:
        message = answer_ticket(session, ticket, body=form.message.data or "", author=person(), now=now())
        attach(session, message, files, store=store(), now=now())
        return "Sent to the customer."

    return done(number, "reply", form, deed)


@pages.post("/desk/tickets/<number>/clarify")
@open_to(*DESK)
def clarify(number: str) -> Answer:
    """This will ask for a missing item, three times at most (RULES C-030)."""
    form = ClarifyForm()

    def deed(session: Session, ticket: Ticket) -> str:
        item = Missing(form.item.data)
        ask_for_item(session, ticket, item=item, body=form.question.data or "", author=person(), now=now())
        return f"Clarification {ticket.clarifications} of 3 was sent."

    return done(number, "clarify", form, deed)


@pages.post("/desk/tickets/<number>/note")
@open_to(*DESK)
def note(number: str) -> Answer:
    """This will keep a note for our people; no clock hears of it."""
    form = NoteForm()

    def deed(session: Session, ticket: Ticket) -> str:
        keep_note(session, ticket, body=form.note.data or "", author=person(), now=now())
        return "The note is kept, for staff only."

    return done(number, "note", form, deed)


@pages.post("/desk/tickets/<number>/unclear")
@open_to(*DESK)
def unclear(number: str) -> Answer:
    """This will mark the description as unclear (RULES C-029)."""

    def deed(session: Session, ticket: Ticket) -> str:
        mark_unclear(session, ticket, actor=actor(), now=now())
        return "Marked as unclear. You can ask for a clearer description now."

    return done(number, "close", VersionedForm(), deed)


@pages.post("/desk/tickets/<number>/clear")
@open_to(*DESK)
def clear(number: str) -> Answer:
    """This will mark the description as clear (RULES C-030)."""

    def deed(session: Session, ticket: Ticket) -> str:
        mark_clear(session, ticket, actor=actor(), now=now())
        return "Marked as clear."

    return done(number, "close", VersionedForm(), deed)


@pages.post("/desk/tickets/<number>/verdict")
@open_to(*DESK)
def verdict(number: str) -> Answer:
    """This will write down what an investigation found (RULES M-026 to M-028)."""
    form = VerdictForm()

    def deed(session: Session, ticket: Ticket) -> str:
        found = Verdict(form.verdict.data)
        find_cause(session, ticket, found, words=form.words.data or "", author=person(), now=now())
        return "The verdict is written down; the customer reads it."

    return done(number, "verdict", form, deed)


@pages.post("/desk/tickets/<number>/close")
@open_to(*DESK)
def close(number: str) -> Answer:
    """This will close the ticket."""

    def deed(session: Session, ticket: Ticket) -> str:
        finish_ticket(session, ticket, author=person(), now=now())
        return "Closed. The customer can reopen it for 14 days."

    return done(number, "close", VersionedForm(), deed)
