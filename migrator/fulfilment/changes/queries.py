"""Questions about what the customer reports and asks for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState

AFTER_THE_RUN = (ChangeKind.PROBLEM, ChangeKind.CHANGE)


def requests_of(session: Session, order_id: int) -> tuple[ChangeRequest, ...]:
    """This will return what the customer asked for after the run, the newest first, with the prices sent for it."""
    wanted = select(ChangeRequest).where(ChangeRequest.order_id == order_id, ChangeRequest.kind.in_(AFTER_THE_RUN))
    found = wanted.order_by(ChangeRequest.id.desc()).options(joinedload(ChangeRequest.supplement))
    return tuple(session.scalars(found))


def request_of(session: Session, order_id: int, request_id: int) -> ChangeRequest:
    """This will return one request of an order that was made after the run, with the price sent for it.

    :raises NotFound: when the order has no such request
    """
    wanted = select(ChangeRequest).where(
        ChangeRequest.order_id == order_id,
        ChangeRequest.id == request_id,
        ChangeRequest.kind.in_(AFTER_THE_RUN),
    )
    request = session.scalar(wanted.options(joinedload(ChangeRequest.supplement)))
    if request is None:
        raise NotFound("There is no such request.")
    return request


def request_priced_by(session: Session, supplement_id: int) -> ChangeRequest | None:
    """This will return the request that a supplement is the price of, or none."""
    return session.scalar(select(ChangeRequest).where(ChangeRequest.supplement_id == supplement_id))


def open_twin_of(session: Session, order_id: int, kind: ChangeKind, body: str) -> ChangeRequest | None:
    """This will return an open request that says the same: a button that was pressed twice asks once."""
    return session.scalar(
        select(ChangeRequest)
        .where(
            ChangeRequest.order_id == order_id,
            ChangeRequest.kind == kind,
            ChangeRequest.state == ChangeState.RAISED,
            ChangeRequest.body == body.strip(),
        )
        .limit(1)
    )


def minutes_paid_for_open_changes(session: Session, order_id: int) -> int:
    """This will return the support time that was bought with changes which are still worked on (RULES C-067)."""
    requests = requests_of(session, order_id)
    paid = [one.supplement for one in requests if one.state is ChangeState.IN_WORK and one.supplement]
    return sum(int(supplement.details.get("minutes", 0)) for supplement in paid)
