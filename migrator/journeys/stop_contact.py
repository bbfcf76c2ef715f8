"""We stop taking somebody's tickets and messages, hear what they say against it, and take them again (RULES C-032)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops import operations as stops
from migrator.accounts.stops.models import ContactStop
from migrator.history.actor import Actor
from migrator.notifications.operations import owe


def confirm_stop(session: Session, stop: ContactStop, *, actor: Actor, now: datetime) -> None:
    """This will put a stop in force and tell the customer in neutral words, with the way to appeal.

    :param stop: locked, with its people
    :raises NotThisState: when it is not proposed any more
    :raises SecondPersonNeeded: for the one who proposed it
    """
    stops.confirm_stop(session, stop, actor=actor, now=now)
    _tell(session, "contact_stopped", stop, stop.person, now=now)


def lift_stop(session: Session, stop: ContactStop, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will take the customer's tickets and messages again, and tell them so.

    :param stop: locked, with its people
    :raises NotThisState: when it is not in force
    :raises WordsMissing: without a reason
    """
    stops.lift_stop(session, stop, reason=reason, actor=actor, now=now)
    _tell(session, "contact_allowed", stop, stop.person, now=now)


def uphold_stop(session: Session, stop: ContactStop, *, answer: str, actor: Actor, now: datetime) -> None:
    """This will answer an appeal without lifting the stop.

    :param stop: locked, with its people
    :raises NotThisState: when there is no appeal to answer
    :raises WordsMissing: without an answer
    """
    stops.uphold_stop(session, stop, answer=answer, actor=actor, now=now)
    _tell(session, "stop_upheld", stop, stop.person, now=now)


def appeal(session: Session, stop: ContactStop, *, words: str, actor: Actor, now: datetime) -> None:
    """This will keep what the customer says against a stop, and tell the two who decided it.

    :param stop: locked
    :raises NotThisState: when it is not in force
    :raises WordsMissing: when nothing is said
    """
    stops.appeal(session, stop, words=words, actor=actor, now=now)
    for person_id in (stop.proposed_by_id, stop.confirmed_by_id):
        if person_id is not None:
            _tell(session, "stop_appealed", stop, session.get_one(Person, person_id), now=now, by=actor.name)


def _tell(session: Session, kind: str, stop: ContactStop, reader: Person, *, now: datetime, by: str = "") -> None:
    owe(
        session,
        kind=kind,
        cause=f"contact_stop:{stop.id}:{stop.version}",
        recipient=reader,
        order_id=None,
        context={"stop_id": stop.id, "appeal": stop.appeal, "answer": stop.appeal_answer, "customer": by},
        now=now,
    )
