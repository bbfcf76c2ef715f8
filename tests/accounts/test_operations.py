"""Opening accounts and letting people in and out, below the pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.invitation_operations import accept, invite, remove_colleague
from migrator.accounts.models import Organisation
from migrator.accounts.operations import UnknownZone, change_profile, sign_up
from migrator.accounts.queries import InvitationOver
from migrator.accounts.staff_operations import (
    AddressInUse,
    LastAdministrator,
    NotAStaffRole,
    add_staff,
    change_role,
    deactivate,
)
from migrator.database.session import transaction
from migrator.history.actor import SYSTEM, Role
from migrator.history.models import HistoryEntry
from migrator.journeys.welcome_staff import welcome_staff
from tests.factories.people import a_customer, an_account_manager, an_administrator


def verbs(session: Session) -> list[str]:
    about_people = HistoryEntry.subject.in_(("person", "invitation"))
    return list(session.scalars(select(HistoryEntry.verb).where(about_people).order_by(HistoryEntry.id)))


def test_an_organisation_without_a_company_is_called_like_its_person(session: Session, now: datetime) -> None:
    person = sign_up(session, email="A@B.example", name="Ida Holm", company="", password_hash="x", now=now)
    assert session.get_one(Organisation, person.organisation_id).name == "Ida Holm"
    assert (person.email, person.confirmed_at, person.active) == ("a@b.example", None, True)


def test_a_zone_that_does_not_exist_is_refused(session: Session, now: datetime) -> None:
    person = a_customer(session)
    with pytest.raises(UnknownZone):
        change_profile(session, person.id, name="Ida", zone="Moon/Sea", now=now)


def test_an_invitation_and_its_end_are_in_the_history(session: Session, now: datetime) -> None:
    host = a_customer(session)
    assert host.organisation_id
    invitation = invite(
        session, organisation_id=host.organisation_id, email="Guest@b.example", actor=host.actor, now=now
    )
    guest = accept(session, invitation.token, name="Guest", password_hash="x", now=now)
    assert (guest.email, guest.organisation_id, guest.confirmed_at) == ("guest@b.example", host.organisation_id, now)
    with pytest.raises(InvitationOver):
        accept(session, invitation.token, name="Guest", password_hash="x", now=now)
    remove_colleague(session, guest.id, organisation_id=host.organisation_id, actor=host.actor, now=now)
    assert verbs(session) == ["invitation.sent", "person.joined", "invitation.accepted", "person.removed"]


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    boss = an_administrator(session)
    an_administrator(session, active=False)
    for change in (
        lambda: deactivate(session, boss.id, actor=SYSTEM, now=now),
        lambda: change_role(session, boss.id, role=Role.FINANCE, actor=SYSTEM, now=now),
    ):
        with pytest.raises(LastAdministrator):
            change()
    second = an_administrator(session)
    assert not deactivate(session, boss.id, actor=second.actor, now=now).active


def test_staff_have_staff_roles_and_addresses_of_their_own(session: Session, now: datetime) -> None:
    taken = an_account_manager(session).email
    with pytest.raises(AddressInUse):
        add_staff(session, email=taken.upper(), name="X", role=Role.FINANCE, actor=SYSTEM, now=now)
    for role in (Role.CUSTOMER, Role.SYSTEM):
        with pytest.raises(NotAStaffRole):
            add_staff(session, email="x@b.example", name="X", role=role, actor=SYSTEM, now=now)


def test_what_is_refused_leaves_nothing(app: Flask, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            taken = an_account_manager(session).email
        with pytest.raises(AddressInUse), transaction() as session:
            welcome_staff(session, email=taken, name="X", role=Role.FINANCE, actor=SYSTEM, now=now)
        with transaction() as session:
            assert verbs(session) == []
