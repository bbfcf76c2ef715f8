"""Closing a customer's account: who it was is forgotten, what bookkeeping needs stays (RULES X-14).

The person's row stays, because orders, invoices and history name it; all that says who it was is overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from migrator.accounts.models import Invitation, Organisation, Person
from migrator.accounts.operations import shut_out
from migrator.history.models import Visibility
from migrator.history.operations import forget_name, record

NOWHERE = "closed.invalid"
RULE = "X-14"


def colleagues_left(session: Session, person: Person, *, for_update: bool = False) -> Sequence[Person]:
    """This will return who else can sign in for the person's organisation.

    :param for_update: holds the organisation, so that of two who close at once the second sees that the first has left
    """
    if for_update:
        session.get_one(Organisation, person.organisation_id, with_for_update=True)
    others = select(Person).where(
        Person.organisation_id == person.organisation_id, Person.active, Person.id != person.id
    )
    return session.scalars(others.order_by(Person.id)).all()


def withdraw_invitations(session: Session, organisation_id: int, *, now: datetime) -> None:
    """This will make every open invitation into an organisation worthless."""
    still_open = Invitation.organisation_id == organisation_id, Invitation.accepted_at.is_(None)
    session.execute(update(Invitation).where(*still_open, Invitation.withdrawn_at.is_(None)).values(withdrawn_at=now))


def pseudonymise_person(session: Session, person: Person, *, now: datetime) -> None:
    """This will forget who a customer is, in accounts and history, and end their sessions for good.

    The number that they are called by from now on says nothing about them.
    """
    address, pseudonym = person.email, f"Former customer {person.id}"
    person.name, person.email, person.zone = pseudonym, f"closed-{person.id}@{NOWHERE}", ""
    person.password = person.tf_primary_method = person.tf_totp_secret = person.tf_last_counter = None
    person.mf_recovery_codes = None
    person.closed_at = now
    shut_out(person)
    session.flush()
    over = Invitation.email == address, Invitation.accepted_at.is_not(None) | Invitation.withdrawn_at.is_not(None)
    session.execute(update(Invitation).where(*over).values(email=person.email))
    forget_name(session, person.id, pseudonym)
    record(
        session,
        "account.closed",
        subject="person",
        key=person.id,
        actor=person.actor,
        now=now,
        visibility=Visibility.STAFF,
        facts={"rule": RULE},
    )


def pseudonymise_organisation(session: Session, organisation_id: int) -> None:
    """This will forget the name of an organisation that nobody signs in for any more: most bear a person's name."""
    session.get_one(Organisation, organisation_id).name = f"Former customer, organisation {organisation_id}"
    session.flush()
