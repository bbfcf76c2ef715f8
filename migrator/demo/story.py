"""The demonstration's company: its people and calendars, then each customer's story, a file each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.accounts.operations import add_person, change_profile, sign_up
from migrator.accounts.passwords import hashed
from migrator.calendars.operations import fill_calendars
from migrator.calendars.queries import calendar
from migrator.demo.atelier import atelier
from migrator.demo.books import books
from migrator.demo.ceramics import ceramics
from migrator.demo.closures import closures
from migrator.demo.hosting import hosting
from migrator.demo.letters import letters
from migrator.demo.magazine import magazine
from migrator.demo.months import months
from migrator.demo.museum import museum
from migrator.demo.outfitters import outfitters
from migrator.demo.papers import know_company, papers
from migrator.demo.people import PASSWORD, PEOPLE, DemoPerson
from migrator.demo.published import published
from migrator.demo.shelter import shelter
from migrator.demo.stage import Stage
from migrator.demo.teahouse import teahouse
from migrator.demo.tickets import tickets
from migrator.errors import DomainError
from migrator.history.actor import SYSTEM, Role
from migrator.policy.loading import calendar_plans, migration_desk
from migrator.policy.scope import scope_policy
from migrator.scope.operations import open_scope

# The earliest moment of the story; its year must be filled too.
BEGAN_DAYS_AGO = 90


class NotEmpty(DomainError):
    """The database holds people already."""


def is_empty(session: Session) -> bool:
    """Whether nobody is there yet."""
    return session.scalar(select(Person.id).limit(1)) is None


def load(session: Session, *, vault: Vault, base_url: str, folder: Path, now: datetime) -> None:
    """This will build the whole company at moments before `now`; the caller's transaction keeps all of it or nothing.

    :param folder: the instance folder, where letters and files are kept
    :raises NotEmpty: when there are people already
    """
    if not is_empty(session):
        raise NotEmpty("The demonstration is loaded into an empty database alone, and this one holds people already.")
    began_at = now - timedelta(days=BEGAN_DAYS_AGO)
    fill_calendars(session, plans=calendar_plans(), now=began_at, actor=SYSTEM)
    fill_calendars(session, plans=calendar_plans(), now=now, actor=SYSTEM)
    open_scope(session, policy=scope_policy(), now=began_at)
    people = move_in(session, began_at)
    stage = Stage(session, calendar(session, migration_desk().calendar), vault, base_url, now)
    know_company(session, now=now)
    atelier(stage, people["ines@atelier-ferreira.example"])
    books(stage, people["tomas@lindqvist-books.example"], people["maja@lindqvist-books.example"])
    outfitters(stage, people["wanjiru@savanna-outfitters.example"])
    museum(stage, people["henrik@nordlys-museum.example"], people["daniel@northbridge.example"])
    magazine(stage, people["aoife@quill-and-compass.example"])
    ceramics(stage, people["lucia@casa-ocampo.example"])
    shelter(stage, people["nisha@riverbank-shelter.example"])
    teahouse(stage, people["jun@harbour-tea.example"], people["priya@northbridge.example"])
    hosting(
        stage,
        people["wanjiru@savanna-outfitters.example"],
        people["lucia@casa-ocampo.example"],
        people["henrik@nordlys-museum.example"],
        people["oksana@northbridge.example"],
    )
    tickets(stage, people)
    letters(stage, people, folder)
    closures(stage, people["marek@northbridge.example"])
    published(stage, people)
    papers(stage)
    months(stage, people["priya@northbridge.example"])


def move_in(session: Session, began_at: datetime) -> dict[str, Person]:
    """This will write down the people of the demonstration, by their addresses."""
    password_hash = hashed(PASSWORD)
    organisations: dict[str, int] = {}
    people = {}
    for each in PEOPLE:
        person = _person(session, each, organisations.get(each.organisation), password_hash, began_at)
        if person.organisation_id is not None:
            organisations[each.organisation] = person.organisation_id
        people[each.email] = person
    return people


def _person(
    session: Session, each: DemoPerson, organisation_id: int | None, password_hash: str, began_at: datetime
) -> Person:
    if each.role is Role.CUSTOMER and organisation_id is None:
        person = sign_up(
            session,
            email=each.email,
            name=each.name,
            company=each.organisation,
            password_hash=password_hash,
            now=began_at,
            confirmed_at=began_at,
        )
    else:
        person = add_person(
            session,
            email=each.email,
            name=each.name,
            role=each.role,
            organisation_id=organisation_id,
            password_hash=password_hash,
            confirmed_at=began_at,
            now=began_at,
        )
    return change_profile(session, person.id, name=each.name, zone=each.zone, now=began_at)
