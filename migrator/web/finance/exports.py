"""What finance takes elsewhere: the page with its filter, and the files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator

from flask import Response, render_template, request, send_file, stream_with_context
from sqlalchemy.orm import Session
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from migrator.database.session import reading
from migrator.finance.covers.lifecycle import WORDS, CoverState
from migrator.finance.desk_days import desk_day, month_of, month_text
from migrator.finance.exports.columns import INSURANCE, JOURNAL, Cell, Table
from migrator.finance.exports.files import csv_text, write_xlsx
from migrator.finance.exports.filters import LineFilter
from migrator.finance.exports.insurance_lines import insurance_lines
from migrator.finance.exports.journal_lines import journal_lines
from migrator.finance.months.figures import months_between
from migrator.finance.months.queries import first_month
from migrator.history.actor import Role
from migrator.policy.loading import catalogue
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.request import now

EVERY = ""
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", flags=re.ASCII)
BLOCK = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Lines = Callable[[Session], Iterable[tuple[Cell, ...]]]


def _choices(every: str, further: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(EVERY, every), *(SelectChoice(value, words) for value, words in further)]


class FilterForm(Form):
    """Which insurance lines. Asked by GET: it changes nothing."""

    month = SelectField("Paid in", validate_choice=False)
    plan = SelectField("Plan", validate_choice=False)
    state = SelectField(
        "State of the cover",
        choices=_choices("Every state", ((state.value, WORDS[state]) for state in CoverState)),
        validate_choice=False,
        validators=[AnyOf([EVERY, *CoverState], "Choose a state from the list")],
    )

    def __init__(self, months: list[str]) -> None:
        super().__init__(request.args)
        plans = [str(plan.plan) for plan in catalogue().insurance]
        self.months, self.plans = [EVERY, *months], [EVERY, *plans]
        self.month.choices = _choices("Every month", ((month, month_text(month)) for month in reversed(months)))
        self.plan.choices = _choices("Every plan", ((plan, f"Plan {plan}") for plan in plans))
        for field in (self.month, self.plan, self.state):
            field.data = field.data or EVERY

    def validate_plan(self, field: SelectField) -> None:
        """This will refuse a plan that is not sold."""
        AnyOf(self.plans, "Choose a plan from the list")(self, field)

    def validate_month(self, field: SelectField) -> None:
        """This will refuse a month that is not in the list."""
        AnyOf(self.months, "Choose a month from the list")(self, field)

    def wanted(self) -> LineFilter:
        """This will return which lines; only for valid answers."""
        state = CoverState(self.state.data) if self.state.data else None
        return LineFilter(self.month.data or None, int(self.plan.data) if self.plan.data else None, state)


@pages.get("/finance/exports")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def exports() -> str:
    """This will offer the files."""
    return _shown(_form())


@pages.get("/finance/exports/insurance.<ending>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def insurance_file(ending: str) -> Response | tuple[str, int]:
    """This will answer the insurance lines as a file; the same filter gives the same bytes."""
    form = _form()
    if ending not in ANSWERS or not form.validate():
        return _shown(form), 422
    wanted = form.wanted()
    return ANSWERS[ending](INSURANCE, wanted.suffix, lambda session: insurance_lines(session, wanted))


@pages.get("/finance/exports/journal.<ending>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def journal_file(ending: str) -> Response | tuple[str, int]:
    """This will answer the journal of a month as a file; of a locked month its hash is the one that was kept."""
    form = _form()
    month = request.args.get("month", "")
    if ending not in ANSWERS or not form.validate() or not MONTH.fullmatch(month):
        form.month.errors = [*form.month.errors, "The journal is exported month by month: choose one"]
        return _shown(form), 422
    return ANSWERS[ending](JOURNAL, month, lambda session: journal_lines(session, month))


def _form() -> FilterForm:
    last = month_of(desk_day(now()))
    with reading() as session:
        first = first_month(session) or last
    return FilterForm(list(months_between(first, last)))


def _shown(form: FilterForm) -> str:
    return render_template("finance/exports.html", form=form, columns=INSURANCE.columns)


def _as_csv(table: Table, suffix: str, lines: Lines) -> Response:
    def blocks() -> Iterator[str]:
        with reading() as session:
            kept: list[str] = []
            size = 0
            for text in csv_text(table, lines(session)):
                kept.append(text)
                size += len(text)
                if size >= BLOCK:
                    yield "".join(kept)
                    kept, size = [], 0
            yield "".join(kept)

    answer = Response(stream_with_context(blocks()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}-{suffix}.csv"'
    return answer


def _as_xlsx(table: Table, suffix: str, lines: Lines) -> Response:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer that it becomes
    with reading() as session:
        write_xlsx(file, table, lines(session))
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{table.name}-{suffix}.xlsx")


ANSWERS: dict[str, Callable[[Table, str, Lines], Response]] = {"csv": _as_csv, "xlsx": _as_xlsx}
