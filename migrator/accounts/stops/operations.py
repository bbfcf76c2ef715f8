"""What is done to a stop (RULES C-032). Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops.models import ContactStop
from migrator.accounts.stops.rules import NotThisState, StopState, refuse_other_state, refuse_same_person, said
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record


def propose_stop(
    session: Session, person: Person, *, evidence: str, found_in: str, actor: Actor, now: datetime
) -> ContactStop:
    """This will propose to take no more tickets and messages from a customer; nothing is blocked by it.

    :param actor: a person
    :raises WordsMissing: without quoted words or the place where they were found
    :raises NotThisState: when one is proposed or in force already
    """
    assert actor.person_id is not None, "a stop is proposed by a person"
    stop = ContactStop(
        person_id=person.id,
        evidence=said(evidence, "Quote the words."),
        found_in=said(found_in, "Say where the words were written."),
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(stop)
    except IntegrityError as error:
        raise NotThisState("For this person a stop is proposed or in force already. Look at that one.") from error
    _record(session, "stop.proposed", stop, actor=actor, now=now, reason=stop.evidence)
    return stop


def confirm_stop(session: Session, stop: ContactStop, *, actor: Actor, now: datetime) -> None:
    """This will put a stop in force.

    :raises NotThisState: when it is not proposed any more
    :raises SecondPersonNeeded: for the one who proposed it
    """
    refuse_other_state(stop.state, StopState.PROPOSED)
    refuse_same_person(stop.proposed_by_id, actor.person_id)
    stop.state, stop.confirmed_by_id, stop.confirmed_at = StopState.IN_FORCE, actor.person_id, now
    session.flush()
    _record(session, "stop.confirmed", stop, actor=actor, now=now)


def put_stop_away(session: Session, stop: ContactStop, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will put a proposal away.

    :raises NotThisState: when it is not proposed any more
    :raises WordsMissing: without a reason
    """
    refuse_other_state(stop.state, StopState.PROPOSED)
    _end(session, stop, StopState.PUT_AWAY, reason=reason, actor=actor, now=now)


def lift_stop(session: Session, stop: ContactStop, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will take tickets and messages again.

    :raises NotThisState: when it is not in force
    :raises WordsMissing: without a reason
    """
    refuse_other_state(stop.state, StopState.IN_FORCE)
    _end(session, stop, StopState.LIFTED, reason=reason, actor=actor, now=now)


def appeal(session: Session, stop: ContactStop, *, words: str, actor: Actor, now: datetime) -> None:
    """This will keep what the stopped person says against it; what they say later stands in its place.

    :raises NotThisState: when it is not in force
    :raises WordsMissing: when nothing is said
    """
    refuse_other_state(stop.state, StopState.IN_FORCE)
    stop.appeal, stop.appealed_at = said(words, "Say why you think that this is wrong."), now
    stop.appeal_answer = ""
    session.flush()
    _record(session, "stop.appealed", stop, actor=actor, now=now, reason=stop.appeal)


def uphold_stop(session: Session, stop: ContactStop, *, answer: str, actor: Actor, now: datetime) -> None:
    """This will answer an appeal without lifting the stop; the customer reads the answer.

    :raises NotThisState: when there is no appeal to answer
    :raises WordsMissing: without an answer
    """
    refuse_other_state(stop.state, StopState.IN_FORCE)
    if stop.appealed_at is None or stop.appeal_answer:
        raise NotThisState("There is no appeal that waits for an answer. Look at what it says now.")
    stop.appeal_answer = said(answer, "Write the answer. The customer reads it.")
    session.flush()
    _record(session, "stop.upheld", stop, actor=actor, now=now, reason=stop.appeal_answer)


def _end(session: Session, stop: ContactStop, state: StopState, *, reason: str, actor: Actor, now: datetime) -> None:
    stop.end_reason = said(reason, "Give the reason. Our own people read it.")
    stop.state, stop.ended_at = state, now
    session.flush()
    verb = "stop.lifted" if state is StopState.LIFTED else "stop.put_away"
    _record(session, verb, stop, actor=actor, now=now, reason=stop.end_reason)


def _record(session: Session, verb: str, stop: ContactStop, *, actor: Actor, now: datetime, reason: str = "") -> None:
    record(
        session,
        verb,
        subject="contact_stop",
        key=stop.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        reason=reason,
        facts={"person_id": stop.person_id, "found_in": stop.found_in},
    )
