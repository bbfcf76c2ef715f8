"""Putting a ticket on the list of ideas: our people word it, because everybody reads it (RULES C-007)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.ideas.models import TITLE_LENGTH
from migrator.ideas.queries import idea_of_ticket
from migrator.journeys.turn_into_idea import turn_into_idea
from migrator.support.queries import messages_of, ticket_for_staff
from migrator.web.audience import open_to
from migrator.web.fields import TEXT_LENGTH
from migrator.web.ideas import pages
from migrator.web.ideas.suggesting import IdeaForm
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.wiring import wiring

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)


@pages.get("/desk/tickets/<number>/idea")
@open_to(*DESK)
def from_ticket(number: str) -> str | Response:
    """This will show the ticket's words in the form of an idea; one that is an idea already leads there."""
    with reading() as session:
        ticket = ticket_for_staff(session, number)
        idea = idea_of_ticket(session, ticket.number)
        first = messages_of(session, ticket.id)[:1]
    if idea is not None:
        return redirect(url_for("ideas.staff_idea", idea_id=idea.id))
    body = first[0].body[:TEXT_LENGTH] if first else ""
    return _shown(number, IdeaForm(formdata=None, title=ticket.subject[:TITLE_LENGTH], body=body))


@pages.post("/desk/tickets/<number>/idea")
@open_to(*DESK)
def put_on_the_list(number: str) -> Response | tuple[str, int]:
    """This will put the idea on the list and answer the ticket."""
    form = IdeaForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            idea = turn_into_idea(
                session,
                ticket_for_staff(session, number, for_update=True),
                title=form.title.data or "",
                body=form.body.data or "",
                base_url=wiring().settings.base_url,
                author=person(),
                now=now(),
            )
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    flash("It is on the public list, and the customer is told where.")
    return redirect(url_for("ideas.staff_idea", idea_id=idea.id), 303)


def _shown(number: str, form: IdeaForm, *, refusal: DomainError | None = None) -> str:
    return render_template("ideas/from_ticket.html", number=number, form=form, refusal=refusal)
