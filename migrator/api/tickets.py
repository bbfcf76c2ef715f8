"""A customer's requests: where each stands, its thread, and by when we answer with the count behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from migrator.api import problems
from migrator.api.orders import days_of, open_to_customers, signed_in, their_organisation_id
from migrator.api.ticket_schemas import TicketDetailSchema, TicketPageSchema, TicketsSchema
from migrator.clock.explanation import sentences
from migrator.database.session import reading
from migrator.support.letters import answer_view_of
from migrator.support.lifecycle import WORDS
from migrator.support.models import Ticket, TicketMessage
from migrator.support.queries import messages_of, ticket_of, tickets_of
from migrator.support.views import AnswerView, clarification_text
from migrator.wiring import wiring

tickets = Blueprint("api-tickets", __name__, url_prefix="/api/v1/tickets", description="Your requests and our answers")
problems.register(tickets)


@tickets.get("")  # type: ignore[untyped-decorator]
@tickets.arguments(TicketPageSchema, location="query")  # type: ignore[untyped-decorator]
@tickets.response(200, TicketsSchema)  # type: ignore[untyped-decorator]
@open_to_customers
def list_tickets(page: dict[str, Any]) -> dict[str, Any]:
    """Your requests, the newest first."""
    limit = page["limit"]
    with reading() as session:
        before_id = _id_of(session, page["after"]) if page["after"] else None
        found = tickets_of(session, their_organisation_id(), before_id=before_id, limit=limit)
    shown = [_summary(ticket) for ticket in found[:limit]]
    last = shown[-1]["number"] if len(found) > limit else None
    following = url_for("api-tickets.list_tickets", after=last, limit=limit) if last else None
    return {"tickets": shown, "next": following}


@tickets.get("/<number>")  # type: ignore[untyped-decorator]
@tickets.response(200, TicketDetailSchema)  # type: ignore[untyped-decorator]
@open_to_customers
def show_ticket(number: str) -> dict[str, Any]:
    """One request with its thread, and by when we answer."""
    with reading() as session:
        ticket = ticket_of(session, number, their_organisation_id())
        return _detail(session, ticket, now=wiring().clock.now())


def _id_of(session: Session, number: str) -> int:
    return ticket_of(session, number, their_organisation_id()).id


def _summary(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "desk": ticket.desk.value,
        "category": ticket.category.value,
        "state": ticket.state.value,
        "state_words": WORDS[ticket.state],
        "opened_at": ticket.opened_at,
        "answer_by_at": ticket.promise_at,
        "closes_at": ticket.closes_at,
        "url": url_for("api-tickets.show_ticket", number=ticket.number),
    }


def _detail(session: Session, ticket: Ticket, *, now: datetime) -> dict[str, Any]:
    answer = answer_view_of(session, ticket, now=now, viewer_zone=signed_in().zone)
    return {
        **_summary(ticket),
        "order": ticket.order.number if ticket.order else None,
        "firmness": ticket.firmness.value,
        "first_answered_at": ticket.first_response_at,
        "reopen_until_at": ticket.reopen_until_at,
        "clarification": clarification_text(ticket),
        "answer": _answer(answer),
        "messages": [_message(message) for message in messages_of(session, ticket.id)],
    }


def _answer(view: AnswerView) -> dict[str, Any]:
    return {
        "line": str(view.line) if view.line else None,
        "sentence": view.sentence,
        "due_at": view.due_at,
        "is_late": view.is_late,
        "explanation": sentences(view.derivation) if view.derivation else [],
        "days": days_of(view.derivation) if view.derivation else [],
    }


def _message(message: TicketMessage) -> dict[str, Any]:
    return {
        "side": message.side.value,
        "author": message.author_name,
        "body": message.body,
        "clarification": message.clarification,
        "sent_at": message.sent_at,
    }
