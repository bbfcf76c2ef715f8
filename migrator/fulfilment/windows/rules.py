"""How long each window lasts, and on which days it is spoken of (RULES C-066, C-074, C-080 to C-084, D-4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due, window_end
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import local_time
from migrator.fulfilment.windows.models import WindowKind
from migrator.orders.terms import Terms
from migrator.policy.types import DeskPolicy

RULES = {
    WindowKind.REVIEW: "C-080",
    WindowKind.CHANGES: "C-066",
    WindowKind.INSURANCE: "C-074",
    WindowKind.ACCESS: "C-084",
}
A_DAY = timedelta(days=1)


def ends_at(kind: WindowKind, opened_at: datetime, *, terms: Terms, calendar: Calendar) -> datetime:
    """This will return the first instant after a window, in UTC.

    What the customer may use lasts to the end of its last day (RULES D-4); our copy of access details is destroyed
    at the same time of day, 15 or 21 dates later (RULES C-083, C-084). Insurance counts business days (RULES C-074).

    :raises YearNotFilled: when it needs a day that is not filled
    """
    match kind:
        case WindowKind.REVIEW:
            return window_end(calendar, opened_at, Target(Unit.CALENDAR_DAYS, terms.review_calendar_days))
        case WindowKind.CHANGES:
            return window_end(calendar, opened_at, Target(Unit.CALENDAR_DAYS, terms.change_calendar_days))
        case WindowKind.ACCESS:
            return due(calendar, opened_at, Target(Unit.CALENDAR_DAYS, terms.purge_calendar_days))
    assert terms.insurance is not None, "an insurance window belongs to a cover"
    return window_end(calendar, opened_at, Target(Unit.BUSINESS_DAYS, terms.insurance.business_days))


def access_may_last_to(open_windows: Iterable[tuple[WindowKind, datetime]]) -> datetime | None:
    """This will return how long our copy of access details may be kept: as long as the last other window is open.

    None where no other is (RULES C-084).
    """
    return max((ends for kind, ends in open_windows if kind is not WindowKind.ACCESS), default=None)


def last_day(end_at: datetime, zone: str) -> date:
    """This will return the last local day that a half-open window touches."""
    return local_time(end_at - timedelta(microseconds=1), zone).date()


def notices_at(
    kind: WindowKind, opened_at: datetime, end_at: datetime, *, desk: DeskPolicy, calendar: Calendar
) -> tuple[datetime, ...]:
    """This will return when a window is spoken of while it is open, in order: at the hour of the daily letter.

    Review by days since it opened, changes and access by days before the last, insurance by business days before it
    (RULES C-067, C-078, C-080).
    """
    opened_on, last_on = local_time(opened_at, calendar.zone).date(), last_day(end_at, calendar.zone)
    match kind:
        case WindowKind.REVIEW:
            days = [opened_on + timedelta(days=after) for after in desk.review_notice_days]
        case WindowKind.CHANGES:
            days = [last_on - timedelta(days=before) for before in desk.change_notice_days_before]
        case WindowKind.ACCESS:
            days = [last_on - timedelta(days=before) for before in desk.access_notice_days_before]
        case WindowKind.INSURANCE:
            days = [_working_days_before(last_on, n, calendar) for n in desk.insurance_notice_business_days_before]
    moments = sorted({letter_at(on, desk=desk, calendar=calendar) for on in days})
    return tuple(at for at in moments if opened_at < at < end_at)


def letter_at(on: date, *, desk: DeskPolicy, calendar: Calendar) -> datetime:
    """This will return the instant of the daily letter on a day at the desk."""
    at = time.fromisoformat(desk.digest_at)
    return to_instant(wall_seconds(calendar.zone_info, on, minute=at.hour * 60 + at.minute))


def next_letter_at(after: datetime, *, desk: DeskPolicy, calendar: Calendar) -> datetime:
    """This will return the first daily letter at or after an instant."""
    today = local_time(after, calendar.zone).date()
    at = letter_at(today, desk=desk, calendar=calendar)
    return at if at >= after else letter_at(today + A_DAY, desk=desk, calendar=calendar)


def _working_days_before(on: date, days: int, calendar: Calendar) -> date:
    while days:
        on -= A_DAY
        days -= bool(calendar.hours_on(on))
    return on
