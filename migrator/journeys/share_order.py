"""A customer opens a part of an order to people who do not sign in, and closes it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.notices import tell_customer
from migrator.history.actor import Actor
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_models import OrderLink
from migrator.orders.link_operations import open_link, revoke_link
from migrator.orders.models import Order


def make_link(session: Session, order: Order, purpose: LinkPurpose, *, actor: Actor, now: datetime) -> OrderLink:
    """This will make the order's link for a purpose; who placed the order is told when a colleague shares it.

    :param order: read for update, with its people and calendar
    """
    link = open_link(session, order, purpose, actor=actor, now=now)
    if purpose is LinkPurpose.SHARE and actor.person_id != order.placed_by_id:
        words = {"author_name": actor.name}
        tell_customer(session, order, "order_shared", cause=f"order_link:{link.id}", now=now, words=words)
    return link


def end_link(session: Session, order: Order, purpose: LinkPurpose, *, actor: Actor, now: datetime) -> None:
    """This will end the order's link for a purpose for good; where none stands nothing happens.

    :param order: read for update
    """
    revoke_link(session, order, purpose, actor=actor, now=now)
