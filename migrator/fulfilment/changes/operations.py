"""Writing what the customer reports or asks for. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState
from migrator.orders.models import Order

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
    """
    request = ChangeRequest(
        order=order,
        kind=kind,
        body=body,
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
