"""Asking a colleague into an organisation, and letting one go."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Invitation, Organisation, Person
from migrator.accounts.operations import NO_SUCH_PERSON, add_person, shut_out
from migrator.accounts.queries import open_invitation
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Actor, Role
from migrator.history.operations import record

INVITATION_DAYS = 7


class AlreadyHere(DomainError):
    """The address belongs to a colleague."""


class AddressTaken(DomainError):
    """The invited address signs in somewhere else already."""


class LastPerson(DomainError):
    """Nobody would be left who can sign in for the organisation."""


def invite(session: Session, *, organisation_id: int, email: str, actor: Actor, now: datetime) -> Invitation:
    """This will ask an address into an organisation for seven days; an earlier open invitation ends with it.

    :raises AlreadyHere: when a colleague has that address
    """
    email = email.lower()
    session.get_one(Organisation, organisation_id, with_for_update=True)
    colleague = select(Person.id).where(Person.email == email, Person.organisation_id == organisation_id, Person.active)
    if session.scalar(colleague) is not None:
        raise AlreadyHere(f"{email} is one of you already.")
    for earlier in session.scalars(_open(organisation_id).where(Invitation.email == email).with_for_update()):
        earlier.withdrawn_at = now
    session.flush()
    invitation = Invitation(
        organisation_id=organisation_id,
        email=email,
        token=token_urlsafe(32),
        invited_by_id=actor.person_id,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    session.add(invitation)
    session.flush()
    _record(session, "invitation.sent", invitation, actor=actor, now=now)
    return invitation


def withdraw(session: Session, invitation_id: int, *, organisation_id: int, actor: Actor, now: datetime) -> Invitation:
    """This will end an open invitation of the organisation.

    :raises NotFound: when it has none such
    """
    wanted = _open(organisation_id).where(Invitation.id == invitation_id).with_for_update()
    invitation = session.scalar(wanted)
    if invitation is None:
        raise NotFound("This invitation is not open any more.")
    invitation.withdrawn_at = now
    _record(session, "invitation.withdrawn", invitation, actor=actor, now=now)
    return invitation


def accept(session: Session, token: str, *, name: str, password_hash: str, now: datetime) -> Person:
    """This will let the invited person in. The link came by e-mail, so the address is theirs.

    :raises InvitationOver: when it was accepted or withdrawn, or its time is over
    :raises AddressTaken: when the address has an account elsewhere
    """
    invitation = open_invitation(session, token, now=now, for_update=True)
    invitation.accepted_at = now
    returning = session.scalar(select(Person).where(Person.email == invitation.email).with_for_update())
    if returning is None:
        person = add_person(
            session,
            email=invitation.email,
            name=name,
            role=Role.CUSTOMER,
            organisation_id=invitation.organisation_id,
            password_hash=password_hash,
            confirmed_at=now,
            now=now,
        )
    else:
        person = _welcome_back(returning, invitation, name=name, password_hash=password_hash)
    _record(session, "invitation.accepted", invitation, actor=person.actor, now=now)
    return person


def remove_colleague(session: Session, person_id: int, *, organisation_id: int, actor: Actor, now: datetime) -> Person:
    """This will let a colleague sign in no more, at once.

    :raises NotFound: when the organisation has no such person
    :raises LastPerson: when nobody else could sign in
    """
    active = (
        select(Person)
        .where(Person.organisation_id == organisation_id, Person.active)
        .order_by(Person.id)
        .with_for_update(of=Person)
    )
    colleagues = {person.id: person for person in session.scalars(active)}
    if person_id not in colleagues:
        raise NotFound(NO_SUCH_PERSON)
    if len(colleagues) == 1:
        raise LastPerson("You are the only one who can sign in here. Invite a colleague first.")
    person = colleagues[person_id]
    shut_out(person)
    record(session, "person.removed", subject="person", key=person.id, actor=actor, now=now)
    return person


def _open(organisation_id: int) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )


def _welcome_back(person: Person, invitation: Invitation, *, name: str, password_hash: str) -> Person:
    if person.active or person.organisation_id != invitation.organisation_id:
        raise AddressTaken(
            "This address signs in to another account with us. Sign in there, or ask to be invited at another address."
        )
    person.active, person.name, person.password = True, name, password_hash
    return person


def _record(session: Session, verb: str, invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    facts = {"email": invitation.email, "organisation_id": invitation.organisation_id}
    record(session, verb, subject="invitation", key=invitation.id, actor=actor, now=now, facts=facts)
