"""Questions about calendars: the calendar itself, ready for the clock, and what is filled."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from migrator.calendars.filling import WEEKS, UnknownCalendar
from migrator.calendars.models import CalendarRow, ClosedDayRow, FilledYear
from migrator.calendars.rules import wanted_years
from migrator.clock.calendar import Calendar, ClosedDay, ClosedKind
from migrator.clock.wording import local_time
from migrator.database.prepared import Prepared

CHANGED = "calendars_changed"
VERSIONS = Prepared(select(CalendarRow.key, CalendarRow.version))

_built: WeakKeyDictionary[Engine, dict[str, tuple[int, Calendar]]] = WeakKeyDictionary()


def calendar(session: Session, key: str) -> Calendar:
    """This will return the calendar `key` as its rows stand; one query when it was built before (RULES D-6).

    :raises UnknownCalendar: when no year of it is filled
    """
    row = session.get(CalendarRow, key)
    if row is None:
        raise UnknownCalendar(f"The calendar “{key}” is not filled; run “migrator calendar fill” first.")
    return calendar_of(session, row)


def calendar_of(session: Session, row: CalendarRow) -> Calendar:
    """This will return the calendar of a row that is loaded already; no query when that version was built before."""
    # What this transaction changed may still be rolled back, and its version given to other contents later.
    if CHANGED in session.info:
        return _build(session, row)
    kept = _built.setdefault(session.get_bind().engine, {})
    version, built = kept.get(row.key, (0, None))
    if built is None or version != row.version:
        built = _build(session, row)
        # Its days may have been changed and kept since the row was read: then they belong to a later version.
        if session.scalar(select(CalendarRow.version).where(CalendarRow.key == row.key)) == row.version:
            kept[row.key] = (row.version, built)
    return built


def calendars(session: Session) -> dict[str, Calendar]:
    """This will return all calendars by their keys; one small query when they were built before."""
    kept = _built.get(session.get_bind().engine, {})
    found = {}
    for key, version in VERSIONS.rows(session):
        built_version, built = kept.get(key, (None, None))
        is_fresh = built is not None and built_version == version and CHANGED not in session.info
        found[key] = built if is_fresh and built else calendar(session, key)
    return found


def calendar_rows(session: Session) -> list[CalendarRow]:
    """This will return all calendars in order of their keys."""
    return list(session.scalars(select(CalendarRow).order_by(CalendarRow.key)))


def filled_years(session: Session, key: str) -> list[FilledYear]:
    """This will return the years of a calendar that are filled, the earliest first."""
    return list(session.scalars(select(FilledYear).where(FilledYear.calendar_key == key).order_by(FilledYear.year)))


def missing_years(session: Session, now: datetime) -> tuple[int, ...]:
    """This will return which of the current and the next two years at least one calendar lacks, in order."""
    filled = defaultdict(set)
    for key, year in session.execute(select(FilledYear.calendar_key, FilledYear.year)):
        filled[key].add(year)
    wanted = {
        (row.key, year) for row in calendar_rows(session) for year in wanted_years(local_time(now, row.zone).date())
    }
    return tuple(sorted({year for key, year in wanted if year not in filled[key]}))


def _build(session: Session, row: CalendarRow) -> Calendar:
    years = [filled.year for filled in filled_years(session, row.key)]
    standing = ClosedDayRow.calendar_key == row.key, ClosedDayRow.withdrawn_at.is_(None)
    days = session.scalars(select(ClosedDayRow).where(*standing).order_by(ClosedDayRow.on)).all()
    return Calendar(
        key=row.key,
        name=row.name,
        zone=row.zone,
        week=WEEKS[row.week],
        # A closure announced for a holiday changes nothing: the holiday, put in last, keeps the day.
        closed_days={day.on: _value(day) for day in sorted(days, key=lambda day: day.kind is not ClosedKind.ANNOUNCED)},
        exceptions={},
        exceptions_win=False,
        filled_from=date(years[0], 1, 1),
        filled_until=date(years[-1], 12, 31),
    )


def _value(day: ClosedDayRow) -> ClosedDay:
    return ClosedDay(day.on, day.name, day.kind, day.source, day.substitute_for, day.name_uk)
