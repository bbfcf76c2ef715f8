"""A change after the migration, from the wish to its end: included while it is in time, priced when it is late.

(RULES C-046, C-066, C-067). A problem with the result goes the same way; when the last one is answered, a new review
begins (C-080).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.calendar import Calendar
from migrator.errors import DomainError
from migrator.fulfilment.changes import operations as changes
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState
from migrator.fulfilment.changes.queries import open_twin_of
from migrator.fulfilment.changes.rules import NotNow, Step, is_included
from migrator.fulfilment.notices import date_words, tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.windows.completion import is_silence_held
from migrator.fulfilment.windows.models import WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import begin_review_anew
from migrator.fulfilment.windows.queries import completion_facts, latest_window_of, open_window_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.journeys.end_supplement import drop
from migrator.journeys.end_what_is_over import complete_if_over, hold_as_of, lapse_if_over
from migrator.orders.lifecycle import AFTER_A_RUN, SupplementState
from migrator.orders.models import Order


class NothingToChange(DomainError):
    """There is no result that could be changed."""


def request_change(session: Session, order: Order, *, body: str, person: Person, now: datetime) -> ChangeRequest:
    """This will take in a wish for a change: included until the window's last midnight, to be priced from then on.

    What was asked for in the same words a moment ago is asked for once.

    :raises NothingToChange: before the migration is done
    :raises WordsMissing: without words
    """
    hold_as_of(session, order, now)
    if order.state not in AFTER_A_RUN:
        raise NothingToChange("Changes can be asked for as soon as the migration is done.")
    if twin := open_twin_of(session, order.id, ChangeKind.CHANGE, body):
        return twin
    window = latest_window_of(session, order.id, WindowKind.CHANGES)
    in_time = is_included(order.family, window.ends_at if window else None, now=now)
    request = changes.raise_request(
        session, order, kind=ChangeKind.CHANGE, body=body, is_included=in_time, person=person, now=now
    )
    bring_up_to_date(session, order)
    _record(session, "change.requested", order, request, actor=person.actor, now=now, reason=request.body)
    words = {"body": request.body, "who": person.display_name, "is_problem": False, "is_included": in_time}
    tell_staff(session, order, "change_requested", cause=f"change:{request.id}", now=now, words=words)
    return request


def take_up(session: Session, order: Order, request: ChangeRequest, *, actor: Actor, now: datetime) -> None:
    """This will tell the customer that our engineers work on a request.

    :param request: of this order, with its `supplement` loaded
    :raises NotNow: when its state does not allow it
    """
    hold_as_of(session, order, now)
    changes.take_up(session, request)
    bring_up_to_date(session, order)
    _record(session, "change.taken_up", order, request, actor=actor, now=now)
    tell_customer(session, order, "change_taken_up", cause=f"change:{request.id}", now=now, words=_words(request))


def finish_change(
    session: Session, order: Order, request: ChangeRequest, *, answer: str, actor: Actor, now: datetime
) -> None:
    """This will end a request with what was done.

    :raises NotNow: when its state does not allow it
    :raises WordsMissing: without an answer
    """
    _answer(session, order, request, Step.FINISH, answer=answer, actor=actor, now=now)


def decline_change(
    session: Session, order: Order, request: ChangeRequest, *, answer: str, actor: Actor, now: datetime
) -> None:
    """This will end a request with the reason why it is not done.

    :raises NotNow: when its state does not allow it
    :raises WordsMissing: without a reason
    """
    _answer(session, order, request, Step.DECLINE, answer=answer, actor=actor, now=now)


def withdraw_change(session: Session, order: Order, request: ChangeRequest, *, actor: Actor, now: datetime) -> None:
    """This will take a request back, as the customer wishes; an unpaid price goes with it.

    :raises NotNow: when it has ended, or was paid for
    """
    calendar = hold_as_of(session, order, now)
    if request.supplement and request.supplement.state is SupplementState.PAID:
        raise NotNow("You have paid for this change. Write to us if you do not want it any more.")
    changes.end_request(session, request, Step.WITHDRAW, answer="", now=now)
    _drop_price(session, order, request, SupplementState.DECLINED, actor=actor, now=now)
    _follow(session, order, request, calendar, now=now)
    _record(session, "change.withdrawn", order, request, actor=actor, now=now)
    tell_staff(session, order, "change_withdrawn", cause=f"change:{request.id}", now=now, words=_words(request))


def _answer(
    session: Session, order: Order, request: ChangeRequest, step: Step, *, answer: str, actor: Actor, now: datetime
) -> None:
    calendar = hold_as_of(session, order, now)
    changes.end_request(session, request, step, answer=answer, now=now)
    _drop_price(session, order, request, SupplementState.WITHDRAWN, actor=actor, now=now)
    has_new_review, is_complete = _follow(session, order, request, calendar, now=now)
    verb = "change.done" if step is Step.FINISH else "change.declined"
    _record(session, verb, order, request, actor=actor, now=now, reason=request.answer)
    review = open_window_of(session, order.id, WindowKind.REVIEW)
    words = {
        **_words(request),
        "is_done": step is Step.FINISH,
        "answer": request.answer,
        "new_review_ends": date_words(review.ends_at, calendar) if has_new_review and review else "",
        "is_complete": is_complete,
    }
    tell_customer(session, order, "change_answered", cause=f"change:{request.id}", now=now, words=words)


def _drop_price(
    session: Session, order: Order, request: ChangeRequest, state: SupplementState, *, actor: Actor, now: datetime
) -> None:
    """This will end the price of a request that has ended, where it is still offered."""
    if request.supplement and request.supplement.state is SupplementState.OFFERED:
        drop(session, order, request.supplement, state, now=now, actor=actor)


def _follow(
    session: Session, order: Order, request: ChangeRequest, calendar: Calendar, *, now: datetime
) -> tuple[bool, bool]:
    """This will do what follows from the end of a request: a new review after the last problem, lapsed hours and
    completion after the last change that was in time; and say whether a review began and the order is complete.
    """
    has_new_review = _review_after(session, order, request, calendar, now=now)
    if request.kind is ChangeKind.CHANGE and request.is_included:
        lapse_if_over(session, order)
    is_complete = complete_if_over(session, order)
    bring_up_to_date(session, order)
    return has_new_review, is_complete


def _review_after(session: Session, order: Order, request: ChangeRequest, calendar: Calendar, *, now: datetime) -> bool:
    """A withdrawn problem lets its review go on, unless its end came meanwhile; nobody loses the days (RULES C-080).

    While a run is active its end begins the new review (RULES C-081).
    """
    review = open_window_of(session, order.id, WindowKind.REVIEW)
    if request.kind is not ChangeKind.PROBLEM or review is None:
        return False
    if is_silence_held(completion_facts(session, order)):
        return False
    if request.state is ChangeState.WITHDRAWN and now < review.ends_at:
        return False
    run = session.get_one(Run, review.run_id)
    outcome = WindowOutcome.PROBLEM_REPORTED
    begin_review_anew(session, order, run=run, at=now, outcome=outcome, calendar=calendar)
    return True


def _words(request: ChangeRequest) -> dict[str, object]:
    return {"body": request.body, "is_problem": request.kind is ChangeKind.PROBLEM, "is_included": request.is_included}


def _record(
    session: Session,
    verb: str,
    order: Order,
    request: ChangeRequest,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    facts = {"kind": request.kind.value, "is_included": request.is_included, "request_id": request.id}
    record(
        session,
        verb,
        subject="change_request",
        key=request.id,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts=facts,
    )
