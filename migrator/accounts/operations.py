"""Opening an account and keeping it up to date."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Actor, Role
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.policy.countries import country_name

NO_SUCH_PERSON = "There is no such person."


class UnknownZone(DomainError):
    """The time zone is none that the world has."""


class UnknownCountry(DomainError):
    """The country is none of ISO 3166."""


def sign_up(
    session: Session,
    *,
    email: str,
    name: str,
    company: str,
    password_hash: str,
    now: datetime,
    confirmed_at: datetime | None = None,
) -> Person:
    """This will open a customer's account with an organisation of its own, named like the person without a company.

    :param confirmed_at: when the address was shown to be theirs; without it they cannot sign in yet
    """
    organisation = Organisation(name=company or name, created_at=now)
    session.add(organisation)
    session.flush()
    return add_person(
        session,
        email=email,
        name=name,
        role=Role.CUSTOMER,
        organisation_id=organisation.id,
        password_hash=password_hash,
        confirmed_at=confirmed_at,
        now=now,
    )


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int | None,
    password_hash: str | None,
    confirmed_at: datetime | None,
    now: datetime,
) -> Person:
    """This will add somebody who signs in, and write into the history that they joined."""
    person = Person(
        email=email.lower(),
        name=name,
        role=role,
        organisation_id=organisation_id,
        password=password_hash,
        confirmed_at=confirmed_at,
        active=True,
        fs_uniquifier=uuid4().hex,
        created_at=now,
    )
    session.add(person)
    session.flush()
    record(session, "person.joined", subject="person", key=person.id, actor=person.actor, now=now)
    return person


def change_profile(session: Session, person_id: int, *, name: str, zone: str, now: datetime) -> Person:
    """This will save the person's own name and time zone (IANA; empty for desk time alone).

    :raises UnknownZone: for a zone that does not exist
    """
    if zone and zone not in available_timezones():
        raise UnknownZone("Choose a time zone from the list.")
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(NO_SUCH_PERSON)
    before = {"name": person.name, "zone": person.zone}
    person.name, person.zone = name, zone
    record(session, "person.changed", subject="person", key=person.id, actor=person.actor, now=now, facts=before)
    return person


def told_country(session: Session, organisation_id: int, country: str, *, actor: Actor, now: datetime) -> str:
    """This will keep the country that a customer has told, if any, and return where the organisation is.

    :param country: ISO code; empty where nothing new was said
    :raises UnknownCountry: for a code that is none
    """
    organisation = session.get_one(Organisation, organisation_id)
    if country in {"", organisation.country}:
        return organisation.country
    if not country_name(country):
        raise UnknownCountry("Choose a country from the list.")
    facts = {"before": organisation.country, "country": country}
    organisation.country = country
    record(
        session,
        "organisation.moved",
        subject="organisation",
        key=organisation_id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        facts=facts,
    )
    return country


def shut_out(person: Person) -> None:
    """This will end a person's sessions and links at once and let no new ones begin."""
    person.active = False
    person.fs_uniquifier = uuid4().hex
