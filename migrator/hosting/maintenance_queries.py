"""Questions about maintenance windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Organisation, Person
from migrator.errors import NotFound
from migrator.hosting.maintenance_models import ANNOUNCED, MaintainedInstance, Maintenance
from migrator.hosting.models import HostingInstance

NO_SUCH_WINDOW = "There is no such maintenance."
PAGE = 50
SHOWN = 20


@dataclass(frozen=True, slots=True)
class InstanceMinutes:
    """The minutes of one instance that do not count against us, over some time."""

    instance_id: int
    instance: str
    customer: str
    windows: int
    minutes: int


def announced_for(session: Session, organisation_id: int, *, now: datetime) -> Sequence[Maintenance]:
    """This will return the windows to come or under way that touch an organisation, the next first."""
    touched = (
        select(MaintainedInstance.maintenance_id)
        .join(HostingInstance, HostingInstance.id == MaintainedInstance.instance_id)
        .where(HostingInstance.organisation_id == organisation_id)
    )
    wanted = select(Maintenance).where(ANNOUNCED, Maintenance.ends_at > now, Maintenance.id.in_(touched))
    return session.scalars(wanted.order_by(Maintenance.ends_at, Maintenance.id).limit(SHOWN)).all()


def announced(session: Session, *, now: datetime) -> Sequence[Maintenance]:
    """This will return all windows to come or under way, the next first; whom they touch is nobody else's to know."""
    wanted = select(Maintenance).where(ANNOUNCED, Maintenance.ends_at > now)
    return session.scalars(wanted.order_by(Maintenance.ends_at, Maintenance.id).limit(SHOWN)).all()


def names_touched(session: Session, maintenance_ids: Sequence[int], organisation_id: int) -> dict[int, list[str]]:
    """This will return the names of an organisation's instances that windows touch, by window."""
    found = session.execute(
        select(MaintainedInstance.maintenance_id, HostingInstance.name)
        .join(HostingInstance, HostingInstance.id == MaintainedInstance.instance_id)
        .where(
            MaintainedInstance.maintenance_id.in_(maintenance_ids), HostingInstance.organisation_id == organisation_id
        )
        .order_by(HostingInstance.name)
    )
    names: dict[int, list[str]] = {}
    for maintenance_id, name in found:
        names.setdefault(maintenance_id, []).append(name)
    return names


def maintenance_of(session: Session, maintenance_id: int, organisation_id: int) -> Maintenance:
    """This will return a window that touches an organisation.

    :raises NotFound: when there is none, or it touches others alone
    """
    if not names_touched(session, [maintenance_id], organisation_id):
        raise NotFound(NO_SUCH_WINDOW)
    return maintenance_for_staff(session, maintenance_id)


def maintenance_for_staff(session: Session, maintenance_id: int, *, for_update: bool = False) -> Maintenance:
    """This will return any window; for staff alone.

    :raises NotFound: when there is none
    """
    wanted = select(Maintenance).where(Maintenance.id == maintenance_id)
    found = session.scalar(wanted.with_for_update() if for_update else wanted)
    if found is None:
        raise NotFound(NO_SUCH_WINDOW)
    return found


def maintenances(session: Session, *, before: int | None = None, limit: int = PAGE) -> Sequence[Maintenance]:
    """This will return all windows, the newest first; one more than `limit` if there are further ones."""
    wanted = select(Maintenance).order_by(Maintenance.id.desc()).limit(limit + 1)
    return session.scalars(wanted.where(Maintenance.id < before) if before else wanted).all()


def instances_touched(session: Session, maintenance_id: int) -> Sequence[HostingInstance]:
    """This will return the instances that a window touches, with their customers."""
    return session.scalars(
        select(HostingInstance)
        .join(MaintainedInstance, MaintainedInstance.instance_id == HostingInstance.id)
        .where(MaintainedInstance.maintenance_id == maintenance_id)
        .options(joinedload(HostingInstance.organisation, innerjoin=True))
        .order_by(HostingInstance.name, HostingInstance.id)
    ).all()


def people_touched(session: Session, maintenance_id: int) -> Sequence[Person]:
    """This will return everybody who signs in for an organisation that a window touches, each once."""
    organisations = (
        select(HostingInstance.organisation_id)
        .join(MaintainedInstance, MaintainedInstance.instance_id == HostingInstance.id)
        .where(MaintainedInstance.maintenance_id == maintenance_id)
    )
    return session.scalars(
        select(Person).where(Person.organisation_id.in_(organisations), Person.active).order_by(Person.id)
    ).all()


def minutes_since(
    session: Session, since: datetime, *, until: datetime | None = None, limit: int | None = PAGE
) -> list[InstanceMinutes]:
    """This will add up the excluded minutes of each instance since an instant, the most first (RULES M-046).

    :param until: windows that begin then or later are left out
    :param limit: none for all instances
    """
    minutes = func.sum(Maintenance.excluded_minutes)
    wanted = (
        select(HostingInstance.id, HostingInstance.name, Organisation.name, func.count(), minutes)
        .join(Organisation, Organisation.id == HostingInstance.organisation_id)
        .join(MaintainedInstance, MaintainedInstance.instance_id == HostingInstance.id)
        .join(Maintenance, Maintenance.id == MaintainedInstance.maintenance_id)
        .where(Maintenance.excluded_minutes.is_not(None), Maintenance.starts_at >= since)
        .group_by(HostingInstance.id, HostingInstance.name, Organisation.name)
        .order_by(minutes.desc(), HostingInstance.id)
        .limit(limit)
    )
    if until is not None:
        wanted = wanted.where(Maintenance.starts_at < until)
    return [
        InstanceMinutes(row_id, name, customer, count, int(total or 0))
        for row_id, name, customer, count, total in session.execute(wanted)
    ]
