"""Maintenance of hosting: announced to every customer that it touches, once, and withdrawn the same way (M-046)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.hosting.maintenance_models import Maintenance
from migrator.hosting.maintenance_operations import announce, withdraw
from migrator.hosting.maintenance_queries import names_touched, people_touched
from migrator.hosting.maintenance_rules import window_text
from migrator.notifications.operations import owe


def announce_maintenance(
    session: Session,
    *,
    title: str,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    instance_ids: Sequence[int],
    person: Person,
    zone: str,
    now: datetime,
) -> Maintenance:
    """This will announce a window and write to everybody whose instances it touches, once.

    :param zone: in which readers without a zone of their own read the window
    :raises WindowUnusable: for a window that cannot be announced
    :raises NobodyAffected: without an instance
    """
    maintenance = announce(
        session,
        title=title,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        instance_ids=instance_ids,
        person=person,
        now=now,
    )
    _tell(session, maintenance, "maintenance_announced", zone=zone, now=now)
    return maintenance


def withdraw_maintenance(
    session: Session, maintenance: Maintenance, *, reason: str, person: Person, zone: str, now: datetime
) -> None:
    """This will take a window back and write to the same people, once.

    :param maintenance: locked
    :raises TooLate: when it was withdrawn, or has begun
    :raises WindowUnusable: without a reason
    """
    withdraw(session, maintenance, reason=reason, actor=person.actor, now=now)
    _tell(session, maintenance, "maintenance_withdrawn", zone=zone, now=now)


def _tell(session: Session, maintenance: Maintenance, kind: str, *, zone: str, now: datetime) -> None:
    names: dict[int, list[str]] = {}
    for reader in people_touched(session, maintenance.id):
        assert reader.organisation_id is not None, "customers have organisations"
        if reader.organisation_id not in names:
            touched = names_touched(session, [maintenance.id], reader.organisation_id)
            names[reader.organisation_id] = touched.get(maintenance.id, [])
        owe(
            session,
            kind=kind,
            cause=f"maintenance:{maintenance.id}",
            recipient=reader,
            order_id=None,
            context={
                "maintenance": maintenance,
                "window": window_text(maintenance.starts_at, maintenance.ends_at, reader.zone or zone),
                "names": names[reader.organisation_id],
            },
            now=now,
        )
