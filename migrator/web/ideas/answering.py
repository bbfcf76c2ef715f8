"""Ideas as staff see them: what we make of each, and taking one off the public list."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.ideas.models import Idea, IdeaState
from migrator.ideas.operations import hide_idea, show_idea
from migrator.ideas.queries import PAGE, hidden_ideas, idea_for_staff, ideas
from migrator.journeys.suggest_idea import answer_idea
from migrator.web.audience import open_to
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.fields import line_field, optional_text_field
from migrator.web.ideas import pages
from migrator.web.ideas.views import STATES, filters, idea_view, place_of, read_place, read_state
from migrator.web.refusals import status_of
from migrator.web.request import actor, now

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
HIDDEN = "hidden"


class AnswerForm(VersionedForm):
    """What we make of an idea."""

    state = RadioField(
        "Where it stands",
        choices=[SelectChoice(state.value, words) for state, (words, _tone) in STATES.items()],
        validators=[AnyOf([state.value for state in IdeaState], message="Choose where it stands")],
        validate_choice=False,
    )
    answer = optional_text_field("What we say to it, which everybody reads")


class HideForm(VersionedForm):
    """Why an idea is taken off the list."""

    reason = line_field("Reason, which our own people read", empty="Give the reason")


@pages.get("/desk/ideas")
@open_to(*DESK)
def staff_list() -> str:
    """This will list the ideas with the most wanted first, or those that were taken off the list."""
    asked, after = request.args.get("state"), read_place(request.args.get("after"))
    is_hidden = asked == HIDDEN
    with reading() as session:
        found = (
            hidden_ideas(session, after=after) if is_hidden else ideas(session, state=read_state(asked), after=after)
        )
    shown = found[:PAGE]
    chosen = HIDDEN if is_hidden else read_state(asked)
    more = place_of(shown[-1]) if len(found) > PAGE else ""
    links = [(words, url, current and not is_hidden) for words, url, current in _filters(asked)]
    return render_template(
        "ideas/desk.html",
        ideas=[idea_view(each) for each in shown],
        filters=[*links, ("Off the list", url_for("ideas.staff_list", state=HIDDEN), is_hidden)],
        next_url=url_for("ideas.staff_list", state=chosen, after=more) if more else "",
        first_url=url_for("ideas.staff_list", state=chosen) if after else "",
    )


@pages.get("/desk/ideas/<int:idea_id>")
@open_to(*DESK)
def staff_idea(idea_id: int) -> str:
    """This will show one idea with what can be done to it."""
    return _shown(idea_id, None)


@pages.post("/desk/ideas/<int:idea_id>")
@open_to(*DESK)
def answer(idea_id: int) -> Response | tuple[str, int]:
    """This will say what we make of the idea, and tell its author."""
    form = AnswerForm()

    def say(session: Session, idea: Idea) -> str:
        state = IdeaState(form.state.data)
        answer_idea(session, idea, state=state, answer=form.answer.data or "", actor=actor(), now=now())
        return "Saved. Who suggested it is told what has changed."

    return _do(idea_id, form, say)


@pages.post("/desk/ideas/<int:idea_id>/hide")
@open_to(*DESK)
def hide(idea_id: int) -> Response | tuple[str, int]:
    """This will take the idea off the public list."""
    form = HideForm()

    def take_off(session: Session, idea: Idea) -> str:
        hide_idea(session, idea, reason=form.reason.data or "", actor=actor(), now=now())
        return "The idea is off the list. Its words are kept."

    return _do(idea_id, form, take_off)


@pages.post("/desk/ideas/<int:idea_id>/show")
@open_to(*DESK)
def show(idea_id: int) -> Response | tuple[str, int]:
    """This will put the idea back on the public list."""

    def put_back(session: Session, idea: Idea) -> str:
        show_idea(session, idea, actor=actor(), now=now())
        return "The idea is on the list again."

    return _do(idea_id, VersionedForm(), put_back)


def _filters(asked: str | None) -> list[tuple[str, str, bool]]:
    return filters("ideas.staff_list", read_state(asked))


def _do(idea_id: int, form: VersionedForm, deed: Callable[[Session, Idea], str]) -> Response | tuple[str, int]:
    if not form.validate_on_submit():
        return _shown(idea_id, form), 422
    try:
        with transaction() as session:
            idea = idea_for_staff(session, idea_id, for_update=True)
            refuse_stale(form, idea.version)
            sentence = deed(session, idea)
    except DomainError as refusal:
        return _shown(idea_id, form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("ideas.staff_idea", idea_id=idea_id), 303)


def _shown(idea_id: int, form: VersionedForm | None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        idea = idea_for_staff(session, idea_id)
    kept = AnswerForm(formdata=None, state=idea.state.value, answer=idea.answer)
    answering = form if isinstance(form, AnswerForm) else kept
    hiding = form if isinstance(form, HideForm) else HideForm(formdata=None)
    for each in (answering, hiding):
        each.version.data = str(idea.version)
    return render_template(
        "ideas/desk_idea.html",
        idea=idea_view(idea),
        answering=answering,
        hiding=hiding,
        form=form or answering,
        refusal=refusal,
    )
