"""Questions about instances and restores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, select, tuple_
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.hosting.models import TO_DO, FreeMigrationUse, HostingInstance, PolicyAcknowledgement, Restore
from migrator.orders.models import Order

NO_SUCH_INSTANCE = "There is no such instance."
NO_SUCH_RESTORE = "There is no such restore."
PAGE = 50
SHOWN = 20


def instances_of(session: Session, organisation_id: int) -> Sequence[HostingInstance]:
    """This will return an organisation's instances, the newest first."""
    theirs = HostingInstance.organisation_id == organisation_id
    return session.scalars(select(HostingInstance).where(theirs).order_by(HostingInstance.id.desc()).limit(PAGE)).all()


def has_instance(connection: Connection, organisation_id: int) -> bool:
    """This will tell whether an organisation has hosting with us."""
    theirs = select(HostingInstance.id).where(HostingInstance.organisation_id == organisation_id)
    return connection.scalar(theirs.limit(1)) is not None


def instance_of(
    session: Session, instance_id: int, organisation_id: int, *, for_update: bool = False
) -> HostingInstance:
    """This will return an organisation's own instance.

    :raises NotFound: when there is none, or it is another's
    """
    wanted = select(HostingInstance).where(
        HostingInstance.id == instance_id, HostingInstance.organisation_id == organisation_id
    )
    return _found(session.scalar(wanted.with_for_update() if for_update else wanted))


def instance_for_staff(session: Session, instance_id: int, *, for_update: bool = False) -> HostingInstance:
    """This will return any instance with its customer; for staff alone.

    :raises NotFound: when there is none
    """
    wanted = _with_customer().where(HostingInstance.id == instance_id)
    return _found(session.scalar(wanted.with_for_update(of=HostingInstance) if for_update else wanted))


def instances(
    session: Session, *, words: str = "", before: int | None = None, limit: int = PAGE
) -> Sequence[HostingInstance]:
    """This will return the instances whose name or customer holds the words, the newest first.

    One more than `limit` is returned if there are further ones.
    """
    wanted = _with_customer().order_by(HostingInstance.id.desc()).limit(limit + 1)
    if words:
        wanted = wanted.where(HostingInstance.search_name.contains(words.casefold(), autoescape=True))
    if before:
        wanted = wanted.where(HostingInstance.id < before)
    return session.scalars(wanted).all()


def free_migration_of(session: Session, instance_id: int) -> FreeMigrationUse | None:
    """This will return how the free migration of an instance was used, with its order; none while it is not."""
    return session.scalar(
        select(FreeMigrationUse)
        .where(FreeMigrationUse.instance_id == instance_id)
        .options(joinedload(FreeMigrationUse.order, innerjoin=True).load_only(Order.number, Order.state))
    )


def has_acknowledged(session: Session, person_id: int, version: str) -> bool:
    """This will tell whether a person has read the hosting desk's policy of a version (RULES M-002)."""
    known = select(PolicyAcknowledgement.id).where(
        PolicyAcknowledgement.person_id == person_id, PolicyAcknowledgement.policy_version == version
    )
    return session.scalar(known) is not None


def restores_of(session: Session, instance_id: int, *, limit: int = SHOWN) -> Sequence[Restore]:
    """This will return what was asked to be brought back for an instance, the newest first."""
    theirs = Restore.instance_id == instance_id
    return session.scalars(select(Restore).where(theirs).order_by(Restore.id.desc()).limit(limit)).all()


def restore_of(session: Session, restore_id: int, organisation_id: int, *, for_update: bool = False) -> Restore:
    """This will return an organisation's own restore, with its instance.

    :raises NotFound: when there is none, or it is another's
    """
    own = HostingInstance.organisation_id == organisation_id
    wanted = _whole_restore().join(Restore.instance).where(Restore.id == restore_id, own)
    return _found_restore(session, wanted, for_update=for_update)


def restore_for_staff(session: Session, restore_id: int, *, for_update: bool = False) -> Restore:
    """This will return any restore with its instance and customer; for staff alone.

    :raises NotFound: when there is none
    """
    return _found_restore(session, _whole_restore().where(Restore.id == restore_id), for_update=for_update)


def restores_to_do(
    session: Session, *, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> Sequence[Restore]:
    """This will return the restores that have not ended, the copy that disappears first at the top."""
    wanted = _whole_restore().where(TO_DO).order_by(Restore.gone_at, Restore.id).limit(limit + 1)
    if after:
        wanted = wanted.where(tuple_(Restore.gone_at, Restore.id) > tuple_(*after))
    return session.scalars(wanted).all()


def restores_ended(session: Session, *, before: int | None = None, limit: int = PAGE) -> Sequence[Restore]:
    """This will return the restores that have ended, the newest first."""
    wanted = _whole_restore().where(Restore.ended_at.is_not(None)).order_by(Restore.id.desc()).limit(limit + 1)
    return session.scalars(wanted.where(Restore.id < before) if before else wanted).all()


def _with_customer() -> Select[HostingInstance]:
    return select(HostingInstance).options(joinedload(HostingInstance.organisation, innerjoin=True))


def _whole_restore() -> Select[Restore]:
    return select(Restore).options(
        joinedload(Restore.instance, innerjoin=True).joinedload(HostingInstance.organisation, innerjoin=True),
        joinedload(Restore.asked_by, innerjoin=True),
        joinedload(Restore.worked_on_by),
    )


def _found_restore(session: Session, wanted: Select[Restore], *, for_update: bool) -> Restore:
    found = session.scalar(wanted.with_for_update(of=Restore) if for_update else wanted)
    if found is None:
        raise NotFound(NO_SUCH_RESTORE)
    return found


def _found(instance: HostingInstance | None) -> HostingInstance:
    if instance is None:
        raise NotFound(NO_SUCH_INSTANCE)
    return instance
