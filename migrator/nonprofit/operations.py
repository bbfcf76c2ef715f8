"""What is done to an application for the non-profit discount. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.nonprofit.rules import AlreadyApplied

NO_FACTS: Mapping[str, object] = {}


class NotPending(DomainError):
    """The application was answered or withdrawn before."""


class NobodysApplication(DomainError):
    """Staff belong to no organisation."""


class ReasonMissing(DomainError):
    """A decline without its reason helps nobody."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an organisation says of itself; the registration number is the proof (RULES C-087)."""

    country: str
    registration_number: str
    purpose: str


def apply(
    session: Session, *, particulars: Particulars, person: Person, answer_by_at: datetime, now: datetime
) -> NonprofitApplication:
    """This will write the application.

    :raises NobodysApplication: for somebody without an organisation
    :raises AlreadyApplied: when a colleague applied in the same moment
    """
    if person.organisation_id is None:
        raise NobodysApplication("Only customers can apply. Sign in as the customer.")
    application = NonprofitApplication(
        organisation_id=person.organisation_id,
        applied_by_id=person.id,
        country=particulars.country,
        registration_number=particulars.registration_number,
        purpose=particulars.purpose,
        applied_at=now,
        answer_by_at=answer_by_at,
    )
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError as error:
        raise AlreadyApplied("You have applied already. Your application waits for our answer.") from error
    facts = {"country": particulars.country, "registration_number": particulars.registration_number}
    _record(session, "nonprofit.applied", application, actor=person.actor, now=now, facts=facts)
    return application


def withdraw(session: Session, application: NonprofitApplication, *, actor: Actor, now: datetime) -> None:
    """This will take an application back.

    :raises NotPending: when it was answered before
    """
    _end(session, application, ApplicationState.WITHDRAWN, now=now)
    _record(session, "nonprofit.withdrawn", application, actor=actor, now=now)


def approve(
    session: Session, application: NonprofitApplication, *, valid_until_at: datetime, person: Person, now: datetime
) -> None:
    """This will give the discount from now to the end of its last day (RULES C-086, C-087).

    :raises NotPending: when it was answered or withdrawn before
    """
    application.valid_until_at = valid_until_at
    application.decided_by_id = person.id
    _end(session, application, ApplicationState.APPROVED, now=now)
    facts = {"valid_until_at": valid_until_at.isoformat(), "rule": "C-087"}
    _record(session, "nonprofit.approved", application, actor=person.actor, now=now, facts=facts)


def decline(session: Session, application: NonprofitApplication, *, reason: str, person: Person, now: datetime) -> None:
    """This will decline with a reason that the customer reads; a new application is always possible.

    :raises NotPending: when it was answered or withdrawn before
    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Give the reason. The customer reads it.")
    application.reason = reason.strip()
    application.decided_by_id = person.id
    _end(session, application, ApplicationState.DECLINED, now=now)
    _record(session, "nonprofit.declined", application, actor=person.actor, now=now, reason=application.reason)


def _end(session: Session, application: NonprofitApplication, state: ApplicationState, *, now: datetime) -> None:
    if application.state is not ApplicationState.PENDING:
        raise NotPending("This application was answered or withdrawn already. Look at what it says now.")
    application.state = state
    application.decided_at = now
    session.flush()


def _record(
    session: Session,
    verb: str,
    application: NonprofitApplication,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: Mapping[str, object] = NO_FACTS,
) -> None:
    record(
        session,
        verb,
        subject="nonprofit_application",
        key=application.id,
        actor=actor,
        now=now,
        reason=reason,
        facts={"organisation_id": application.organisation_id, **facts},
    )
