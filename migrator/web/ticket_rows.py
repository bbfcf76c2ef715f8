"""Requests as lists show them: a customer's own, and those about an order or a hosting instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from migrator.clock.wording import end_text, moment_text
from migrator.policy.loading import calendar_plans
from migrator.support.categories import CATEGORY_WORDS
from migrator.support.lifecycle import STAFF_WORDS, WORDS, TicketState
from migrator.support.models import Ticket
from migrator.support.queries import tickets_of_instance, tickets_of_order
from migrator.web.desk_time import desk_zone, reader_zone

TONES = {
    TicketState.NEEDS_IDENTIFICATION: "attention",
    TicketState.OPEN: "info",
    TicketState.WAITING_FOR_CUSTOMER: "attention",
    TicketState.ANSWERED: "done",
    TicketState.CLOSED: "done",
    TicketState.MERGED: "done",
}
SHOWN = 5


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One request as a list shows it; `next` is what happens next, and by when."""

    number: str
    url: str
    subject: str
    about: str
    state: str
    tone: str
    next: str
    sent: str


@dataclass(frozen=True, slots=True)
class RequestsAbout:
    """The newest requests about something, and whether there are more."""

    rows: tuple[TicketRow, ...]
    has_more: bool


def ticket_row(ticket: Ticket, *, for_staff: bool = False) -> TicketRow:
    """This will return a request as its reader sees it in a list."""
    return TicketRow(
        number=ticket.number,
        url=url_for("tickets.bench" if for_staff else "support.thread", number=ticket.number),
        subject=ticket.subject,
        about=CATEGORY_WORDS[ticket.category],
        state=(STAFF_WORDS if for_staff else WORDS)[ticket.state],
        tone=TONES[ticket.state],
        next=_next(ticket),
        sent=moment_text(ticket.opened_at, reader_zone()),
    )


def about_order(session: Session, order_id: int, *, for_staff: bool = False) -> RequestsAbout:
    """This will return the newest requests about an order that its reader may see, in one query."""
    return _newest(tickets_of_order(session, order_id, limit=SHOWN + 1), for_staff=for_staff)


def about_instance(session: Session, instance_id: int, *, for_staff: bool = False) -> RequestsAbout:
    """This will return the newest requests about a hosting instance that its reader may see, in one query."""
    return _newest(tickets_of_instance(session, instance_id, limit=SHOWN + 1), for_staff=for_staff)


def _newest(found: Sequence[Ticket], *, for_staff: bool) -> RequestsAbout:
    rows = tuple(ticket_row(ticket, for_staff=for_staff) for ticket in found[:SHOWN])
    return RequestsAbout(rows, has_more=len(found) > SHOWN)


def _next(ticket: Ticket) -> str:
    if ticket.closes_at is not None:
        return f"Closes {end_text(ticket.closes_at, desk_zone())} unless we hear from you"
    if ticket.promise_at is None:
        return ""
    zone = next(plan.zone for plan in calendar_plans() if plan.key == ticket.calendar_key)
    return f"Answer by {end_text(ticket.promise_at, zone)}"
