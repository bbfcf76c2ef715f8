"""A customer's requests, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for

from migrator.clock.wording import end_text
from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.policy.loading import calendar_plans
from migrator.support.categories import CATEGORY_WORDS
from migrator.support.lifecycle import WORDS
from migrator.support.models import Ticket
from migrator.support.queries import PAGE_LENGTH, tickets_of
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import desk_zone, reader_zone
from migrator.web.hosting.views import window_views
from migrator.web.request import now, organisation_id
from migrator.web.support import pages
from migrator.web.support.page import TONES, moment_text


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One request as the list shows it."""

    number: str
    url: str
    subject: str
    about: str
    state: str
    tone: str
    next: str
    sent: str


@pages.get("/support")
@open_to(Role.CUSTOMER)
def listing() -> str:
    """This will list the organisation's requests."""
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        found = tickets_of(session, organisation_id(), before_id=cursor[1] if cursor else None)
        windows = window_views(session, organisation_id(), zone=reader_zone(), now=now())
    shown = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return render_template(
        "support/list.html",
        tickets=[_row(ticket) for ticket in shown],
        next_url=url_for("support.listing", before=cursor_of(None, shown[-1].id)) if more else "",
        first_url=url_for("support.listing") if cursor else "",
        windows=windows,
    )


def _row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        number=ticket.number,
        url=url_for("support.thread", number=ticket.number),
        subject=ticket.subject,
        about=CATEGORY_WORDS[ticket.category],
        state=WORDS[ticket.state],
        tone=TONES[ticket.state],
        next=_next(ticket),
        sent=moment_text(ticket.opened_at, reader_zone()),
    )


def _next(ticket: Ticket) -> str:
    if ticket.closes_at is not None:
        return f"Closes {end_text(ticket.closes_at, desk_zone())} unless we hear from you"
    if ticket.promise_at is None:
        return ""
    zone = next(plan.zone for plan in calendar_plans() if plan.key == ticket.calendar_key)
    return f"Answer by {end_text(ticket.promise_at, zone)}"
