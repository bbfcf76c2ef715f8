"""Questions about stops."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.accounts.stops.models import STANDING, ContactStop
from migrator.accounts.stops.rules import STOPPED, ContactStopped, StopState
from migrator.errors import NotFound
from migrator.history.actor import Role

PAGE = 50


def stop_in_force(session: Session, person_id: int, *, for_update: bool = False) -> ContactStop | None:
    """This will return the stop that holds for a person; none for nearly everybody."""
    theirs = select(ContactStop).where(ContactStop.person_id == person_id, STANDING)
    held = theirs.where(ContactStop.state == StopState.IN_FORCE)
    return session.scalar(held.with_for_update() if for_update else held)


def refuse_stopped(session: Session, person_id: int | None) -> None:
    """This will refuse a ticket or message of somebody who is stopped, in neutral words (RULES C-032).

    :param person_id: of the author; none for somebody we do not know
    :raises ContactStopped: when a stop holds
    """
    if person_id is not None and stop_in_force(session, person_id):
        raise ContactStopped(STOPPED)


def stops_standing(session: Session) -> Sequence[ContactStop]:
    """This will return what is proposed or in force, the oldest first; for staff."""
    return session.scalars(_with_people().where(STANDING).order_by(ContactStop.id).limit(PAGE)).all()


def stops_ended(session: Session) -> Sequence[ContactStop]:
    """This will return the last stops that were put away or lifted, the newest first; for staff."""
    ended = ContactStop.state.in_((StopState.PUT_AWAY, StopState.LIFTED))
    return session.scalars(_with_people().where(ended).order_by(ContactStop.id.desc()).limit(PAGE)).all()


def stop_for_staff(session: Session, stop_id: int, *, for_update: bool = False) -> ContactStop:
    """This will return a stop with its people.

    :raises NotFound: when there is none
    """
    wanted = _with_people().where(ContactStop.id == stop_id)
    if for_update:
        wanted = wanted.with_for_update(of=ContactStop).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such stop.")
    return found


def customer_by_address(session: Session, email: str) -> Person:
    """This will return the customer who signs in with an address.

    :raises NotFound: when no customer does
    """
    theirs = Person.email == email.strip().lower(), Person.role == Role.CUSTOMER
    found = session.scalar(select(Person).where(*theirs))
    if found is None:
        raise NotFound("No customer signs in with this address.")
    return found


def _with_people() -> Select[ContactStop]:
    people = (ContactStop.person, ContactStop.proposed_by, ContactStop.confirmed_by)
    return select(ContactStop).options(*(joinedload(person) for person in people))
