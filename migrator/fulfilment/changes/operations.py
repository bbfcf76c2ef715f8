"""Raising, answering and ending what the customer asks for. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState
from migrator.fulfilment.changes.rules import Step, refuse_step, words_given
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement

ENDS = {
    Step.FINISH: ChangeState.DONE,
    Step.DECLINE: ChangeState.DECLINED,
    Step.WITHDRAW: ChangeState.WITHDRAWN,
}
UNDONE = (ChangeState.RAISED, ChangeState.IN_WORK)


def raise_request(
    session: Session,
    order: Order,
    *,
    kind: ChangeKind,
    body: str,
    is_included: bool,
    person: Person,
    now: datetime,
    pair_id: int | None = None,
) -> ChangeRequest:
    """This will write a request of the customer.

    :param pair_id: the pair of the preview that it is about
    :param is_included: whether it belongs to what was bought (RULES C-066, C-067)
    :raises WordsMissing: without words
    """
    request = ChangeRequest(
        order=order,
        kind=kind,
        body=words_given(body, "Describe what is to be changed, and where."),
        pair_id=pair_id,
        is_included=is_included,
        raised_by_id=person.id,
        raised_at=now,
    )
    session.add(request)
    session.flush()
    return request


def finish_preview_problems(session: Session, order: Order, *, answer: str, now: datetime) -> None:
    """This will mark what was wrong with earlier previews as done, in the words that the customer reads."""
    wanted = select(ChangeRequest).where(
        ChangeRequest.order_id == order.id,
        ChangeRequest.kind == ChangeKind.PREVIEW_PROBLEM,
        ChangeRequest.state.in_(UNDONE),
    )
    for request in session.scalars(wanted):
        request.state, request.answer, request.ended_at = ChangeState.DONE, answer, now
    session.flush()


def take_up(session: Session, request: ChangeRequest) -> None:
    """This will note that our engineers work on a request.

    :raises NotNow: when its state does not allow it
    """
    refuse_step(Step.TAKE_UP, request.state, is_included=request.is_included)
    request.state = ChangeState.IN_WORK
    session.flush()


def await_payment(session: Session, request: ChangeRequest, supplement: Supplement) -> None:
    """This will tie a price to a request; it waits for the customer to pay (RULES C-067).

    :raises NotNow: when its state does not allow it
    """
    refuse_step(Step.QUOTE, request.state, is_included=request.is_included)
    request.state, request.supplement = ChangeState.QUOTED, supplement
    session.flush()


def work_on_what_was_paid(session: Session, request: ChangeRequest) -> None:
    """This will note that the price of a request was paid and that our engineers work on it."""
    request.state = ChangeState.IN_WORK
    session.flush()


def ask_for_price_again(session: Session, request: ChangeRequest) -> None:
    """This will take a price off a request that waited for it; another may be sent."""
    request.state, request.supplement_id = ChangeState.RAISED, None
    session.flush()


def drop_with_price(session: Session, request: ChangeRequest, *, now: datetime) -> None:
    """This will end a request whose price the customer did not take."""
    request.state, request.ended_at = ChangeState.WITHDRAWN, now
    session.flush()


def end_request(session: Session, request: ChangeRequest, step: Step, *, answer: str, now: datetime) -> None:
    """This will end a request: done, declined or withdrawn.

    :param answer: what we did, or why not; nothing is said of what the customer withdraws
    :raises NotNow: when its state does not allow it
    :raises WordsMissing: when an answer of ours has no words
    """
    refuse_step(step, request.state, is_included=request.is_included)
    if step is not Step.WITHDRAW:
        request.answer = words_given(answer, "Write an answer: the customer reads it.")
    request.state, request.ended_at = ENDS[step], now
    session.flush()
