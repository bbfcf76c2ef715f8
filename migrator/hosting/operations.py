"""What is done to instances and restores. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.clock.instants import zone_named
from migrator.clock.wording import local_time
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.hosting.models import FreeMigrationUse, HostingInstance, Magento, PolicyAcknowledgement, Restore
from migrator.hosting.restore_rules import (
    OPEN,
    OUTCOMES,
    OutcomeMissing,
    RestoreEnded,
    RestoreKind,
    RestoreState,
    check_outcome,
    gone_at,
)
from migrator.orders.models import Order
from migrator.policy.hosting import HostingPolicy

NO_FACTS: Mapping[str, object] = {}


class NameTaken(DomainError):
    """The customer has an instance of that name already."""


class UnknownPlan(DomainError):
    """There is no such plan."""


class FreeMigrationUsed(DomainError):
    """The free migration of the instance is used up (RULES M-024)."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an instance is."""

    name: str
    plan: str
    platform: Magento
    host_zone: str
    is_foreign: bool = False


def add_instance(
    session: Session,
    organisation: Organisation,
    particulars: Particulars,
    *,
    policy: HostingPolicy,
    actor: Actor,
    now: datetime,
) -> HostingInstance:
    """This will write down a new instance of a customer with its plan of today (RULES D-8).

    :raises UnknownPlan: for a plan that is not sold
    :raises UnknownZone: for a zone outside the zone database
    :raises NameTaken: when the customer has one of that name
    """
    if particulars.plan not in {plan.key for plan in policy.plans}:
        raise UnknownPlan("We do not sell this plan. Choose one of those shown.")
    zone_named(particulars.host_zone)
    instance = HostingInstance(
        organisation_id=organisation.id,
        organisation=organisation,
        name=particulars.name,
        search_name=f"{particulars.name} {organisation.name}".casefold(),
        policy_version=policy.version,
        plan_key=particulars.plan,
        platform=particulars.platform,
        host_zone=particulars.host_zone,
        is_foreign=particulars.is_foreign,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(instance)
    except IntegrityError as error:
        raise NameTaken("This customer has an instance of that name. Choose another one.") from error
    facts = {"plan": particulars.plan, "platform": particulars.platform.value, "customer": organisation.name}
    _record(session, "hosting.instance_added", "hosting_instance", instance.id, actor=actor, now=now, facts=facts)
    return instance


def change_instance(
    session: Session, instance: HostingInstance, *, plan: str, is_foreign: bool, actor: Actor, now: datetime
) -> None:
    """This will change plan and language flag; requests that are open keep the promise that they were opened with.

    :raises UnknownPlan: for a plan that is not sold
    """
    old = {"plan": instance.plan_key, "is_foreign": instance.is_foreign}
    instance.plan_key, instance.is_foreign = plan, is_foreign
    session.flush()
    facts = {"old": old, "new": {"plan": plan, "is_foreign": is_foreign}}
    _record(session, "hosting.instance_changed", "hosting_instance", instance.id, actor=actor, now=now, facts=facts)


def use_free_migration(
    session: Session, instance: HostingInstance, order: Order, *, person: Person, now: datetime
) -> FreeMigrationUse:
    """This will use the one free migration of an instance for an order (RULES M-024).

    :raises FreeMigrationUsed: when it is used already, also by somebody who pressed in the same moment
    """
    use = FreeMigrationUse(instance_id=instance.id, order_id=order.id, used_by_id=person.id, used_at=now)
    try:
        with session.begin_nested():
            session.add(use)
    except IntegrityError as error:
        raise FreeMigrationUsed(
            "The free migration of this instance is used. A further one has its usual price."
        ) from error
    facts = {"order": order.number, "rule": "M-024"}
    _record(
        session,
        "hosting.free_migration_used",
        "hosting_instance",
        instance.id,
        actor=person.actor,
        now=now,
        facts=facts,
    )
    return use


def acknowledge(session: Session, person: Person, *, version: str, now: datetime) -> None:
    """This will keep that a person has read the policy of a version, once (RULES M-002)."""
    known = select(PolicyAcknowledgement.id).where(
        PolicyAcknowledgement.person_id == person.id, PolicyAcknowledgement.policy_version == version
    )
    if session.scalar(known) is not None:
        return
    kept = PolicyAcknowledgement(person_id=person.id, policy_version=version, acknowledged_at=now)
    session.add(kept)
    session.flush()
    facts = {"version": version}
    _record(session, "hosting.policy_read", "person", person.id, actor=person.actor, now=now, facts=facts)


def restore_asked_with(session: Session, token: str, person: Person) -> Restore | None:
    """This will return the restore that a person's form with that token has asked for, or none."""
    return session.scalar(select(Restore).where(Restore.token == token, Restore.asked_by_id == person.id))


def ask_restore(
    session: Session,
    instance: HostingInstance,
    kind: RestoreKind,
    *,
    paths: str,
    wanted_on: date,
    own_backup_on: date,
    person: Person,
    token: str,
    days: int,
    now: datetime,
) -> Restore:
    """This will write down what is to be brought back.

    :param kind: with the rest checked by `check_wish`
    :param days: how long copies are kept (RULES M-009)
    """
    restore = Restore(
        token=token,
        instance_id=instance.id,
        instance=instance,
        asked_by_id=person.id,
        kind=kind,
        paths=paths.strip() if kind is RestoreKind.FILES_PART else "",
        wanted_on=wanted_on,
        gone_at=gone_at(wanted_on, instance.host_zone, days=days),
        own_backup_on=own_backup_on,
        asked_at=now,
        state=RestoreState.ASKED,
        outcome="",
        copy_address="",
    )
    session.add(restore)
    session.flush()
    facts = {"kind": kind.value, "wanted_on": wanted_on.isoformat(), "own_backup_on": own_backup_on.isoformat()}
    _record(session, "restore.asked", "restore", restore.id, actor=person.actor, now=now, facts=facts)
    return restore


def take_up(session: Session, restore: Restore, *, person: Person, now: datetime) -> None:
    """This will say that we are trying.

    :raises RestoreEnded: when it was taken up, or has ended
    """
    if restore.state is not RestoreState.ASKED:
        raise RestoreEnded("This restore was taken up or has ended already. Look at what it says now.")
    restore.state, restore.worked_on_by_id = RestoreState.IN_WORK, person.id
    session.flush()
    _record(session, "restore.taken_up", "restore", restore.id, actor=person.actor, now=now)


def end_restore(
    session: Session,
    restore: Restore,
    state: RestoreState,
    *,
    outcome: str,
    copy_address: str,
    copy_days: int,
    person: Person,
    now: datetime,
) -> None:
    """This will write down how a restore ended, a copy with its link and the link's last day (RULES M-012, M-013).

    :raises RestoreEnded: when it has ended
    :raises OutcomeMissing: without words for what was not done, or without the link of a copy
    """
    if restore.state not in OPEN:
        raise RestoreEnded("This restore has ended already. Look at what it says now.")
    if state not in OUTCOMES:
        raise OutcomeMissing("Choose how the restore ended.")
    check_outcome(restore.kind, state, outcome=outcome, copy_address=copy_address)
    restore.state, restore.outcome, restore.ended_at = state, outcome.strip(), now
    restore.copy_address = copy_address.strip()
    restore.copy_until_at = _link_end(restore, copy_days, now) if restore.copy_address else None
    restore.worked_on_by_id = person.id
    session.flush()
    facts = {"state": state.value}
    _record(
        session,
        "restore.ended",
        "restore",
        restore.id,
        actor=person.actor,
        now=now,
        reason=restore.outcome,
        facts=facts,
    )


def _link_end(restore: Restore, days: int, now: datetime) -> datetime:
    # The link's last day is the customer's whole (RULES D-4).
    zone = restore.instance.host_zone
    return gone_at(local_time(now, zone).date(), zone, days=days)


def withdraw_restore(session: Session, restore: Restore, *, actor: Actor, now: datetime) -> None:
    """This will take a wish back while nobody has taken it up.

    :raises RestoreEnded: when somebody has, or it has ended
    """
    if restore.state is not RestoreState.ASKED:
        raise RestoreEnded("We work on it already. Write to us on your request if it should stop.")
    restore.state, restore.ended_at = RestoreState.WITHDRAWN, now
    session.flush()
    _record(session, "restore.withdrawn", "restore", restore.id, actor=actor, now=now)


def _record(
    session: Session,
    verb: str,
    subject: str,
    key: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: Mapping[str, object] = NO_FACTS,
) -> None:
    record(session, verb, subject=subject, key=key, actor=actor, now=now, reason=reason, facts=dict(facts))
