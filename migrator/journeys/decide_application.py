"""We answer an application for the non-profit discount."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar
from migrator.clock.wording import end_text
from migrator.nonprofit.models import NonprofitApplication
from migrator.nonprofit.operations import approve, decline
from migrator.nonprofit.queries import standing_with
from migrator.nonprofit.rules import valid_until
from migrator.notifications.operations import owe
from migrator.policy.loading import catalogue, migration_desk


def approve_application(
    session: Session, application: NonprofitApplication, *, person: Person, now: datetime
) -> datetime:
    """This will give the discount for a year, tell the one who applied, and return its end (RULES C-086, C-087).

    :param application: locked, with the one who applied
    :raises NotPending: when it was answered or withdrawn before
    """
    desk = migration_desk()
    days = calendar(session, desk.calendar)
    running = standing_with(session, application.organisation_id, now=now).valid_until_at
    until = valid_until(days, desk=desk, running_until=running, now=now)
    approve(session, application, valid_until_at=until, person=person, now=now)
    words = {"valid_until": end_text(until, days.zone), "percent": catalogue().nonprofit_discount_bp // 100}
    _tell(session, application, "nonprofit_approved", words=words, now=now)
    return until


def decline_application(
    session: Session, application: NonprofitApplication, *, reason: str, person: Person, now: datetime
) -> None:
    """This will decline with a reason and tell the one who applied.

    :param application: locked, with the one who applied
    :raises NotPending: when it was answered or withdrawn before
    :raises ReasonMissing: without a reason
    """
    decline(session, application, reason=reason, person=person, now=now)
    _tell(session, application, "nonprofit_declined", words={"reason": application.reason}, now=now)


def _tell(
    session: Session, application: NonprofitApplication, kind: str, *, words: dict[str, object], now: datetime
) -> None:
    for reader in standing_in_for(session, application.applied_by):
        owe(
            session,
            kind=kind,
            cause=f"nonprofit:{application.id}",
            recipient=reader,
            order_id=None,
            context=words,
            now=now,
        )
