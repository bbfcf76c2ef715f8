"""Opening and revoking links to a part of an order. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_models import OrderLink
from migrator.orders.link_queries import standing_link
from migrator.orders.models import Order


def open_link(session: Session, order: Order, purpose: LinkPurpose, *, actor: Actor, now: datetime) -> OrderLink:
    """This will return the order's link for a purpose, made now where none stands.

    :param order: read for update, so that two presses make one link
    """
    if standing := standing_link(session, order.id, purpose):
        return standing
    link = OrderLink(order=order, purpose=purpose, created_by_id=actor.person_id, created_at=now)
    session.add(link)
    session.flush()
    _record(session, "link.opened", link, order, actor=actor, now=now)
    return link


def revoke_link(session: Session, order: Order, purpose: LinkPurpose, *, actor: Actor, now: datetime) -> bool:
    """This will end the order's link for a purpose for good, and tell whether one stood.

    :param order: read for update
    """
    link = standing_link(session, order.id, purpose)
    if link is None:
        return False
    link.revoked_at = now
    session.flush()
    _record(session, "link.revoked", link, order, actor=actor, now=now)
    return True


def _record(session: Session, verb: str, link: OrderLink, order: Order, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        verb,
        subject="order_link",
        key=link.id,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={"purpose": link.purpose.value},
    )
