"""Our own people: added, given a role and let go by an administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.operations import NO_SUCH_PERSON, add_person, shut_out
from migrator.errors import DomainError, NotFound
from migrator.history.actor import STAFF, Actor, Role
from migrator.history.models import Visibility
from migrator.history.operations import record


class AddressInUse(DomainError):
    """Somebody signs in with this address already."""


class NotAStaffRole(DomainError):
    """The role is none that our own people have."""


class YourOwnRole(DomainError):
    """Administrators neither promote, demote nor remove themselves."""


class LastAdministrator(DomainError):
    """Nobody would be left to add others."""


def add_staff(session: Session, *, email: str, name: str, role: Role, actor: Actor, now: datetime) -> Person:
    """This will add one of our own people; they set their password by the link in their welcome.

    :raises AddressInUse: when somebody has that address
    """
    _refuse_other_roles(role)
    if session.scalar(select(Person.id).where(Person.email == email.lower())) is not None:
        raise AddressInUse(f"{email.lower()} is in use already. Give another address.")
    person = add_person(
        session,
        email=email,
        name=name,
        role=role,
        organisation_id=None,
        password_hash=None,
        confirmed_at=now,
        now=now,
    )
    _record(session, "staff.added", person, actor=actor, now=now, role=role.value)
    return person


def change_role(session: Session, person_id: int, *, role: Role, actor: Actor, now: datetime) -> Person:
    """This will give one of our people another role.

    :raises YourOwnRole: for oneself
    :raises LastAdministrator: when no administrator would be left
    """
    _refuse_other_roles(role)
    person = _somebody_else(session, person_id, actor)
    _keep_an_administrator(session, person)
    before, person.role = person.role, role
    _record(session, "staff.role_changed", person, actor=actor, now=now, old=before.value, new=role.value)
    return person


def deactivate(session: Session, person_id: int, *, actor: Actor, now: datetime) -> Person:
    """This will let one of our people sign in no more, at once.

    :raises YourOwnRole: for oneself
    :raises LastAdministrator: when no administrator would be left
    """
    person = _somebody_else(session, person_id, actor)
    _keep_an_administrator(session, person)
    shut_out(person)
    _record(session, "staff.deactivated", person, actor=actor, now=now)
    return person


def reactivate(session: Session, person_id: int, *, actor: Actor, now: datetime) -> Person:
    """This will let one of our people sign in again, with the password that they had."""
    person = _somebody_else(session, person_id, actor)
    person.active = True
    _record(session, "staff.reactivated", person, actor=actor, now=now)
    return person


def _refuse_other_roles(role: Role) -> None:
    if role not in STAFF:
        raise NotAStaffRole("Choose account manager, finance or administrator.")


def _somebody_else(session: Session, person_id: int, actor: Actor) -> Person:
    wanted = select(Person).where(Person.id == person_id, Person.role.in_(STAFF)).with_for_update(of=Person)
    person = session.scalar(wanted)
    if person is None:
        raise NotFound(NO_SUCH_PERSON)
    if person.id == actor.person_id:
        raise YourOwnRole("Ask another administrator to change your own account.")
    return person


def _keep_an_administrator(session: Session, person: Person) -> None:
    # Locked in one order, so that two administrators who remove each other do not both succeed.
    administrators = (
        select(Person.id).where(Person.role == Role.ADMINISTRATOR, Person.active).order_by(Person.id).with_for_update()
    )
    if set(session.scalars(administrators)) == {person.id}:
        raise LastAdministrator("This is the last administrator. Make somebody else an administrator first.")


def _record(session: Session, verb: str, person: Person, *, actor: Actor, now: datetime, **facts: str) -> None:
    record(
        session,
        verb,
        subject="person",
        key=person.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        facts=dict(facts),
    )
