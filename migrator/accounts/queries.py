"""Questions about people and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, joinedload, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, manager_of_class

from migrator.accounts.models import OUR_OWN, Invitation, Organisation, Person
from migrator.database.prepared import Prepared
from migrator.errors import DomainError, NotFound
from migrator.history.actor import STAFF, Role


class InvitationOver(DomainError):
    """There is no invitation with this secret that can still be accepted."""


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Who can sign in for an organisation, and who was asked to join."""

    organisation: str
    people: tuple[Person, ...]
    invitations: tuple[Invitation, ...]


def colleagues(session: Session, organisation_id: int, *, now: datetime) -> Colleagues:
    """This will return the active people of an organisation and its invitations that can still be accepted."""
    name = session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
    people = (
        select(Person).where(Person.organisation_id == organisation_id, Person.active).order_by(Person.name, Person.id)
    )
    invitations = (
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id)
    )
    return Colleagues(name, tuple(session.scalars(people)), tuple(session.scalars(invitations)))


def open_invitation(session: Session, token: str, *, now: datetime, for_update: bool = False) -> Invitation:
    """This will return the invitation with that secret, with its organisation.

    :raises InvitationOver: when it was accepted or withdrawn, or its time is over
    """
    wanted = (
        select(Invitation)
        .where(
            Invitation.token == token,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .options(joinedload(Invitation.organisation, innerjoin=True))
    )
    invitation = session.scalar(wanted.with_for_update(of=Invitation) if for_update else wanted)
    if invitation is None:
        raise InvitationOver("This invitation was used, withdrawn or is too old.")
    return invitation


def staff(session: Session) -> tuple[Person, ...]:
    """This will return our own people, those who have left last."""
    own = select(Person).where(OUR_OWN, Person.role.in_(STAFF)).order_by(Person.active.desc(), Person.name, Person.id)
    return tuple(session.scalars(own))


def standing_in_for(session: Session, person: Person) -> list[Person]:
    """This will return who reads what is meant for a customer: the person, or the colleagues of one who has left."""
    if person.active:
        return [person]
    colleagues_left = (
        select(Person).where(Person.organisation_id == person.organisation_id, Person.active).order_by(Person.id)
    )
    return list(session.scalars(colleagues_left))


def account_managers(session: Session) -> list[Person]:
    """This will return the active account managers by name: who can look after an order."""
    wanted = select(Person).where(OUR_OWN, Person.role == Role.ACCOUNT_MANAGER, Person.active)
    return list(session.scalars(wanted.order_by(Person.name, Person.id)))


MANAGERS = Prepared(
    select(Person.id, func.coalesce(func.nullif(Person.name, ""), Person.email).label("name"))
    .where(OUR_OWN, Person.role == literal_column("'account_manager'"), Person.active)
    .order_by(Person.name, Person.id)
)


def manager_names(session: Session) -> tuple[tuple[int, str], ...]:
    """This will return ids and names of the active account managers, by name: for a list to choose from."""
    return tuple((manager.id, manager.name) for manager in MANAGERS.rows(session))


NAMED = Prepared(select(Person.__table__).where(Person.fs_uniquifier == bindparam("uniquifier", type_=String)))


def person_named(connection: Connection, uniquifier: str) -> Person | None:
    """This will return the person whom a session's cookie names, to look at: as detached from any session.

    Every page asks this, so the row is put together without the ORM's loading, which takes longer than the question.
    """
    for row in NAMED.rows_on(connection, uniquifier=uniquifier):
        person: Person = manager_of_class(Person).new_instance()
        instance_dict(person).update(row._asdict(), role=Role(row.role))
        make_transient_to_detached(person)
        return person
    return None


def customer_by_email(session: Session, email: str) -> Organisation:
    """This will return the organisation that an active customer with that address signs in for.

    :raises NotFound: when there is none
    """
    wanted = select(Organisation).join(Person, Person.organisation_id == Organisation.id)
    found = session.scalar(wanted.where(Person.email == email, Person.active))
    if found is None:
        raise NotFound("No customer signs in with this address. Look at its spelling.")
    return found
