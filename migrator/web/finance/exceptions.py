"""What does not fit: the list with its filters, and one with its evidence, comments and decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.reconciliation.deciding import agree, comment_on, decide, look_after, take_back
from migrator.finance.reconciliation.lifecycle import Code, DiscrepancyState, Severity
from migrator.finance.reconciliation.queries import (
    PAGE,
    Wanted,
    comments_of,
    discrepancies,
    discrepancy_of,
    people_of_finance,
)
from migrator.finance.reconciliation.rules import MEANINGS, needs_second_person
from migrator.finance.reconciliation.run_models import Discrepancy, DiscrepancyComment
from migrator.history.actor import Role
from migrator.money import Money
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.fields import text_field
from migrator.web.finance import pages
from migrator.web.finance.showing import SEVERITIES, STATES, ExceptionRow, evidence_of, moment, row_of, rows_of
from migrator.web.request import actor, now, person
from migrator.wiring import wiring

Choice = TypeVar("Choice", bound=StrEnum)
DECISIONS = {"resolve": DiscrepancyState.RESOLVED, "waive": DiscrepancyState.WAIVED}
FILTERS = frozenset({"state", "severity", "code", "mine", "waits"})
PROPOSED = {DiscrepancyState.RESOLVED: "resolve it", DiscrepancyState.WAIVED: "waive it"}
DONE = {
    DiscrepancyState.RESOLVED: "It is resolved. The next run looks again, and opens it again if it still holds.",
    DiscrepancyState.WAIVED: "It is waived. It is opened again only if its amount changes.",
}


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A decision with its reason."""

    reason = text_field("Reason", empty="Write why: whoever looks at the month later reads it")


class CommentForm(FlaskForm):  # type: ignore[misc]
    """A comment."""

    body = text_field("Comment", empty="Write the comment")


@dataclass(frozen=True, slots=True)
class Comment:
    """What was written beside it."""

    who: str
    at_text: str
    body: str


@dataclass(frozen=True, slots=True)
class ExceptionPage:
    """One exception.

    :ivar decision: what was decided, by whom and why; empty while it is open
    :ivar proposed: what somebody has decided and a second person has to agree to; empty where nothing waits
    :ivar may_agree: whether the reader may be that second person
    """

    row: ExceptionRow
    evidence: list[tuple[str, str]]
    comments: list[Comment]
    order_number: str
    payout_id: int | None
    owner_id: int | None
    is_open: bool
    decision: str
    proposed: str
    proposed_reason: str
    may_agree: bool
    needs_two: bool
    limit: Money


@pages.get("/finance/exceptions")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def exception_list() -> str:
    """This will list what does not fit, the most severe first, by state, severity, code and owner."""
    asked = request.args
    state = None if asked.get("state") == "all" else _choice(DiscrepancyState, "state") or DiscrepancyState.OPEN
    wanted = Wanted(
        state=state,
        severity=_choice(Severity, "severity"),
        code=_choice(Code, "code"),
        owner_id=person().id if asked.get("mine") else None,
        waits=bool(asked.get("waits")),
    )
    cursor = read_cursor(asked.get("after"))
    with reading() as session:
        found = discrepancies(session, wanted, after_id=cursor[1] if cursor else None)
        rows = rows_of(found[:PAGE])
    kept: dict[str, Any] = {name: value for name, value in asked.items() if name in FILTERS}
    after = cursor_of(None, rows[-1].id) if len(found) > PAGE else ""
    return render_template(
        "finance/exceptions.html",
        rows=rows,
        asked=asked,
        state=state.value if state else "all",
        states=[(each.value, words) for each, (words, _) in STATES.items()],
        severities=[(each.value, words) for each, (words, _) in SEVERITIES.items()],
        codes=[(each.value, MEANINGS[each].title) for each in Code],
        next_url=url_for("finance.exception_list", **kept, after=after) if after else "",
        first_url=url_for("finance.exception_list", **kept) if cursor else "",
    )


