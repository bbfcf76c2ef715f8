"""Reports for our people, as a page and as files (RULES C-003)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from sqlalchemy.orm import Session
from wtforms import DateField, Form
from wtforms.validators import Optional

from migrator.calendars.closure_rules import today_on
from migrator.calendars.queries import calendar
from migrator.database.session import reading
from migrator.errors import NotFound
from migrator.history.actor import STAFF
from migrator.hosting.maintenance_queries import minutes_since
from migrator.policy.loading import migration_desk
from migrator.policy.support import Firmness
from migrator.reports import queries
from migrator.reports.rules import Period, UnfitPeriod, period_of
from migrator.web.audience import open_to
from migrator.web.public.forms import PlainDateField
from migrator.web.reports import gathering, pages
from migrator.web.reports.gathering import Table, report_of
from migrator.web.request import now

# What a spreadsheet would take for a formula is written as words.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PeriodForm(Form):
    """From when to when, whole days of the desk; asked by GET, so it needs no token."""

    first_on: DateField = PlainDateField("First day", name="from", validators=[Optional()])
    last_on: DateField = PlainDateField("Last day", name="to", validators=[Optional()])


def _demand(session: Session, period: Period, _now: datetime) -> Table:
    return gathering.demand_table(queries.demand(session, period), period)


def _answers(session: Session, period: Period, at: datetime) -> Table:
    found = queries.kept_answers(session, period, now=at)
    return gathering.answers_table([each for each in found if each.firmness is Firmness.GUARANTEED])


def _outside(session: Session, period: Period, at: datetime) -> Table:
    found = queries.kept_answers(session, period, now=at)
    return gathering.outside_table([each for each in found if each.firmness in gathering.FIRMNESS])


def _deliveries(session: Session, period: Period, at: datetime) -> Table:
    return gathering.deliveries_table(queries.kept_deliveries(session, period, now=at))


def _pauses(session: Session, period: Period, at: datetime) -> Table:
    return gathering.pauses_table(queries.paused_seconds(session, period, now=at))


def _maintenance(session: Session, period: Period, _now: datetime) -> Table:
    excluded = minutes_since(session, period.begins_at, until=period.ends_at, limit=None)
    return gathering.maintenance_table(excluded)


FILES: dict[str, Callable[[Session, Period, datetime], Table]] = {
    "requests": _demand,
    "answers": _answers,
    "targets-and-aims": _outside,
    "deliveries": _deliveries,
    "pauses": _pauses,
    "maintenance": _maintenance,
}


@pages.get("/desk/reports")
@open_to(*STAFF)
def report() -> tuple[str, int]:
    """This will show the report of the asked days, of the last four weeks without any."""
    form, status = PeriodForm(request.args), 200
    with reading() as session:
        try:
            period = _asked(session, form)
        except UnfitPeriod as refusal:
            form.first_on.errors, status = [str(refusal)], 422
            period = _usual(session)
        found = report_of(session, period, now=now())
    if status == 200:
        form.first_on.data, form.last_on.data = period.first_on, period.last_on
    days = urlencode({"from": period.first_on.isoformat(), "to": period.last_on.isoformat()})
    files = {name: f"{url_for('reports.report_file', name=name)}?{days}" for name in FILES}
    return render_template("reports/desk.html", report=found, form=form, files=files), status


@pages.get("/desk/reports/<name>.csv")
@open_to(*STAFF)
def report_file(name: str) -> Response:
    """This will answer one table of the report as a file for spreadsheets."""
    if name not in FILES:
        raise NotFound("There is no such table.")
    with reading() as session:
        period = _asked(session, PeriodForm(request.args))
        table = FILES[name](session, period, now())
    answer = Response(_written(table), mimetype="text/csv")
    days = f"{period.first_on}-to-{period.last_on}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.csv"'
    return answer


def _asked(session: Session, form: PeriodForm) -> Period:
    if not form.validate():
        raise UnfitPeriod("Enter two dates that are in the calendar, such as 24 Nov 2026.")
    days = calendar(session, migration_desk().calendar)
    return period_of(form.first_on.data, form.last_on.data, today=today_on(days, now()), zone=days.zone)


def _usual(session: Session) -> Period:
    days = calendar(session, migration_desk().calendar)
    return period_of(None, None, today=today_on(days, now()), zone=days.zone)


def _written(table: Table) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(table.headers)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
