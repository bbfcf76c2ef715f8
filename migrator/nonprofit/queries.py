"""Questions about applications for the non-profit discount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.nonprofit.rules import Standing, standing_of
from migrator.policy.types import Catalogue

NO_SUCH_APPLICATION = "There is no such application."
EARLIER_SHOWN = 20


def standing_with(session: Session, organisation_id: int, *, now: datetime) -> Standing:
    """This will return how an organisation stands with the discount now, in one query."""
    theirs = NonprofitApplication.organisation_id == organisation_id
    newest = select(func.max(NonprofitApplication.id)).where(theirs).scalar_subquery()
    counts = or_(
        NonprofitApplication.state == ApplicationState.PENDING,
        NonprofitApplication.valid_until_at > now,
        NonprofitApplication.id == newest,
    )
    return standing_of(session.scalars(select(NonprofitApplication).where(theirs, counts)), now)


def discount_for(session: Session, organisation_id: int, *, catalogue: Catalogue, now: datetime) -> int:
    """This will return the discount in basis points on what an organisation buys at `now` (RULES C-086, C-087)."""
    standing = standing_with(session, organisation_id, now=now)
    return catalogue.nonprofit_discount_bp if standing.is_discounted else 0


def was_approved_after(session: Session, organisation_id: int, at: datetime) -> bool:
    """This will tell whether an organisation was approved after an instant (RULES C-086)."""
    later = exists().where(
        NonprofitApplication.organisation_id == organisation_id,
        NonprofitApplication.state == ApplicationState.APPROVED,
        NonprofitApplication.decided_at > at,
    )
    return bool(session.scalar(select(later)))


def pending_of(session: Session, organisation_id: int, *, for_update: bool = False) -> NonprofitApplication:
    """This will return the organisation's application that waits for an answer.

    :raises NotFound: when there is none
    """
    wanted = select(NonprofitApplication).where(
        NonprofitApplication.organisation_id == organisation_id,
        NonprofitApplication.state == ApplicationState.PENDING,
    )
    return _found(session.scalar(wanted.with_for_update() if for_update else wanted))


def applications_to_decide(
    session: Session, *, after: tuple[datetime, int] | None = None, limit: int = 50
) -> Sequence[NonprofitApplication]:
    """This will return the unanswered applications, the oldest first; one more than `limit` if there are further ones.

    :param after: instant and id of the application that the page before ended with
    """
    place = tuple_(NonprofitApplication.applied_at, NonprofitApplication.id)
    wanted = _with_people().where(NonprofitApplication.state == ApplicationState.PENDING)
    if after:
        wanted = wanted.where(place > tuple_(*after))
    ordered = wanted.order_by(NonprofitApplication.applied_at, NonprofitApplication.id)
    return session.scalars(ordered.limit(limit + 1)).all()


def applications_ended(
    session: Session, *, before: int | None = None, limit: int = 50
) -> Sequence[NonprofitApplication]:
    """This will return the answered and withdrawn applications, the newest first; else as `applications_to_decide`."""
    wanted = _with_people().where(NonprofitApplication.state != ApplicationState.PENDING)
    if before:
        wanted = wanted.where(NonprofitApplication.id < before)
    return session.scalars(wanted.order_by(NonprofitApplication.id.desc()).limit(limit + 1)).all()


def application_for_staff(session: Session, application_id: int, *, for_update: bool = False) -> NonprofitApplication:
    """This will return any organisation's application with its people; for staff alone.

    :raises NotFound: when there is none
    """
    wanted = _with_people().where(NonprofitApplication.id == application_id)
    if for_update:
        wanted = wanted.with_for_update(of=NonprofitApplication).execution_options(populate_existing=True)
    return _found(session.scalar(wanted))


def earlier_applications(session: Session, application: NonprofitApplication) -> Sequence[NonprofitApplication]:
    """This will return what the same organisation applied for before, the newest first."""
    return session.scalars(
        _with_people()
        .where(
            NonprofitApplication.organisation_id == application.organisation_id,
            NonprofitApplication.id < application.id,
        )
        .order_by(NonprofitApplication.id.desc())
        .limit(EARLIER_SHOWN)
    ).all()


def _with_people() -> Select[NonprofitApplication]:
    return select(NonprofitApplication).options(
        joinedload(NonprofitApplication.organisation, innerjoin=True),
        joinedload(NonprofitApplication.applied_by, innerjoin=True),
    )


def _found(application: NonprofitApplication | None) -> NonprofitApplication:
    if application is None:
        raise NotFound(NO_SUCH_APPLICATION)
    return application
