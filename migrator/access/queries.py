"""Questions about access items. Owner checks happen where the order is loaded; an item is asked for by its order."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from migrator.access.models import AccessItem, Reveal, Secret
from migrator.errors import NotFound


def items_of(session: Session, order_id: int) -> tuple[AccessItem, ...]:
    """This will return the items of an order in their order, with secrets, looks at them and who looked."""
    return tuple(
        session.scalars(
            select(AccessItem)
            .where(AccessItem.order_id == order_id)
            .order_by(AccessItem.position, AccessItem.id)
            .options(selectinload(AccessItem.secrets).selectinload(Secret.reveals).joinedload(Reveal.person))
        )
    )


def items_with_secrets(session: Session, order_id: int, *, for_update: bool = False) -> tuple[AccessItem, ...]:
    """This will return the items of an order with their secrets, in their order."""
    wanted = (
        select(AccessItem)
        .where(AccessItem.order_id == order_id)
        .order_by(AccessItem.position, AccessItem.id)
        .options(selectinload(AccessItem.secrets))
    )
    return tuple(session.scalars(wanted.with_for_update() if for_update else wanted))


def plain_items_of(session: Session, order_id: int) -> tuple[AccessItem, ...]:
    """This will return the items of an order in their order, without their secrets, in one query."""
    wanted = select(AccessItem).where(AccessItem.order_id == order_id)
    return tuple(session.scalars(wanted.order_by(AccessItem.position, AccessItem.id)))


def item_of(session: Session, order_id: int, item_id: int) -> AccessItem:
    """This will return one item of an order, with secrets, looks at them and who looked.

    :raises NotFound: when the order has no such item
    """
    item = session.scalar(
        select(AccessItem)
        .where(AccessItem.order_id == order_id, AccessItem.id == item_id)
        .options(selectinload(AccessItem.secrets).selectinload(Secret.reveals).joinedload(Reveal.person))
    )
    if item is None:
        raise NotFound("There is no such access item.")
    return item


def secret_of(session: Session, order_id: int, secret_id: int) -> Secret:
    """This will return one secret of an order, with its item.

    :raises NotFound: when the order has no such secret
    """
    secret = session.scalar(
        select(Secret)
        .join(Secret.item)
        .where(AccessItem.order_id == order_id, Secret.id == secret_id)
        .options(contains_eager(Secret.item))
    )
    if secret is None:
        raise NotFound("There is no such secret.")
    return secret


def has_copies(session: Session, order_id: int) -> bool:
    """This will tell whether what we need to reach the sites still stands: no required item has lost all its secrets.

    (RULES C-084)
    """
    required = [item for item in items_with_secrets(session, order_id) if item.required and item.secrets]
    return all(any(secret.destroyed_at is None for secret in item.secrets) for item in required)
