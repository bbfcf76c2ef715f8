"""The customer has looked at the result: everything is fine, or there is a problem (RULES C-080)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest
from migrator.fulfilment.changes.operations import raise_request
from migrator.fulfilment.changes.queries import open_twin_of
from migrator.fulfilment.notices import tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.windows.completion import is_silence_held
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import close_window
from migrator.fulfilment.windows.queries import completion_facts, open_window_of
from migrator.history.operations import record
from migrator.journeys.end_what_is_over import complete_if_over, hold_as_of
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order


class ReviewIsOver(DomainError):
    """There is no result to be accepted or complained about now."""


class ProblemIsOpen(DomainError):
    """A problem that was reported is still worked on."""


def accept_result(session: Session, order: Order, *, person: Person, now: datetime) -> None:
    """This will accept the result. Self-service and assisted orders are completed with it; of a package the review is.

    :raises ReviewIsOver: when there is nothing to accept
    :raises ProblemIsOpen: while we owe an answer to a reported problem
    """
    calendar = hold_as_of(session, order, now)
    review = _open_review(session, order)
    if is_silence_held(completion_facts(session, order)):
        raise ProblemIsOpen("You have reported a problem that we still work on. Withdraw it first, or wait for us.")
    close_window(session, review, order, outcome=WindowOutcome.ACCEPTED, at=now, calendar=calendar)
    entry = record(
        session,
        "review.accepted",
        subject="window",
        key=review.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        facts={"window_id": review.id},
    )
    is_complete = complete_if_over(session, order)
    bring_up_to_date(session, order)
    words = {"who": person.display_name, "is_complete": is_complete}
    tell_customer(session, order, "result_accepted", cause=f"history:{entry.id}", now=now, words=words)
    tell_staff(session, order, "result_accepted_staff", cause=f"history:{entry.id}", now=now, words=words)


def report_problem(session: Session, order: Order, *, body: str, person: Person, now: datetime) -> ChangeRequest:
    """This will take in a problem with the result; silence accepts nothing until we have answered it.

    :raises ReviewIsOver: when the review has ended
    :raises WordsMissing: without words
    """
    hold_as_of(session, order, now)
    _open_review(session, order)
    if twin := open_twin_of(session, order.id, ChangeKind.PROBLEM, body):
        return twin
    request = raise_request(
        session, order, kind=ChangeKind.PROBLEM, body=body, is_included=True, person=person, now=now
    )
    bring_up_to_date(session, order)
    record(
        session,
        "problem.reported",
        subject="change_request",
        key=request.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        reason=request.body,
    )
    words = {"body": request.body, "who": person.display_name, "is_problem": True, "is_included": True}
    tell_staff(session, order, "change_requested", cause=f"change:{request.id}", now=now, words=words)
    return request


def _open_review(session: Session, order: Order) -> Window:
    review = open_window_of(session, order.id, WindowKind.REVIEW)
    if order.state is not OrderState.IN_REVIEW or review is None:
        raise ReviewIsOver("There is no result to review now. Look at what the order says, or write to us.")
    return review
