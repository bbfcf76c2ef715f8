"""A customer applies for the non-profit discount."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import colleagues
from migrator.calendars.queries import calendar
from migrator.clock.wording import day_text, end_text, local_time
from migrator.nonprofit.models import NonprofitApplication
from migrator.nonprofit.operations import NobodysApplication, Particulars, apply
from migrator.nonprofit.queries import standing_with
from migrator.nonprofit.rules import answer_by, check_may_apply
from migrator.notifications.operations import owe, owe_to_staff
from migrator.policy.loading import migration_desk


def apply_for_discount(
    session: Session, *, particulars: Particulars, person: Person, now: datetime
) -> NonprofitApplication:
    """This will write the application with the day by which we aim to answer, and tell both sides (RULES C-085).

    :raises NobodysApplication: for somebody without an organisation
    :raises AlreadyApplied: while another application waits
    :raises DiscountStillRuns: long before the discount of today ends
    """
    if person.organisation_id is None:
        raise NobodysApplication("Only customers can apply. Sign in as the customer.")
    desk = migration_desk()
    days = calendar(session, desk.calendar)
    standing = standing_with(session, person.organisation_id, now=now)
    check_may_apply(standing, calendar=days, desk=desk, now=now)
    by = answer_by(days, desk=desk, now=now)
    application = apply(session, particulars=particulars, person=person, answer_by_at=by, now=now)
    context = {
        "organisation": colleagues(session, person.organisation_id, now=now).organisation,
        "person": person.display_name,
        "application": application,
        "applied_on": day_text(local_time(now, days.zone).date()),
        "answer_by": end_text(by, days.zone),
    }
    cause = f"nonprofit:{application.id}"
    owe(session, kind="nonprofit_received", cause=cause, recipient=person, order_id=None, context=context, now=now)
    owe_to_staff(session, kind="nonprofit_applied", cause=cause, context=context, now=now)
    return application
