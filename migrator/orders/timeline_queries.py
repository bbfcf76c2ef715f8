"""What happened to an order, asked of the history page by page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.history.models import HistoryEntry, Visibility
from migrator.orders.models import CustomerMessage
from migrator.orders.timeline import VERBS, Filter
from migrator.orders.timeline_words import Deed

PAGE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Deeds:
    """Some of an order's deeds, the newest first. `older_than` asks for those before them; none when these are all."""

    deeds: tuple[Deed, ...]
    older_than: int | None


def deeds_of(session: Session, order_id: int, *, chosen: Filter = Filter.ALL, before_id: int | None = None) -> Deeds:
    """This will return what the customer may see of an order's history, with the words of messages, in one query."""
    message_id = HistoryEntry.facts["message_id"].as_integer()
    wanted = (
        select(HistoryEntry, CustomerMessage.body)
        .outerjoin(CustomerMessage, CustomerMessage.id == message_id)
        .where(HistoryEntry.order_id == order_id, HistoryEntry.visibility == Visibility.CUSTOMER)
    )
    if chosen in VERBS:
        wanted = wanted.where(HistoryEntry.verb.in_(VERBS[chosen]))
    if before_id is not None:
        wanted = wanted.where(HistoryEntry.id < before_id)
    rows = session.execute(wanted.order_by(HistoryEntry.id.desc()).limit(PAGE_LENGTH + 1)).all()
    shown = rows[:PAGE_LENGTH]
    older_than = shown[-1][0].id if len(rows) > PAGE_LENGTH else None
    return Deeds(tuple(_deed(entry, body) for entry, body in shown), older_than)


def _deed(entry: HistoryEntry, body: str | None) -> Deed:
    return Deed(
        verb=entry.verb,
        happened_at=entry.happened_at,
        actor_name=entry.actor_name,
        actor_role=entry.actor_role,
        reason=entry.reason,
        facts=entry.facts,
        message=body or "",
    )
