"""How instances, restores and windows are shown, on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.wording import day_text, end_text, local_time, moment_text, place_text
from migrator.hosting.maintenance_models import Maintenance
from migrator.hosting.maintenance_queries import announced_for, names_touched
from migrator.hosting.maintenance_rules import MaintenanceState, window_text
from migrator.hosting.models import HostingInstance, Magento, Restore
from migrator.hosting.restore_rules import KIND_WORDS, OPEN, STATE_WORDS, RestoreState

PLATFORMS = {Magento.MAGENTO_1: "Magento 1", Magento.MAGENTO_2: "Magento 2"}
TONES = {
    RestoreState.ASKED: "info",
    RestoreState.IN_WORK: "info",
    RestoreState.DONE: "done",
    RestoreState.DONE_IN_PART: "attention",
    RestoreState.NOT_POSSIBLE: "problem",
    RestoreState.WITHDRAWN: "neutral",
}
WINDOW_STATES = {
    MaintenanceState.ANNOUNCED: ("Announced", "info"),
    MaintenanceState.WITHDRAWN: ("Withdrawn", "neutral"),
    MaintenanceState.RECORDED: ("Over", "done"),
}


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One instance; `promise` is what its plan says about the first answer (RULES M-018)."""

    id: int
    name: str
    customer: str
    plan: str
    promise: str
    platform: str
    zone: str
    is_foreign: bool
    since: str


@dataclass(frozen=True, slots=True)
class RestoreView:
    """One restore. `gone` is when its copy disappears; empty once the restore has ended."""

    id: int
    instance: str
    what: str
    day: str
    state: str
    tone: str
    asked: str
    gone: str


@dataclass(frozen=True, slots=True)
class WindowView:
    """One maintenance window for a customer, with the names of the instances that it touches."""

    id: int
    title: str
    reason: str
    when: str
    names: str
    is_now: bool


def instance_view(instance: HostingInstance, *, customer: str = "") -> InstanceView:
    """This will show an instance."""
    return InstanceView(
        id=instance.id,
        name=instance.name,
        customer=customer,
        plan=instance.plan.name,
        promise=instance.plan.promise,
        platform=PLATFORMS[instance.platform],
        zone=instance.host_zone,
        is_foreign=instance.is_foreign,
        since=day_text(local_time(instance.created_at, instance.host_zone).date()),
    )


def restore_view(restore: Restore, instance: HostingInstance) -> RestoreView:
    """This will show a restore of an instance."""
    zone = instance.host_zone
    return RestoreView(
        id=restore.id,
        instance=instance.name,
        what=KIND_WORDS[restore.kind],
        day=day_text(restore.wanted_on),
        state=STATE_WORDS[restore.state],
        tone=TONES[restore.state],
        asked=moment(restore.asked_at, zone),
        gone=f"{end_text(restore.gone_at, zone)} {place_text(zone)}" if restore.state in OPEN else "",
    )


def restore_views(restores: Iterable[Restore], instance: HostingInstance) -> list[RestoreView]:
    """This will show the restores of one instance."""
    return [restore_view(restore, instance) for restore in restores]


def moment(at: datetime, zone: str) -> str:
    """This will return an instant with its place: `Tue 24 Nov 2026, 11:00 Kyiv`."""
    return f"{moment_text(at, zone)} {place_text(zone)}"


def window_views(session: Session, organisation_id: int, *, zone: str, now: datetime) -> list[WindowView]:
    """This will show the windows to come or under way that touch a customer; two questions, one where there is none."""
    found = announced_for(session, organisation_id, now=now)
    if not found:
        return []
    names = names_touched(session, [each.id for each in found], organisation_id)
    return _window_views(found, names, zone=zone, now=now)


def _window_views(
    found: Sequence[Maintenance], names: dict[int, list[str]], *, zone: str, now: datetime
) -> list[WindowView]:
    return [
        WindowView(
            id=each.id,
            title=each.title,
            reason=each.reason,
            when=window_text(each.starts_at, each.ends_at, zone),
            names=", ".join(names.get(each.id, [])),
            is_now=each.starts_at <= now,
        )
        for each in found
    ]
