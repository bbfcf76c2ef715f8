"""Questions about links to a part of an order."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_models import OrderLink
from migrator.orders.models import Order


def standing_link(session: Session, order_id: int, purpose: LinkPurpose) -> OrderLink | None:
    """This will return the order's link for a purpose that is not revoked, or none."""
    return session.scalar(
        select(OrderLink).where(
            OrderLink.order_id == order_id, OrderLink.purpose == purpose, OrderLink.revoked_at.is_(None)
        )
    )


def standing_links(session: Session, order_id: int) -> Mapping[LinkPurpose, int]:
    """This will return the number of each link of the order that is not revoked, by its purpose."""
    wanted = select(OrderLink.purpose, OrderLink.id).where(
        OrderLink.order_id == order_id, OrderLink.revoked_at.is_(None)
    )
    return {row.purpose: row.id for row in session.execute(wanted)}


def order_behind(session: Session, link_id: int | None, purpose: LinkPurpose) -> Order:
    """This will return the order that a standing link opens, with its calendar and nothing about people.

    :param link_id: as its token named it; none where the token was not ours
    :raises NotFound: when there is no such link, or it was revoked
    """
    order = session.scalar(
        select(Order)
        .join(OrderLink, OrderLink.order_id == Order.id)
        .where(OrderLink.id == link_id, OrderLink.purpose == purpose, OrderLink.revoked_at.is_(None))
        .options(joinedload(Order.calendar_row, innerjoin=True))
    )
    if order is None:
        raise NotFound("There is no such page.")
    return order
