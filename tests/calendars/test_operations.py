"""Years are filled once and then frozen; what the clock counts by is what the rows say."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.calendars.filling import UnknownCalendar
from migrator.calendars.models import CalendarRow, ClosedDayRow, FilledYear
from migrator.calendars.operations import UnknownHolidays, fill_calendars, fill_year
from migrator.calendars.queries import calendar, calendar_of, missing_years
from migrator.clock.calendar import Calendar, ClosedKind
from migrator.database.session import reading, transaction
from migrator.history.actor import SYSTEM
from migrator.history.models import HistoryEntry, Visibility
from migrator.policy.loading import calendar_plans

FACTS = Path(__file__).parents[1] / "clock" / "data" / "statutory_days_off_2024_2035.jsonl"
CLOSURE = date(2026, 12, 3)


def facts_of(years: range) -> list[tuple[str, str, str | None, str, str]]:
    facts = [json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines()]
    return [
        (fact["date"], fact["kind"], fact.get("for"), fact["name_en"], fact["name_uk"])
        for fact in facts
        if int(fact["date"][:4]) in years
    ]


def rows_of(session: Session) -> list[tuple[str, str, str | None, str, str]]:
    rows = session.scalars(select(ClosedDayRow).order_by(ClosedDayRow.on))
    return [
        (str(row.on), row.kind.value, str(row.substitute_for) if row.substitute_for else None, row.name, row.name_uk)
        for row in rows
    ]


def announce(session: Session, on: date = CLOSURE, *, withdrawn_at: datetime | None = None) -> None:
    session.add(
        ClosedDayRow(
            calendar_key="kyiv",
            on=on,
            kind=ClosedKind.ANNOUNCED,
            name="Moving to a new office",
            source="Announced on 1 Dec 2026",
            withdrawn_at=withdrawn_at,
        )
    )
    session.get_one(CalendarRow, "kyiv").version += 1


def kept(app: Flask) -> Calendar:
    with app.app_context(), reading() as session:
        return calendar(session, "kyiv")


def test_the_filled_rows_are_the_statutory_closed_days(session: Session) -> None:
    assert rows_of(session) == facts_of(range(2026, 2029))


def test_every_year_to_2035_can_be_filled_and_holds(session: Session, now: datetime) -> None:
    fill_calendars(session, plans=calendar_plans(), now=now.replace(year=2033), actor=SYSTEM)
    assert rows_of(session) == facts_of(range(2026, 2036))


def test_filling_again_changes_nothing(session: Session, now: datetime) -> None:
    before = rows_of(session), session.get_one(CalendarRow, "kyiv").version
    assert fill_calendars(session, plans=calendar_plans(), now=now, actor=SYSTEM) == []
    assert fill_year(session, 2027, plans=calendar_plans(), now=now, actor=SYSTEM) == []
    assert (rows_of(session), session.get_one(CalendarRow, "kyiv").version) == before


def test_a_filled_year_stays_even_where_the_library_says_something_else_by_now(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        # As an older library filled it: without Christmas of 2027.
        session.delete(session.scalars(select(ClosedDayRow).where(ClosedDayRow.on == date(2027, 12, 25))).one())
        before = rows_of(session)
    later = now.replace(year=2027)
    with app.app_context(), transaction() as session:
        fill_calendars(session, plans=calendar_plans(), now=later, actor=SYSTEM)
        assert [row for row in rows_of(session) if row[0] < "2029"] == [row for row in before if row[0] < "2029"]
    assert date(2027, 12, 25) not in kept(app).closed_days


def test_a_filled_year_names_its_source_and_its_moment(session: Session, now: datetime) -> None:
    filled = session.get_one(FilledYear, ("kyiv", 2027))
    assert filled.source.startswith("Labour Code of Ukraine, read from holidays 0.")
    assert filled.filled_at == now


def test_filling_is_written_down_for_staff(session: Session) -> None:
    entries = list(session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "calendar.filled")))
    assert {(entry.subject_key, entry.facts["year"]) for entry in entries} >= {("kyiv", 2026), ("always", 2028)}
    assert {entry.visibility for entry in entries} == {Visibility.STAFF}


def test_a_new_year_raises_the_version_and_reaches_the_clock(app: Flask, now: datetime) -> None:
    assert kept(app).filled_until == date(2028, 12, 31)
    with app.app_context(), transaction() as session:
        fill_year(session, 2029, plans=calendar_plans(), now=now, actor=SYSTEM)
    assert kept(app).filled_until == date(2029, 12, 31)


def test_a_calendar_is_built_once_for_each_version(app: Flask) -> None:
    assert kept(app) is kept(app)


def test_what_was_rolled_back_is_never_counted_by(app: Flask, now: datetime) -> None:
    with app.app_context(), reading() as session:
        fill_year(session, 2029, plans=calendar_plans(), now=now, actor=SYSTEM)
        session.flush()
        assert calendar(session, "kyiv").filled_until == date(2029, 12, 31)
    with app.app_context(), transaction() as session:
        announce(session)
    assert kept(app).filled_until == date(2028, 12, 31)


def test_an_announced_closure_is_counted_by_and_a_withdrawn_one_is_not(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        announce(session)
        announce(session, date(2026, 12, 4), withdrawn_at=now)
    assert kept(app).closed_days[CLOSURE].kind is ClosedKind.ANNOUNCED
    assert date(2026, 12, 4) not in kept(app).closed_days


def test_a_closure_announced_for_a_holiday_leaves_the_holiday_its_day(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        announce(session, date(2026, 12, 25))
    assert kept(app).closed_days[date(2026, 12, 25)].kind is ClosedKind.HOLIDAY


def test_a_row_that_is_loaded_gives_the_same_calendar(app: Flask) -> None:
    with app.app_context(), reading() as session:
        row = session.get_one(CalendarRow, "kyiv")
        assert calendar_of(session, row) is calendar(session, "kyiv")


def test_the_calendar_around_the_clock_never_closes(app: Flask) -> None:
    with app.app_context(), reading() as session:
        assert not calendar(session, "always").closed_days


def test_a_calendar_without_rows_is_refused_in_words(session: Session) -> None:
    with pytest.raises(UnknownCalendar, match="migrator calendar fill"):
        calendar(session, "mars")


def test_holidays_of_an_unknown_country_are_refused(session: Session, now: datetime) -> None:
    elsewhere = replace(calendar_plans()[0], key="elsewhere", holidays="XX")
    with pytest.raises(UnknownHolidays, match="XX"):
        fill_calendars(session, plans=[elsewhere], now=now, actor=SYSTEM)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 12, 31, 21, 59, tzinfo=UTC), ()),
        (datetime(2026, 12, 31, 22, 0, tzinfo=UTC), (2029,)),
        (datetime(2028, 6, 1, tzinfo=UTC), (2029, 2030)),
    ],
)
def test_missing_years_follow_the_date_in_the_calendars_zone(
    session: Session, now: datetime, expected: tuple[int, ...]
) -> None:
    assert missing_years(session, now) == expected


def test_two_who_fill_the_same_year_at_once_fill_it_once(app: Flask, now: datetime) -> None:
    def fill(_: int) -> int:
        with app.app_context(), transaction() as session:
            return len(fill_year(session, 2029, plans=calendar_plans(), now=now, actor=SYSTEM))

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(fill, range(4))) == [0, 0, 0, 2]
    assert len([on for on in kept(app).closed_days if on.year == 2029]) == len(facts_of(range(2029, 2030)))
