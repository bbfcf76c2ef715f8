"""Joining a request with another that is the same, and parting them again (RULES M-021)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.journeys.join_tickets import join_tickets, part_tickets
from migrator.support.lifecycle import STAFF_WORDS, TicketState
from migrator.support.merging.queries import merges_into, open_requests
from migrator.support.merging.rules import Likeness, alike
from migrator.support.models import Ticket
from migrator.support.queries import messages_of, ticket_for_staff
from migrator.web.audience import open_to
from migrator.web.desk_time import desk_zone
from migrator.web.fields import line_field
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK


class MergeForm(FlaskForm):  # type: ignore[misc]
    """The other request, whose number stays."""

    into = line_field("Number of the request that stays", empty="Enter the number of the other request")


@dataclass(frozen=True, slots=True)
class MergePage:
    """What joining needs to be seen first.

    :ivar joined: number and last moment for parting of each request that was put into this one
    """

    number: str
    subject: str
    state: str
    can_be_joined: bool
    alike: tuple[Likeness, ...]
    joined: tuple[tuple[str, str], ...]


@pages.get("/desk/tickets/<number>/merge")
@open_to(*DESK)
def merge(number: str) -> str:
    """This will show which requests look the same, and ask for the one that stays."""
    return _shown(number, MergeForm(formdata=None))


@pages.post("/desk/tickets/<number>/merge")
@open_to(*DESK)
def join(number: str) -> Response | tuple[str, int]:
    """This will put the request into the other one."""
    form = MergeForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            kept = join_tickets(session, number, form.into.data or "", author=person(), now=now())
            words = f"{number} is part of {kept.number} now. You can part them for 30 days."
            url = url_for("tickets.merge", number=kept.number)
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    flash(words)
    return redirect(url, 303)


@pages.post("/desk/tickets/<number>/part/<other>")
@open_to(*DESK)
def part(number: str, other: str) -> Response | tuple[str, int]:
    """This will take another request out of this one again."""
    try:
        with transaction() as session:
            part_tickets(session, other, number, author=person(), now=now())
    except DomainError as refusal:
        return _shown(number, MergeForm(formdata=None), refusal=refusal), status_of(refusal)
    flash(f"{other} stands by itself again, as it was.")
    return redirect(url_for("tickets.merge", number=number), 303)


def _shown(number: str, form: MergeForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        ticket = ticket_for_staff(session, number)
        page = MergePage(
            number=ticket.number,
            subject=ticket.subject,
            state=STAFF_WORDS[ticket.state],
            can_be_joined=ticket.state not in {TicketState.CLOSED, TicketState.MERGED},
            alike=_alike(session, ticket),
            joined=tuple(
                (other, moment_text(row.undo_until_at, desk_zone())) for row, other in merges_into(session, ticket.id)
            ),
        )
    return render_template("tickets/merge.html", page=page, form=form, refusal=refusal)


def _alike(session: Session, ticket: Ticket) -> tuple[Likeness, ...]:
    if ticket.organisation_id is None:
        return ()
    text = " ".join((ticket.subject, *(message.body for message in messages_of(session, ticket.id)[:1])))
    order = ticket.order.number if ticket.order else ""
    others = open_requests(session, ticket.organisation_id, ticket.desk, but_id=ticket.id)
    return alike(text, order, others, now=now(), zone=desk_zone())
