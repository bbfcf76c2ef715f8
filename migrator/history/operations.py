"""Writing the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from migrator.history.actor import Actor
from migrator.history.models import HistoryEntry, Visibility


def record(
    session: Session,
    verb: str,
    *,
    subject: str,
    key: str | int,
    actor: Actor,
    now: datetime,
    order_id: int | None = None,
    visibility: Visibility = Visibility.CUSTOMER,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> HistoryEntry:
    """This will write down one deed (RULES D-10).

    :param verb: room and deed, such as `order.paused`
    :param facts: values that JSON can hold; instants as ISO text in UTC, money as integer minor units
    """
    entry = HistoryEntry(
        happened_at=now,
        actor_id=actor.person_id,
        actor_name=actor.name,
        actor_role=actor.role,
        verb=verb,
        subject=subject,
        subject_key=str(key),
        order_id=order_id,
        visibility=visibility,
        reason=reason,
        facts=facts or {},
    )
    session.add(entry)
    session.flush()
    return entry


def forget_name(session: Session, person_id: int, pseudonym: str) -> None:
    """This will write a pseudonym where a person's own name stood: the one thing that history gives up (RULES X-14).

    What was done, when and why stays as it was written; old names and addresses that it kept of the person go.
    """
    session.execute(update(HistoryEntry).where(HistoryEntry.actor_id == person_id).values(actor_name=pseudonym))
    about = HistoryEntry.subject == "person", HistoryEntry.subject_key == str(person_id)
    session.execute(update(HistoryEntry).where(*about).values(facts={}))
