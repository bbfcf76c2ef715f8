"""The public list and each idea on its own page; voting for those who are signed in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.ideas.models import Idea
from migrator.ideas.operations import take_vote_back, vote
from migrator.ideas.queries import PAGE, idea_of, ideas, voted_for
from migrator.web.audience import open_to
from migrator.web.ideas import pages
from migrator.web.ideas.views import filters, idea_view, place_of, read_place, read_state
from migrator.web.request import now, person, visitor


@pages.get("/ideas")
@open_to()
def idea_list() -> str:
    """This will list the ideas, the most wanted first."""
    state, after = read_state(request.args.get("state")), read_place(request.args.get("after"))
    with reading() as session:
        found = ideas(session, state=state, after=after)
        shown = found[:PAGE]
        voted = _voted(session, shown)
    chosen = state.value if state else None
    more = place_of(shown[-1]) if len(found) > PAGE else ""
    return render_template(
        "ideas/list.html",
        ideas=[idea_view(each, voted) for each in shown],
        filters=filters("ideas.idea_list", state),
        chosen=chosen,
        can_vote=_can_vote(),
        next_url=url_for("ideas.idea_list", state=chosen, after=more) if more else "",
        first_url=url_for("ideas.idea_list", state=chosen) if after else "",
    )


@pages.get("/ideas/<int:idea_id>")
@open_to()
def idea(idea_id: int) -> str:
    """This will show one idea."""
    with reading() as session:
        found = idea_of(session, idea_id)
        voted = _voted(session, [found])
    return render_template("ideas/one.html", idea=idea_view(found, voted), can_vote=_can_vote())


@pages.post("/ideas/<int:idea_id>/vote")
@open_to(Role.CUSTOMER)
def give_vote(idea_id: int) -> Response:
    """This will count the person's vote, or take it back."""
    with transaction() as session:
        found = idea_of(session, idea_id)
        if request.form.get("vote") == "back":
            take_vote_back(session, found, person_id=person().id)
            sentence = f"Your vote for “{found.title}” is taken back."
        else:
            vote(session, found, person_id=person().id, now=now())
            sentence = f"You have voted for “{found.title}”."
    flash(sentence)
    return redirect(url_for("ideas.idea", idea_id=idea_id), 303)


def _voted(session: Session, shown: Sequence[Idea]) -> set[int]:
    reader = visitor()
    return voted_for(session, [each.id for each in shown], person_id=reader.id) if reader and shown else set()


def _can_vote() -> bool:
    reader = visitor()
    return reader is not None and reader.role is Role.CUSTOMER
