"""Announcing, withdrawing and recording maintenance. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.hosting.maintenance_models import MaintainedInstance, Maintenance
from migrator.hosting.maintenance_rules import (
    MaintenanceState,
    NobodyAffected,
    TooLate,
    WindowUnusable,
    check_interruption,
    check_window,
    check_withdrawal,
    excluded_minutes,
)


def announce(
    session: Session,
    *,
    title: str,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    instance_ids: Sequence[int],
    person: Person,
    now: datetime,
) -> Maintenance:
    """This will write down a window and the instances that it touches (RULES M-046).

    :raises WindowUnusable: for one that cannot be announced
    :raises NobodyAffected: without an instance
    """
    check_window(starts_at, ends_at, now=now)
    if not instance_ids:
        raise NobodyAffected("Choose the instances that are touched. Without any, nobody need be told.")
    maintenance = Maintenance(
        title=title,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        state=MaintenanceState.ANNOUNCED,
        announced_at=now,
        announced_by_id=person.id,
        withdrawn_reason="",
    )
    session.add(maintenance)
    session.flush()
    touched = sorted(set(instance_ids))
    session.add_all(MaintainedInstance(maintenance_id=maintenance.id, instance_id=each) for each in touched)
    session.flush()
    facts = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "instances": touched}
    _record(session, "maintenance.announced", maintenance, actor=person.actor, now=now, facts=facts)
    return maintenance


def withdraw(session: Session, maintenance: Maintenance, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will take a window back before it begins; its customers are told by the journey.

    :raises TooLate: when it was withdrawn, or has begun
    :raises WindowUnusable: without a reason
    """
    check_withdrawal(maintenance.state, starts_at=maintenance.starts_at, now=now)
    if not reason.strip():
        raise WindowUnusable("Write why the window is withdrawn. Customers read it.")
    maintenance.state, maintenance.withdrawn_at = MaintenanceState.WITHDRAWN, now
    maintenance.withdrawn_reason = reason.strip()
    session.flush()
    _record(session, "maintenance.withdrawn", maintenance, actor=actor, now=now, reason=maintenance.withdrawn_reason)


def record_minutes(
    session: Session,
    maintenance: Maintenance,
    *,
    down_from_at: datetime | None,
    down_until_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> int:
    """This will write down how long instances were interrupted, and return the excluded minutes (RULES M-046).

    :raises TooLate: for a window that was withdrawn, or whose minutes are on record
    :raises NotOverYet: before its end
    :raises InterruptionUnusable: for an interruption that makes no sense
    """
    if maintenance.state is not MaintenanceState.ANNOUNCED:
        raise TooLate("This window was withdrawn, or its minutes are on record already.")
    check_interruption(ends_at=maintenance.ends_at, down_from_at=down_from_at, down_until_at=down_until_at, now=now)
    minutes = excluded_minutes(
        starts_at=maintenance.starts_at,
        ends_at=maintenance.ends_at,
        down_from_at=down_from_at,
        down_until_at=down_until_at,
    )
    maintenance.down_from_at, maintenance.down_until_at = down_from_at, down_until_at
    maintenance.state, maintenance.excluded_minutes = MaintenanceState.RECORDED, minutes
    session.flush()
    facts = {"excluded_minutes": minutes, "rule": "M-046"}
    _record(session, "maintenance.recorded", maintenance, actor=actor, now=now, facts=facts)
    return minutes


def _record(
    session: Session,
    verb: str,
    maintenance: Maintenance,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    record(
        session,
        verb,
        subject="maintenance",
        key=maintenance.id,
        actor=actor,
        now=now,
        reason=reason,
        facts=dict(facts or {}),
    )
