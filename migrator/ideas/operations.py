"""Suggesting, voting and answering. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.ideas.models import Idea, IdeaState, IdeaVote
from migrator.ideas.queries import has_suggested, idea_of_ticket


class AlreadySuggested(DomainError):
    """The same person suggested the same thing before."""


class AlreadyAnIdea(DomainError):
    """A request is one idea, once."""


class ReasonMissing(DomainError):
    """A decline without its reason helps nobody."""


def suggest_idea(
    session: Session,
    *,
    title: str,
    body: str,
    suggested_by_id: int | None,
    actor: Actor,
    now: datetime,
    ticket_number: str = "",
) -> Idea:
    """This will put an idea on the public list, with its author's own vote (RULES C-007).

    :param ticket_number: of the ticket that it was made from; empty for one that came by the form
    :raises AlreadyAnIdea: when one was made from that ticket before
    :raises AlreadySuggested: when the same person has an idea of that name, as after a second press of the button
    """
    if ticket_number and (earlier := idea_of_ticket(session, ticket_number)) is not None:
        raise AlreadyAnIdea(f"This request is on the list of ideas already, as “{earlier.title}”.")
    if suggested_by_id is not None and has_suggested(session, title, person_id=suggested_by_id):
        raise AlreadySuggested("You have suggested this already. It is on the list.")
    idea = Idea(
        title=title,
        body=body,
        suggested_by_id=suggested_by_id,
        suggested_at=now,
        ticket_number=ticket_number or None,
    )
    session.add(idea)
    session.flush()
    _record(session, "idea.suggested", idea, actor=actor, now=now, facts={"ticket": ticket_number})
    if suggested_by_id is not None:
        vote(session, idea, person_id=suggested_by_id, now=now)
    return idea


def vote(session: Session, idea: Idea, *, person_id: int, now: datetime) -> bool:
    """This will count a person's vote, once however often it is given, and return whether it was new."""
    try:
        with session.begin_nested():
            session.add(IdeaVote(idea_id=idea.id, person_id=person_id, voted_at=now))
    except IntegrityError:
        return False
    _count(session, idea, 1)
    return True


def take_vote_back(session: Session, idea: Idea, *, person_id: int) -> bool:
    """This will take a person's vote back, and return whether there was one."""
    theirs = delete(IdeaVote).where(IdeaVote.idea_id == idea.id, IdeaVote.person_id == person_id)
    taken = session.scalar(theirs.returning(IdeaVote.idea_id)) is not None
    if taken:
        _count(session, idea, -1)
    return taken


def answer_idea(session: Session, idea: Idea, *, state: IdeaState, answer: str, actor: Actor, now: datetime) -> bool:
    """This will say what we make of an idea, and return whether that is anything new.

    :raises ReasonMissing: for a decline without a reason
    """
    if state is IdeaState.DECLINED and not answer.strip():
        raise ReasonMissing("Give the reason. Everybody reads it.")
    if (idea.state, idea.answer) == (state, answer.strip()):
        return False
    before = {"state": idea.state.value, "answer": idea.answer}
    idea.state, idea.answer = state, answer.strip()
    idea.decided_at = None if state is IdeaState.NEW else now
    session.flush()
    _record(session, "idea.answered", idea, actor=actor, now=now, facts={"state": state.value, "before": before})
    return True


def hide_idea(session: Session, idea: Idea, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will take an idea off the public list, as when it holds somebody's secrets; its words are kept.

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Give the reason. Our own people read it.")
    idea.hidden_at = idea.hidden_at or now
    session.flush()
    _record(session, "idea.hidden", idea, actor=actor, now=now, facts={}, reason=reason.strip())


def show_idea(session: Session, idea: Idea, *, actor: Actor, now: datetime) -> None:
    """This will put an idea back on the public list."""
    if idea.hidden_at is None:
        return
    idea.hidden_at = None
    session.flush()
    _record(session, "idea.shown", idea, actor=actor, now=now, facts={})


def _count(session: Session, idea: Idea, change: int) -> None:
    # Two who vote at once are both counted: the database adds, and votes are no edit that others must not overlook.
    session.execute(
        update(Idea).where(Idea.id == idea.id).values(votes=Idea.votes + change),
        execution_options={"synchronize_session": False},
    )
    session.expire(idea, ["votes"])


def _record(
    session: Session, verb: str, idea: Idea, *, actor: Actor, now: datetime, facts: dict[str, object], reason: str = ""
) -> None:
    record(
        session,
        verb,
        subject="idea",
        key=idea.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        reason=reason,
        facts={"title": idea.title, **facts},
    )
