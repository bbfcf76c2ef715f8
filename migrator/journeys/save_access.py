"""The customer saves access details; where we were waiting for them, this is the answer (RULES C-063)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.models import AccessItem
from migrator.access.operations import save_item
from migrator.access.rules import refuse_unless_editable
from migrator.access.vault import Vault
from migrator.fulfilment.operations import hold
from migrator.fulfilment.queries import open_pause_for
from migrator.history.actor import Actor
from migrator.journeys.answer_pause import answer_pause
from migrator.orders.models import Order


def save_access(
    session: Session,
    order: Order,
    item: AccessItem,
    *,
    values: Mapping[str, str],
    vault: Vault,
    actor: Actor,
    now: datetime,
) -> None:
    """This will keep what the customer gave for an item, and end the pause that waited for it.

    :param item: of this order, with its `secrets` loaded
    :raises NotEditable: when the item was checked already or the order is not being worked on
    :raises UnusableDetails: when an answer cannot be used
    """
    hold(session, order)
    refuse_unless_editable(order.state, item.state)
    save_item(session, item, values, actor=actor, vault=vault, now=now)
    if pause := open_pause_for(session, item.id):
        answer_pause(session, order, pause, actor=actor, now=now)
