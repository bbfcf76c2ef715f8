"""Filling calendars: once for each year, then frozen (RULES D-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version

from sqlalchemy.orm import Session

from migrator.calendars.filling import statutory_closed_days
from migrator.calendars.models import CalendarRow, ClosedDayRow, FilledYear
from migrator.calendars.queries import CHANGED, filled_years
from migrator.calendars.rules import refuse_unfit_year, years_to_fill
from migrator.clock.calendar import ClosedDay
from migrator.clock.wording import local_time
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.policy.types import CalendarPlan

KNOWN_HOLIDAYS = "UA"


class UnknownHolidays(DomainError):
    """A calendar asks for the holidays of a country that is not known here."""


def fill_calendars(session: Session, *, plans: Iterable[CalendarPlan], now: datetime, actor: Actor) -> list[FilledYear]:
    """This will fill the current and the next two years of every calendar, and return what was not filled before.

    A year that is filled stays as it is, whatever the law or the library says by now (RULES D-6).

    :raises UnknownHolidays: for a country whose closed days are not known
    """
    filled: list[FilledYear] = []
    for plan in plans:
        before = _years(session, plan.key)
        for year in years_to_fill(before, local_time(now, plan.zone).date()):
            filled.append(_fill(session, plan, year, now=now, actor=actor))
    return filled


def fill_year(
    session: Session, year: int, *, plans: Iterable[CalendarPlan], now: datetime, actor: Actor
) -> list[FilledYear]:
    """This will fill one year of every calendar that lacks it, and return what was not filled before.

    :raises GapBetweenYears: when the years between are not filled
    :raises YearTooFarAhead: more than five years from now
    :raises YearOutOfReach: when the year's closed days are not known
    """
    filled: list[FilledYear] = []
    for plan in plans:
        before = _years(session, plan.key)
        refuse_unfit_year(year, filled=before, today=local_time(now, plan.zone).date())
        if year not in before:
            filled.append(_fill(session, plan, year, now=now, actor=actor))
    return filled


def _years(session: Session, key: str) -> set[int]:
    # Two who fill at once: the second waits here, then finds the year filled.
    session.get(CalendarRow, key, with_for_update=True, populate_existing=True)
    return {filled.year for filled in filled_years(session, key)}


def _fill(session: Session, plan: CalendarPlan, year: int, *, now: datetime, actor: Actor) -> FilledYear:
    days = _closed_days(plan, year)
    session.info[CHANGED] = True
    _raise_version(session, plan)
    filled = FilledYear(calendar_key=plan.key, year=year, filled_at=now, source=_source(plan))
    session.add_all([filled, *(_row(plan.key, day) for day in days)])
    facts = {"year": year, "closed_days": len(days), "source": filled.source}
    visibility = Visibility.STAFF
    record(
        session,
        "calendar.filled",
        subject="calendar",
        key=plan.key,
        actor=actor,
        now=now,
        visibility=visibility,
        facts=facts,
    )
    return filled


def _raise_version(session: Session, plan: CalendarPlan) -> None:
    row = session.get(CalendarRow, plan.key)
    if row is not None:
        row.version += 1
        return
    session.add(CalendarRow(key=plan.key, name=plan.name, place=plan.place, zone=plan.zone, week=plan.week, version=1))
    session.flush()


def _closed_days(plan: CalendarPlan, year: int) -> list[ClosedDay]:
    if plan.holidays not in {"", KNOWN_HOLIDAYS}:
        raise UnknownHolidays(f"The calendar “{plan.key}” asks for the holidays of “{plan.holidays}”; we know only UA.")
    return statutory_closed_days([year]) if plan.holidays else []


def _source(plan: CalendarPlan) -> str:
    return f"{plan.law}, read from holidays {version('holidays')}" if plan.holidays else "Never closed"


def _row(key: str, day: ClosedDay) -> ClosedDayRow:
    return ClosedDayRow(
        calendar_key=key,
        on=day.on,
        kind=day.kind,
        name=day.name,
        name_uk=day.name_uk,
        source=day.source,
        substitute_for=day.substitute_for,
    )
