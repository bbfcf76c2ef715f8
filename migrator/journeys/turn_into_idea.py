"""A ticket that is an idea goes on the public list, and its customer is told where (RULES C-007)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.ideas.models import Idea
from migrator.ideas.operations import suggest_idea
from migrator.journeys.answer_ticket import answer_ticket
from migrator.support.models import Ticket


def turn_into_idea(
    session: Session, ticket: Ticket, *, title: str, body: str, base_url: str, author: Person, now: datetime
) -> Idea:
    """This will put on the list what the desk has worded, with the vote of the ticket's customer, and answer them.

    The ticket stays open to what else is in it.

    :param ticket: held, with its people
    :param title: with `body` what everybody reads; nothing of the ticket is copied by itself
    :raises AlreadyAnIdea: when the ticket is on the list already
    :raises AlreadySuggested: when the customer's idea of that name is on the list
    :raises NotNow: when the ticket is closed
    """
    idea = suggest_idea(
        session,
        title=title,
        body=body,
        suggested_by_id=ticket.opened_by_id,
        actor=author.actor,
        now=now,
        ticket_number=ticket.number,
    )
    words = (
        f"Thank you. Your idea “{title}” is on our public list, where others can vote for it: "
        f"{base_url}/ideas/{idea.id}\n\nAn idea has no date and no guarantee. We write to you when we have decided."
    )
    answer_ticket(session, ticket, body=words, author=author, now=now)
    return idea
