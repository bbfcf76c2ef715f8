"""The calendars and their filled years, with a warning before one is missing (RULES D-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.calendars.filling import plan_named
from migrator.calendars.models import CalendarRow, FilledYear
from migrator.calendars.operations import fill_year
from migrator.calendars.queries import calendar_of, calendar_rows, filled_years, missing_years
from migrator.calendars.rules import furthest_year, is_pressing, next_year
from migrator.clock.wording import day_text, instant_text, listed_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.policy.loading import calendar_plans, migration_desk
from migrator.web.admin import pages
from migrator.web.audience import open_to
from migrator.web.closed_days import ClosedDayView, closed_day_views
from migrator.web.request import actor, now


@dataclass(frozen=True, slots=True)
class MissingYears:
    """What is missing; `kind` is how the banner looks."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class YearView:
    """One filled year."""

    year: int
    source: str
    filled_text: str
    days: tuple[ClosedDayView, ...]


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One calendar with its years."""

    name: str
    zone: str
    known: str
    years: tuple[YearView, ...]


@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """All that the page shows; `too_early` says why the next year cannot be filled yet."""

    warning: MissingYears | None
    next_year: int
    too_early: str
    calendars: tuple[CalendarView, ...]


@pages.get("/admin/calendars")
@open_to(Role.ADMINISTRATOR)
def calendars() -> str:
    """This will show every calendar, its years and where they come from."""
    return _shown()


@pages.post("/admin/calendars/years/<int:year>")
@open_to(Role.ADMINISTRATOR)
def fill(year: int) -> Response | tuple[str, int]:
    """This will fill the year in every calendar that lacks it."""
    try:
        with transaction() as session:
            filled = fill_year(session, year, plans=calendar_plans(), now=now(), actor=actor())
    except DomainError as refusal:
        return _shown(str(refusal)), 409
    flash(f"{year} is filled." if filled else f"{year} was filled before and stays as it is.")
    return redirect(url_for("admin.calendars"), 303)


def _shown(refusal: str = "") -> str:
    with reading() as session:
        page = _page(session)
    return render_template("admin/calendars.html", page=page, refusal=refusal)


def _page(session: Session) -> CalendarsPage:
    today = local_time(now(), plan_named(migration_desk().calendar).zone).date()
    rows = {row: filled_years(session, row.key) for row in calendar_rows(session)}
    coming = next_year([[filled.year for filled in years] for years in rows.values()], today)
    furthest = furthest_year(today)
    return CalendarsPage(
        warning=_warning(missing_years(session, now()), today),
        next_year=coming,
        too_early=f"{coming} is too far ahead: years are filled up to {furthest}." if coming > furthest else "",
        calendars=tuple(_calendar(session, row, years=years) for row, years in rows.items()),
    )


def _warning(missing: tuple[int, ...], today: date) -> MissingYears | None:
    if not missing:
        return None
    named = listed_text([str(year) for year in missing])
    return MissingYears(
        kind="problem" if is_pressing(missing, today) else "attention",
        title=f"{named} {'is' if len(missing) == 1 else 'are'} not filled",
        text="A date that would run into a year that is not filled is refused, so orders could not be promised.",
    )


def _calendar(session: Session, row: CalendarRow, *, years: list[FilledYear]) -> CalendarView:
    calendar = calendar_of(session, row)
    return CalendarView(
        name=row.name,
        zone=row.zone,
        known=f"{day_text(calendar.filled_from)} to {day_text(calendar.filled_until)}",
        years=tuple(
            YearView(
                each.year, each.source, instant_text(each.filled_at, row.zone), closed_day_views(calendar, each.year)
            )
            for each in years
        ),
    )
