"""The policy page: what a working day is, what we promise, every closed day, and a date to try (RULES C-001, C-017)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request
from sqlalchemy.orm import Session
from wtforms import Field, Form, ValidationError

from migrator.calendars.closure_models import Closure
from migrator.calendars.closure_queries import closures_in_the_news
from migrator.calendars.closure_rules import span_text, today_on
from migrator.calendars.example import worked_example
from migrator.calendars.models import FilledYear
from migrator.calendars.opening import opening
from migrator.calendars.queries import calendar, filled_years
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit
from migrator.clock.explanation import explain
from migrator.clock.instants import read_instant
from migrator.clock.table import YearNotFilled
from migrator.clock.wording import PromiseLine, day_text, local_time, promise_line
from migrator.database.session import reading
from migrator.policy.loading import migration_desk
from migrator.policy.types import DeskPolicy, Grade
from migrator.web.audience import open_to
from migrator.web.closed_days import ClosedDayView, closed_day_views
from migrator.web.count import CountView, count_view
from migrator.web.public import pages
from migrator.web.public.contact import viewer_zone
from migrator.web.public.feed import closed_days_feed
from migrator.web.public.forms import WhatIfForm
from migrator.web.request import now

GRADES = {
    Grade.GUARANTEED: ("Guaranteed", "done"),
    Grade.AGREED: ("Agreed with you", "done"),
    Grade.AIM: ("We aim", "info"),
    Grade.USUAL: ("Usually", "info"),
}
FEED_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class DatedCount:
    """A date and the days behind it."""

    line: PromiseLine
    count: CountView


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """The closed days of a year and where they come from; the current one is shown unfolded."""

    year: int
    source: str
    days: tuple[ClosedDayView, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class News:
    """An announced closure, or one that was withdrawn (RULES C-020)."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """All that the page shows."""

    desk: DeskPolicy
    opening: str
    in_force: str
    calendar_name: str
    filled_until: str
    example: DatedCount
    news: tuple[News, ...]
    years: tuple[ClosedYear, ...]


@pages.get("/how-we-count")
@open_to()
def how_we_count() -> tuple[str, int]:
    """This will show how dates come about; with a start and working days it works one out."""
    with reading() as session:
        days = calendar(session, migration_desk().calendar)
        page = _page(session, days)
    if "start_on" not in request.args:
        return _shown(page, WhatIfForm(data=_present(days))), 200
    form = WhatIfForm(request.args)
    if not form.validate(extra_validators={"start_on": [_within(days)]}):
        return _shown(page, form), 422
    try:
        return _shown(page, form, answer=_work_out(days, form)), 200
    except YearNotFilled:
        form.working_days.errors = [f"We know the closed days up to {page.filled_until}. Enter fewer working days"]
        return _shown(page, form), 409


@pages.get("/how-we-count/closed-days.ics")
@open_to()
def closed_days_calendar() -> Response:
    """This will answer the closed days for calendar programs."""
    key = migration_desk().calendar
    with reading() as session:
        days = calendar(session, key)
        filled_at = {filled.year: filled.filled_at for filled in filled_years(session, key)}
    feed = closed_days_feed(days, filled_at=filled_at)
    answer = Response(feed, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="closed-days.ics"'
    answer.headers["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _shown(page: PolicyPage, form: WhatIfForm, *, answer: DatedCount | None = None) -> str:
    return render_template("public/how_we_count.html", page=page, form=form, answer=answer, grades=GRADES)


def _page(session: Session, days: Calendar) -> PolicyPage:
    desk = migration_desk()
    this_year = local_time(now(), days.zone).year
    return PolicyPage(
        desk=desk,
        opening=opening(days, opens=desk.opens, closes=desk.closes, now=now()).text(viewer_zone()),
        in_force=day_text(desk.effective_on),
        calendar_name=days.name,
        filled_until=day_text(days.filled_until),
        example=_example(),
        news=tuple(_news(closure, days) for closure in _closures(session, days)),
        years=tuple(
            _closed_year(filled, days, is_current=filled.year == this_year)
            for filled in filled_years(session, days.key)
        ),
    )


def _closures(session: Session, days: Calendar) -> Sequence[Closure]:
    return closures_in_the_news(session, days.key, today=today_on(days, now()))


def _news(closure: Closure, days: Calendar) -> News:
    on = span_text(closure.first_on, closure.last_on)
    if closure.withdrawn_at:
        withdrawn = day_text(today_on(days, closure.withdrawn_at))
        return News(f"Open after all: {on}", f"{closure.name} was withdrawn on {withdrawn}. From that day on we work.")
    announced = f" Announced on {day_text(today_on(days, closure.announced_at))}." if closure.announced_at else ""
    return News(f"Closed: {on}", f"{closure.name}. {closure.reason.rstrip('.')}.{announced}")


def _closed_year(filled: FilledYear, days: Calendar, *, is_current: bool) -> ClosedYear:
    return ClosedYear(filled.year, filled.source, closed_day_views(days, filled.year), is_current=is_current)


def _example() -> DatedCount:
    derivation = worked_example()
    return DatedCount(promise_line(derivation, viewer_zone=viewer_zone() or None), count_view(derivation))


def _work_out(days: Calendar, form: WhatIfForm) -> DatedCount:
    start = read_instant(f"{form.start_on.data}T{form.start_time.data}", days.zone_info)
    derivation = explain(days, start, Target(Unit.BUSINESS_DAYS, form.working_days.data or 0))
    return DatedCount(promise_line(derivation, viewer_zone=viewer_zone() or None), count_view(derivation))


def _within(days: Calendar) -> Callable[[Form, Field], None]:
    def validate(_form: Form, field: Field) -> None:
        if field.data and not days.filled_from <= field.data <= days.filled_until:
            raise ValidationError(f"Enter a date from {day_text(days.filled_from)} to {day_text(days.filled_until)}")

    return validate


def _present(days: Calendar) -> dict[str, object]:
    local = local_time(now(), days.zone)
    return {"start_on": local.date(), "start_time": local.time(), "working_days": 7}
