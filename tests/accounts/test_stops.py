"""The stop for abusive language: quoted words, a second person, an appeal, and a way back (RULES C-032)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.accounts.stops.models import ContactStop
from migrator.accounts.stops.operations import (
    appeal,
    confirm_stop,
    lift_stop,
    propose_stop,
    put_stop_away,
    uphold_stop,
)
from migrator.accounts.stops.queries import refuse_stopped, stop_for_staff, stops_ended, stops_standing
from migrator.accounts.stops.rules import ContactStopped, NotThisState, SecondPersonNeeded, WordsMissing
from tests.factories.people import a_customer, an_account_manager, an_administrator


@pytest.fixture
def ines(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def oksana(session: Session) -> Person:
    return an_account_manager(session)


@pytest.fixture
def marek(session: Session) -> Person:
    return an_administrator(session)


def proposed(session: Session, person: Person, by: Person, now: datetime) -> ContactStop:
    return propose_stop(
        session, person, evidence="“You are …”", found_in="MIG-7F3K-2", actor=by.actor, now=now
    )  # fmt: skip


def test_nothing_is_blocked_before_a_second_person_confirms(
    session: Session, ines: Person, oksana: Person, marek: Person, now: datetime
) -> None:
    stop = proposed(session, ines, oksana, now)
    refuse_stopped(session, ines.id)
    with pytest.raises(SecondPersonNeeded):
        confirm_stop(session, stop, actor=oksana.actor, now=now)
    confirm_stop(session, stop, actor=marek.actor, now=now)
    with pytest.raises(ContactStopped, match="orders, documents and data are not affected"):
        refuse_stopped(session, ines.id)


def test_the_table_itself_refuses_one_person_in_both_roles(
    session: Session, ines: Person, oksana: Person, now: datetime
) -> None:
    stop = proposed(session, ines, oksana, now)
    with pytest.raises(IntegrityError), session.begin_nested():
        stop.confirmed_by_id, stop.confirmed_at = oksana.id, now
        session.flush()


def test_a_stop_ends_with_a_reason_and_can_be_proposed_anew(
    session: Session, ines: Person, oksana: Person, marek: Person, now: datetime
) -> None:
    stop = proposed(session, ines, oksana, now)
    with pytest.raises(NotThisState):
        proposed(session, ines, marek, now)
    confirm_stop(session, stop, actor=marek.actor, now=now)
    with pytest.raises(WordsMissing):
        lift_stop(session, stop, reason=" ", actor=marek.actor, now=now)
    lift_stop(session, stop, reason="They have apologised", actor=marek.actor, now=now)
    refuse_stopped(session, ines.id)
    again = proposed(session, ines, marek, now)
    put_stop_away(session, again, reason="A quote from somebody else", actor=oksana.actor, now=now)
    assert [each.id for each in stops_ended(session)] == [again.id, stop.id]
    assert stops_standing(session) == []


def test_an_appeal_is_answered_once_and_a_further_one_waits_again(
    session: Session, ines: Person, oksana: Person, marek: Person, now: datetime
) -> None:
    stop = proposed(session, ines, oksana, now)
    with pytest.raises(NotThisState):
        appeal(session, stop, words="I did not write that", actor=ines.actor, now=now)
    confirm_stop(session, stop, actor=marek.actor, now=now)
    with pytest.raises(NotThisState):
        uphold_stop(session, stop, answer="No", actor=marek.actor, now=now)
    appeal(session, stop, words="I did not write that", actor=ines.actor, now=now)
    uphold_stop(session, stop, answer="The words came from your address.", actor=oksana.actor, now=now)
    appeal(session, stop, words="My address was stolen", actor=ines.actor, now=now)
    found = stop_for_staff(session, stop.id)
    assert (found.appeal, found.appeal_answer) == ("My address was stolen", "")


def test_colleagues_of_a_stopped_person_may_still_write(
    session: Session, ines: Person, oksana: Person, marek: Person, now: datetime
) -> None:
    colleague = a_customer(session, organisation=session.get_one(Organisation, ines.organisation_id))
    confirm_stop(session, proposed(session, ines, oksana, now), actor=marek.actor, now=now)
    refuse_stopped(session, colleague.id)
    refuse_stopped(session, None)
