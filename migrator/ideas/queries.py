"""Questions about ideas; the lists are in order of their votes, by keyset."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, bindparam, select, tuple_
from sqlalchemy.orm import Session

from migrator.errors import NotFound
from migrator.ideas.models import SHOWN, Idea, IdeaState, IdeaVote

PAGE = 25
NO_SUCH_IDEA = "There is no such idea."
Place = tuple[int, int]
OF_TICKET = select(Idea).where(Idea.ticket_number == bindparam("number"))


def ideas(
    session: Session, *, state: IdeaState | None = None, after: Place | None = None, limit: int = PAGE
) -> Sequence[Idea]:
    """This will return the public ideas, the most wanted first; one more than `limit` if there are further ones.

    :param after: votes and id of the idea that the page before ended with
    """
    wanted = _by_votes(select(Idea).where(SHOWN), after)
    return session.scalars((wanted if state is None else wanted.where(Idea.state == state)).limit(limit + 1)).all()


def hidden_ideas(session: Session, *, after: Place | None = None, limit: int = PAGE) -> Sequence[Idea]:
    """This will return the ideas that were taken off the list; else as `ideas`; for staff."""
    hidden = select(Idea).where(Idea.hidden_at.is_not(None))
    return session.scalars(_by_votes(hidden, after).limit(limit + 1)).all()


def idea_of(session: Session, idea_id: int) -> Idea:
    """This will return a public idea.

    :raises NotFound: when there is none, or it was taken off the list
    """
    found = session.get(Idea, idea_id)
    if found is None or found.hidden_at is not None:
        raise NotFound(NO_SUCH_IDEA)
    return found


def idea_of_ticket(session: Session, ticket_number: str) -> Idea | None:
    """This will return the idea that was made from a ticket, on the list or off it; none where there is none."""
    return session.scalar(OF_TICKET, {"number": ticket_number})


def idea_for_staff(session: Session, idea_id: int, *, for_update: bool = False) -> Idea:
    """This will return any idea.

    :raises NotFound: when there is none
    """
    found = session.get(Idea, idea_id, with_for_update=True if for_update else None)
    if found is None:
        raise NotFound(NO_SUCH_IDEA)
    return found


def has_suggested(session: Session, title: str, *, person_id: int) -> bool:
    """This will say whether a person has suggested an idea of that name."""
    theirs = Idea.suggested_by_id == person_id, Idea.title == title
    return session.scalar(select(Idea.id).where(*theirs).limit(1)) is not None


def voted_for(session: Session, idea_ids: Collection[int], *, person_id: int) -> set[int]:
    """This will return which of the ideas a person has voted for."""
    theirs = IdeaVote.person_id == person_id, IdeaVote.idea_id.in_(idea_ids)
    return set(session.scalars(select(IdeaVote.idea_id).where(*theirs)))


def _by_votes(wanted: Select[Idea], after: Place | None) -> Select[Idea]:
    if after:
        wanted = wanted.where(tuple_(Idea.votes, Idea.id) < tuple_(*after))
    return wanted.order_by(Idea.votes.desc(), Idea.id.desc())
