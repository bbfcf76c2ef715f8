"""A customer suggests an idea, and we say what we make of it (RULES C-007)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops.queries import refuse_stopped
from migrator.history.actor import Actor
from migrator.ideas import operations as ideas
from migrator.ideas.models import Idea, IdeaState
from migrator.notifications.operations import owe

WORDS = {
    IdeaState.NEW: "open again",
    IdeaState.PLANNED: "planned",
    IdeaState.DONE: "done",
    IdeaState.DECLINED: "declined",
}


def suggest_idea(session: Session, *, title: str, body: str, author: Person, now: datetime) -> Idea:
    """This will put a customer's idea on the public list.

    :raises ContactStopped: when we take no messages from them (RULES C-032)
    :raises AlreadySuggested: after a second press of the button
    """
    refuse_stopped(session, author.id)
    return ideas.suggest_idea(
        session, title=title, body=body, suggested_by_id=author.id, actor=author.actor, now=now
    )  # fmt: skip


def answer_idea(session: Session, idea: Idea, *, state: IdeaState, answer: str, actor: Actor, now: datetime) -> None:
    """This will say what we make of an idea, and tell its author once.

    :param idea: locked
    :raises ReasonMissing: for a decline without a reason
    """
    is_new = ideas.answer_idea(session, idea, state=state, answer=answer, actor=actor, now=now)
    author = session.get(Person, idea.suggested_by_id) if idea.suggested_by_id else None
    if not is_new or author is None:
        return
    owe(
        session,
        kind="idea_answered",
        cause=f"idea:{idea.id}:{idea.version}",
        recipient=author,
        order_id=None,
        context={"title": idea.title, "idea_id": idea.id, "state": WORDS[state], "answer": idea.answer},
        now=now,
    )
