"""What both sides see of a ticket: the thread, the promise with its count, what is missing. No notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendars
from migrator.clock.wording import end_text, moment_text
from migrator.policy.documents import Desk
from migrator.policy.support import Firmness
from migrator.support.attachment_rules import size_text
from migrator.support.categories import CATEGORY_WORDS, CHANNEL_WORDS, DESK_WORDS
from migrator.support.lifecycle import WORDS, CloseCause, TicketEvent, TicketState, allows
from migrator.support.models import Side, Ticket, TicketAttachment, TicketMessage
from migrator.support.operations import closing_calendar, missing_of, policy_of
from migrator.support.queries import attachments_of, messages_of
from migrator.support.request_rules import MISSING_WORDS, VERDICT_WORDS, Missing
from migrator.support.views import AnswerView, answer_view, clarification_text, closing_text
from migrator.web.count import CountView, count_view
from migrator.web.rule_links import rule_url
from migrator.web.ticket_rows import TONES

GUARANTEED_LANGUAGE = "en"
FIRMNESS_WORDS = {
    Firmness.GUARANTEED: "Guaranteed",
    Firmness.TARGET: "Target, not guaranteed",
    Firmness.AIM: "Aim, not guaranteed",
    Firmness.NONE: "No date promised",
}
CAUSE_WORDS = {
    CloseCause.STAFF: "We closed it.",
    CloseCause.CUSTOMER: "You told us that you need no answer any more.",
    CloseCause.SILENCE: "We asked three times and did not hear from you.",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a message."""

    name: str
    size: str
    url: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message of the thread; `question` says which of our three questions it is, empty otherwise."""

    author: str
    is_ours: bool
    paragraphs: tuple[str, ...]
    at: datetime
    at_text: str
    question: str
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class TicketPage:
    """All that a customer sees of a ticket; our people see the same thread.

    :ivar rule_url: of the promise on the policy page; empty where the policy promises nothing
    :ivar closing: when it closes by itself; empty unless our last question was asked
    :ivar finding: what was changed or is recommended after an investigation, with its heading
    """

    number: str
    subject: str
    state: TicketState
    state_words: str
    tone: str
    answer: AnswerView
    firmness: str
    rule_url: str
    count: CountView | None
    clarification: str
    closing: str
    missing: tuple[str, ...]
    needs_order: bool
    messages: tuple[MessageView, ...]
    facts: tuple[tuple[str, str, None], ...]
    details: tuple[tuple[str, str], ...]
    language_note: str
    suspended: str
    finding: tuple[str, str] | None
    is_closed: bool
    closed_text: str
    reopen_text: str
    can_write: bool
    can_close: bool
    joined_with: str
    version: int


def ticket_page(
    session: Session, ticket: Ticket, *, now: datetime, zone: str, viewer_zone: str = "", files_at: str = "support.file"
) -> TicketPage:
    """This will gather the page of a ticket in a fixed number of queries.

    :param zone: in which the thread's times are shown
    :param files_at: the endpoint that serves its files
    """
    messages, kept = messages_of(session, ticket.id), attachments_of(session, ticket.id)
    known = calendars(session)
    counting = known[ticket.calendar_key] if ticket.calendar_key else None
    answer = answer_view(ticket, counting, now=now, viewer_zone=viewer_zone)
    desk_zone = known[closing_calendar(ticket)].zone
    missing = missing_of(ticket)
    joined = session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
    return TicketPage(
        number=ticket.number,
        subject=ticket.subject,
        state=ticket.state,
        state_words=WORDS[ticket.state],
        tone=TONES[ticket.state],
        answer=answer,
        firmness=FIRMNESS_WORDS[ticket.firmness],
        rule_url=rule_url(Desk(ticket.desk.value), ticket.rule, version=ticket.policy_version),
        count=count_view(answer.derivation) if answer.derivation else None,
        clarification=clarification_text(ticket),
        closing=closing_text(ticket, desk_zone),
        missing=tuple(MISSING_WORDS[item] for item in missing),
        needs_order=Missing.MIGRATION_ID in missing,
        messages=_messages(ticket, messages, kept, zone=zone, files_at=files_at),
        facts=_facts(ticket, zone),
        details=_details(ticket),
        language_note=_language_note(ticket),
        suspended=ticket.guarantee_suspended_reason,
        finding=_finding(ticket),
        is_closed=ticket.state is TicketState.CLOSED,
        closed_text=CAUSE_WORDS[ticket.close_cause] if ticket.close_cause else "",
        reopen_text=end_text(ticket.reopen_until_at, desk_zone) if ticket.reopen_until_at else "",
        can_write=_can_write(ticket, now),
        can_close=allows(ticket.state, TicketEvent.CLOSE),
        joined_with=joined.number if joined else "",
        version=ticket.version,
    )


def _can_write(ticket: Ticket, now: datetime) -> bool:
    if ticket.state is TicketState.CLOSED:
        return ticket.reopen_until_at is not None and now < ticket.reopen_until_at
    return allows(ticket.state, TicketEvent.WRITE)


def _messages(
    ticket: Ticket, messages: Sequence[TicketMessage], kept: Sequence[TicketAttachment], *, zone: str, files_at: str
) -> tuple[MessageView, ...]:
    files: dict[int, list[FileView]] = defaultdict(list)
    for file in kept:
        url = url_for(files_at, number=ticket.number, attachment_id=file.id)
        files[file.message_id].append(FileView(file.file_name, size_text(file.size), url))
    return tuple(_message(message, tuple(files[message.id]), zone=zone) for message in messages)


def _message(message: TicketMessage, files: tuple[FileView, ...], *, zone: str) -> MessageView:
    question = ""
    if message.item is not None:
        question = f"Clarification {message.clarification} of 3: {MISSING_WORDS[message.item]}"
    return MessageView(
        author=message.author_name,
        is_ours=message.side is Side.STAFF,
        paragraphs=tuple(part for part in message.body.split("\n\n") if part.strip()),
        at=message.sent_at,
        at_text=moment_text(message.sent_at, zone),
        question=question,
        files=files,
    )


def _facts(ticket: Ticket, zone: str) -> tuple[tuple[str, str, None], ...]:
    rows = {
        "About": CATEGORY_WORDS[ticket.category],
        "Migration": ticket.order.number if ticket.order else "",
        "Shop": ticket.hosting_instance.name if ticket.hosting_instance else "",
        "Desk": DESK_WORDS[ticket.desk],
        "Sent": f"{moment_text(ticket.opened_at, zone)}, by {CHANNEL_WORDS[ticket.channel]}",
    }
    return tuple((key, value, None) for key, value in rows.items() if value)


def _details(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    rows = {
        "Exact error text": ticket.error_text,
        "Address of the page": ticket.page_address,
        "What you expected": ticket.expected,
    }
    return tuple((key, value) for key, value in rows.items() if value)


def _language_note(ticket: Ticket) -> str:
    if ticket.language == GUARANTEED_LANGUAGE:
        return ""
    name = next((known.name for known in policy_of(ticket).languages if known.key == ticket.language), ticket.language)
    return f"Written in: {name}. English is guaranteed; with other languages we do our best."


def _finding(ticket: Ticket) -> tuple[str, str] | None:
    if ticket.verdict is None:
        return None
    heading = VERDICT_WORDS[ticket.verdict]
    if ticket.change_note:
        return heading, f"What we changed: {ticket.change_note}"
    return heading, f"What we recommend: {ticket.recommendation}" if ticket.recommendation else ""
