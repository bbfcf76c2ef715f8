"""Ideas as pages show them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from migrator.clock.wording import counted_text, day_text, local_time
from migrator.ideas.models import Idea, IdeaState
from migrator.ideas.queries import Place
from migrator.web.desk_time import desk_zone

STATES = {
    IdeaState.NEW: ("New", "neutral"),
    IdeaState.PLANNED: ("Planned", "info"),
    IdeaState.DONE: ("Done", "done"),
    IdeaState.DECLINED: ("Declined", "neutral"),
}
PLACE = re.compile(r"(\d{1,9})-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class IdeaView:
    """One idea; `is_voted` where the reader has voted for it."""

    id: int
    title: str
    body: str
    state: str
    tone: str
    answer: str
    votes: int
    votes_text: str
    suggested_at: datetime
    suggested_text: str
    is_voted: bool
    is_hidden: bool
    version: int


def idea_view(idea: Idea, voted: Collection[int] = ()) -> IdeaView:
    """This will return an idea as pages show it.

    :param voted: the ideas that the reader has voted for
    """
    state, tone = STATES[idea.state]
    return IdeaView(
        id=idea.id,
        title=idea.title,
        body=idea.body,
        state=state,
        tone=tone,
        answer=idea.answer,
        votes=idea.votes,
        votes_text=counted_text(idea.votes, "vote"),
        suggested_at=idea.suggested_at,
        suggested_text=day_text(local_time(idea.suggested_at, desk_zone()).date()),
        is_voted=idea.id in voted,
        is_hidden=idea.hidden_at is not None,
        version=idea.version,
    )


def place_of(idea: Idea) -> str:
    """This will return where a page ended, as its address carries it."""
    return f"{idea.votes}-{idea.id}"


def read_place(text: str | None) -> Place | None:
    """This will return votes and id of the idea that a page ended with; none for any other text."""
    found = PLACE.fullmatch(text or "")
    return (int(found[1]), int(found[2])) if found else None


def read_state(text: str | None) -> IdeaState | None:
    """This will return the state that an address asks for; none for all."""
    return IdeaState(text) if text in set(IdeaState) else None


def filters(endpoint: str, chosen: IdeaState | None) -> list[tuple[str, str, bool]]:
    """This will return the links that narrow the list: words, address, and whether it is the one shown."""
    every = [("All", url_for(endpoint), chosen is None)]
    return every + [
        (words, url_for(endpoint, state=state.value), state is chosen) for state, (words, _) in STATES.items()
    ]
