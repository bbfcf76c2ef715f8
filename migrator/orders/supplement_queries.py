"""Questions about supplements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.policy.loading import migration_desk


def supplement_of(session: Session, order_id: int, supplement_id: int) -> Supplement:
    """This will return one supplement of an order.

    :raises NotFound: when the order has no such supplement
    """
    wanted = select(Supplement).where(Supplement.order_id == order_id, Supplement.id == supplement_id)
    supplement = session.scalar(wanted)
    if supplement is None:
        raise NotFound("There is no such offer.")
    return supplement


def supplements_of(session: Session, order_id: int) -> Sequence[Supplement]:
    """This will return all supplements of an order, the newest first."""
    return session.scalars(
        select(Supplement).where(Supplement.order_id == order_id).order_by(Supplement.id.desc())
    ).all()


def open_supplements_of(session: Session, order_id: int) -> Sequence[Supplement]:
    """This will return the offers that nobody has ended; look at the end of each before relying on it."""
    wanted = select(Supplement).where(Supplement.order_id == order_id, Supplement.state == SupplementState.OFFERED)
    return session.scalars(wanted.order_by(Supplement.id)).all()


def open_supplement_of(session: Session, order_id: int, kind: SupplementKind) -> Supplement | None:
    """This will return the open offer of a kind, of which there is one at most."""
    return next((one for one in open_supplements_of(session, order_id) if one.kind is kind), None)


def has_unpaid_balance(session: Session, order_id: int, *, now: datetime) -> bool:
    """This will tell whether the customer has accepted a price that is not paid (RULES C-035).

    An offer that has expired is owed no longer, once a payment page that was opened in time is closed too.
    """
    closing = timedelta(minutes=migration_desk().payment_open_minutes)
    owed = exists().where(
        Supplement.order_id == order_id,
        Supplement.state == SupplementState.OFFERED,
        Supplement.accepted_at.is_not(None),
        Supplement.expires_at > now - closing,
    )
    return bool(session.scalar(select(owed)))


def over_supplements(session: Session, now: datetime, *, limit: int) -> Sequence[Supplement]:
    """This will return open offers whose last day is over, with their orders, those that ended first before others."""
    wanted = select(Supplement).where(Supplement.state == SupplementState.OFFERED, Supplement.expires_at <= now)
    with_order = joinedload(Supplement.order, innerjoin=True).joinedload(Order.calendar_row, innerjoin=True)
    return session.scalars(wanted.order_by(Supplement.expires_at, Supplement.id).limit(limit).options(with_order)).all()