@pages.get("/finance/exceptions/<int:exception_id>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def exception(exception_id: int) -> str:
    """This will show one exception with its evidence, and what can be done about it."""
    return _shown(exception_id, ReasonForm(), CommentForm())


@pages.post("/finance/exceptions/<int:exception_id>/decide")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def decide_exception(exception_id: int) -> Response | tuple[str, int]:
    """This will resolve or waive it, or have a second person agree where it is above the limit."""
    form = ReasonForm()
    state = DECISIONS.get(request.form.get("decision", ""))
    if state is None:
        raise NotFound("There is no such decision.")
    if not form.validate_on_submit():
        return _shown(exception_id, form, CommentForm(formdata=None)), 422

    def act(session: Session, found: Discrepancy) -> str:
        limit = wiring().settings.decision_limit_minor
        reason = cast(str, form.reason.data)
        counts = decide(session, found, state, reason=reason, limit_minor=limit, actor=actor(), now=now())
        return DONE[state] if counts else "Written down. It counts when a second person has agreed."

    return _do(exception_id, act, form)


@pages.post("/finance/exceptions/<int:exception_id>/second")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def second_person(exception_id: int) -> Response | tuple[str, int]:
    """This will let somebody else's decision count, or put it away."""

    def act(session: Session, found: Discrepancy) -> str:
        if request.form.get("answer") == "away":
            take_back(session, found, actor=actor(), now=now())
            return "The decision is put away. It stays open."
        agree(session, found, actor=actor(), now=now())
        return DONE[found.state]

    return _do(exception_id, act)


@pages.post("/finance/exceptions/<int:exception_id>/comment")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def comment(exception_id: int) -> Response | tuple[str, int]:
    """This will keep a comment."""
    form = CommentForm()
    if not form.validate_on_submit():
        return _shown(exception_id, ReasonForm(formdata=None), form), 422

    def act(session: Session, found: Discrepancy) -> str:
        comment_on(session, found, cast(str, form.body.data), person=person(), now=now())
        return "Your comment is kept."

    return _do(exception_id, act)


@pages.post("/finance/exceptions/<int:exception_id>/owner")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def owner(exception_id: int) -> Response | tuple[str, int]:
    """This will write down who looks after it."""

    def act(session: Session, found: Discrepancy) -> str:
        people = {str(each.id): each for each in people_of_finance(session)}
        chosen = request.form.get("owner", "")
        if chosen and chosen not in people:
            raise NotFound("There is no such person in finance.")
        look_after(session, found, owner=people.get(chosen), actor=actor(), now=now())
        return f"{people[chosen].display_name} looks after it." if chosen else "Nobody looks after it now."

    return _do(exception_id, act)


def _do(
    exception_id: int, act: Callable[[Session, Discrepancy], str], form: ReasonForm | None = None
) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            news = act(session, discrepancy_of(session, exception_id, for_update=True))
    except NotFound:
        raise
    except DomainError as refusal:
        reason = form or ReasonForm(formdata=None)
        return _shown(exception_id, reason, CommentForm(formdata=None), refusal=str(refusal)), 409
    flash(news)
    return redirect(url_for("finance.exception", exception_id=exception_id), 303)


def _shown(exception_id: int, form: ReasonForm, comment_form: CommentForm, *, refusal: str = "") -> str:
    with reading() as session:
        found = discrepancy_of(session, exception_id)
        page = _page(found, comments_of(session, exception_id))
        people = people_of_finance(session)
    return render_template(
        "finance/exception.html", page=page, people=people, form=form, comment_form=comment_form, refusal=refusal
    )


def _page(found: Discrepancy, comments: Sequence[DiscrepancyComment]) -> ExceptionPage:
    limit = wiring().settings.decision_limit_minor
    return ExceptionPage(
        row=row_of(found),
        evidence=evidence_of(found),
        comments=[_comment(each) for each in comments],
        order_number=found.order.number if found.order else "",
        payout_id=found.payout_id,
        owner_id=found.owner_id,
        is_open=found.state is DiscrepancyState.OPEN,
        decision=_decision(found),
        proposed=_proposed(found),
        proposed_reason=found.reason if found.proposed_state else "",
        may_agree=found.proposed_state is not None and found.resolved_by_id != person().id,
        needs_two=needs_second_person(found.amount_minor, limit),
        limit=Money(limit, found.currency),
    )


def _comment(each: DiscrepancyComment) -> Comment:
    who = each.author.display_name if each.author else f"Run {each.run_id}"
    return Comment(who, moment(each.written_at), each.body)


def _decision(found: Discrepancy) -> str:
    if found.state is DiscrepancyState.OPEN or found.closed_at is None:
        return ""
    if found.resolved_by is None:
        return f"Closed by run {found.closed_by_run_id}, {moment(found.closed_at)}: {found.reason}"
    agreed = f", {found.approved_by.display_name} agreed" if found.approved_by else ""
    return f"{found.resolved_by.display_name}, {moment(found.closed_at)}{agreed}: {found.reason}"


def _proposed(found: Discrepancy) -> str:
    if found.proposed_state is None or found.resolved_by is None:
        return ""
    return f"{found.resolved_by.display_name} wants to {PROPOSED[found.proposed_state]}"


def _choice(choices: type[Choice], name: str) -> Choice | None:
    text = request.args.get(name, "")
    return next((each for each in choices if each.value == text), None)
