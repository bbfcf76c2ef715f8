"""Who has the non-profit discount, until when, and who may apply for it (RULES C-085 to C-087, D-4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, window_end
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import day_text, end_text, ended_on, local_time
from migrator.errors import DomainError
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.policy.types import DeskPolicy

A_MOMENT = timedelta(seconds=1)


class AlreadyApplied(DomainError):
    """One application at a time waits for an answer."""


class DiscountStillRuns(DomainError):
    """It is too early to renew the discount."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organisation stands with the discount now.

    :ivar pending: the application that waits for our answer
    :ivar valid_until_at: the end of the discount that holds now; none where none holds
    :ivar latest: the last application of all, whatever became of it
    """

    pending: NonprofitApplication | None = None
    valid_until_at: datetime | None = None
    latest: NonprofitApplication | None = None

    @property
    def is_discounted(self) -> bool:
        """Whether what is bought now is bought with the discount."""
        return self.valid_until_at is not None


def is_discounted(applications: Iterable[NonprofitApplication], now: datetime) -> bool:
    """This will tell whether the discount is given at `now`: from approval to the end of its last day (RULES C-086)."""
    return any(_holds(application, now) for application in applications)


def standing_of(applications: Iterable[NonprofitApplication], now: datetime) -> Standing:
    """This will sum up an organisation's applications."""
    known = sorted(applications, key=lambda application: application.id)
    ends = [each.valid_until_at for each in known if each.valid_until_at and _holds(each, now)]
    pending = next((each for each in known if each.state is ApplicationState.PENDING), None)
    return Standing(pending, max(ends, default=None), known[-1] if known else None)


def check_may_apply(standing: Standing, *, calendar: Calendar, desk: DeskPolicy, now: datetime) -> None:
    """This will refuse an application beside an unanswered one, or long before the discount ends.

    :raises AlreadyApplied: while another waits
    :raises DiscountStillRuns: before renewal opens, naming its day
    """
    if standing.pending is not None:
        by = end_text(standing.pending.answer_by_at, calendar.zone)
        raise AlreadyApplied(f"You have applied already. We aim to answer by {by}.")
    if standing.valid_until_at is None:
        return
    opens_at = renewal_opens_at(standing.valid_until_at, calendar=calendar, desk=desk)
    if now < opens_at:
        opens = day_text(local_time(opens_at, calendar.zone).date())
        raise DiscountStillRuns(f"You have the discount. You can apply for the next year from {opens}.")


def answer_by(calendar: Calendar, *, desk: DeskPolicy, now: datetime) -> datetime:
    """This will return until when we aim to answer an application: the end of the seventh day (RULES C-085)."""
    return window_end(calendar, now, Target(Unit.CALENDAR_DAYS, desk.nonprofit_answer_calendar_days))


def valid_until(calendar: Calendar, *, desk: DeskPolicy, running_until: datetime | None, now: datetime) -> datetime:
    """This will return the end of the discount's last day: a year from `now`, or from a discount that still runs."""
    # The end of a day is the first instant of the next one, which does not belong to it.
    start = max(now, running_until - A_MOMENT) if running_until else now
    return window_end(calendar, start, Target(Unit.CALENDAR_DAYS, desk.nonprofit_valid_calendar_days))


def renewal_opens_at(valid_until_at: datetime, *, calendar: Calendar, desk: DeskPolicy) -> datetime:
    """This will return from when the next year can be applied for: the start of the 30th day before the last."""
    last_on = ended_on(local_time(valid_until_at, calendar.zone))
    opens_on = last_on - timedelta(days=desk.nonprofit_renewal_calendar_days)
    return to_instant(wall_seconds(calendar.zone_info, opens_on))


def _holds(application: NonprofitApplication, now: datetime) -> bool:
    if application.decided_at is None or application.valid_until_at is None:
        return False
    return application.decided_at <= now < application.valid_until_at
