"""Months of the books: what each came to, what keeps it from being locked, closing it and opening it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from migrator.accounts.models import Person
from migrator.clock.wording import day_text, instant_text, moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.desk_days import desk_day, desk_zone, month_of, month_text
from migrator.finance.exports.columns import JOURNAL
from migrator.finance.exports.files import csv_hash
from migrator.finance.exports.journal_lines import journal_lines
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.months import operations
from migrator.finance.months.checks import Check, findings_of
from migrator.finance.months.entries import PAGE_LENGTH, FigureRow, late_entries, rows_behind
from migrator.finance.months.figures import NAMES, ByCurrency, figures_from, figures_of, months_between
from migrator.finance.months.lifecycle import WORDS, MonthState, MonthStep, steps_of
from migrator.finance.months.models import AccountingMonth
from migrator.finance.months.queries import first_month, known_month, month_row, month_rows, payouts_not_at_bank
from migrator.history.actor import Role
from migrator.history.models import HistoryEntry
from migrator.history.queries import deeds_on
from migrator.money import Money
from migrator.web.audience import open_to
from migrator.web.fields import trimmed
from migrator.web.finance import pages
from migrator.web.request import now, person

MONTHS_SHOWN = 12
TONES = {MonthState.OPEN: "info", MonthState.IN_REVIEW: "attention", MonthState.LOCKED: "done"}
LABELS = {
    "invoiced": "Invoiced",
    "paid": "Paid",
    "refunded": "Refunded",
    "open": "Open",
    "insurance": "Insurance sold",
    "earned": "Insurance earned",
    "tax": "Tax",
}
WHERE = {
    Check.RECONCILED: ("finance.reconciliation", "Reconcile"),
    Check.EXCEPTIONS: ("finance.exception_list", "See the exceptions"),
    Check.MATCHED: ("finance.reconciliation", "See what is not matched"),
}
DEEDS = {
    "month.in_review": "Taken into review",
    "month.opened": "Given back",
    "month.locked": "Locked",
    "month.reopening_asked": "Asked to open again",
    "month.reopened": "Opened again",
    "month.kept_locked": "Left locked",
}
REASON_LENGTH = 500


class ReopeningForm(FlaskForm):  # type: ignore[misc]
    """Why a locked month has to be opened again."""

    reason = StringField(
        "Why?",
        filters=[trimmed],
        validators=[
            InputRequired("Say why the month has to be opened again"),
            Length(max=REASON_LENGTH, message=f"Use {REASON_LENGTH} characters or less"),
        ],
    )


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure with the way to its rows."""

    label: str
    amount: Money
    url: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month as the list shows it; `lines` are its figures, a line for each currency."""

    title: str
    url: str
    state: str
    tone: str
    lines: tuple[tuple[FigureView, ...], ...]
    payouts: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """One check; `reason` is empty where it is met."""

    title: str
    reason: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class LateView:
    """Something that belongs to the month and is dated later."""

    on: str
    belongs_on: str
    words: str
    order_number: str


@dataclass(frozen=True, slots=True)
class DeedView:
    """What was done to the month, by whom and when."""

    words: str
    who: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month.

    :ivar seal: of a locked month: by whom and when, the hash, and whether the books still have it
    :ivar asked: who has asked to open it again, and why; empty where nobody has
    """

    month: str
    view: MonthView
    findings: tuple[FindingView, ...]
    steps: frozenset[MonthStep]
    seal: Mapping[str, str]
    asked: str
    is_asked_by_reader: bool
    late: tuple[LateView, ...]
    deeds: tuple[DeedView, ...]


@pages.get("/finance/months")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def months() -> str:
    """This will list the months of the books with what each came to, the newest first."""
    with reading() as session:
        shown, earlier = _months_shown(session, request.args.get("before", ""))
        views = _views(session, shown)
    return render_template(
        "finance/months.html",
        months=views,
        earlier_url=url_for("finance.months", before=shown[0]) if earlier else "",
        newest_url=url_for("finance.months") if "before" in request.args else "",
    )


@pages.get("/finance/months/<month>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def month(month: str) -> str:
    """This will show one month: what keeps it from being locked, or what it was locked with."""
    return _shown(known_month(month), ReopeningForm())


@pages.get("/finance/months/<month>/<figure>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def month_figure(month: str, figure: str) -> str:
    """This will list the rows that a figure of a month is the sum of."""
    after = request.args.get("after", "0")
    if figure not in NAMES or not (after.isascii() and after.isdigit() and len(after) < 18):
        raise NotFound("There is no such figure.")
    month = known_month(month)
    with reading() as session:
        found = rows_behind(session, month, figure, after=int(after))
    rows: list[FigureRow] = list(found[:PAGE_LENGTH])
    here = partial(url_for, "finance.month_figure", month=month, figure=figure)
    return render_template(
        "finance/month_figure.html",
        month=month,
        title=f"{LABELS[figure]}, {month_text(month)}",
        month_title=month_text(month),
        rows=[(row, day_text(row.on)) for row in rows],
        next_url=here(after=rows[-1].cursor) if len(found) > PAGE_LENGTH else "",
        first_url=here() if after != "0" else "",
    )


@pages.post("/finance/months/<month>/review")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def review_month(month: str) -> Response | tuple[str, int]:
    """This will take a month into review."""
    return _do(month, operations.take_into_review, "In review. Lock it when nothing stands in the way.")


@pages.post("/finance/months/<month>/stop")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def stop_month(month: str) -> Response | tuple[str, int]:
    """This will give a month in review back."""
    return _do(month, operations.stop_review, "Open again.")


@pages.post("/finance/months/<month>/lock")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def lock_month(month: str) -> Response | tuple[str, int]:
    """This will lock a month."""
    return _do(month, operations.lock, "Locked. Nothing can be dated in this month any more.")


@pages.post("/finance/months/<month>/reopen")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def reopen_month(month: str) -> Response | tuple[str, int]:
    """This will ask to open a locked month again."""
    form = ReopeningForm()
    if not form.validate_on_submit():
        return _shown(known_month(month), form), 422
    reason = form.reason.data or ""

    def ask(session: Session, which: str, **by: object) -> None:
        operations.ask_to_reopen(session, which, reason=reason, by=person(), now=now())

    return _do(month, ask, "Asked. Another person has to confirm it.", form)


@pages.post("/finance/months/<month>/confirm")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def confirm_month(month: str) -> Response | tuple[str, int]:
    """This will open a locked month again, or leave it locked."""
    if request.form.get("answer") == "keep":
        return _do(month, operations.keep_locked, "It stays locked.")
    return _do(month, operations.confirm_reopening, "Open again. Lock it anew when it is mended.")


def _do(
    month: str, deed: Callable[..., None], said: str, form: ReopeningForm | None = None
) -> Response | tuple[str, int]:
    month = known_month(month)
    by: Person = person()
    try:
        with transaction() as session:
            deed(session, month, by=by, now=now())
    except DomainError as refusal:
        return _shown(month, form or ReopeningForm(formdata=None), refusal=str(refusal)), 409
    flash(said)
    return redirect(url_for("finance.month", month=month), 303)


def _shown(month: str, form: ReopeningForm, *, refusal: str = "") -> str:
    with reading() as session:
        page = _page(session, month)
    return render_template("finance/month.html", page=page, form=form, refusal=refusal)


def _months_shown(session: Session, before: str) -> tuple[list[str], bool]:
    last = month_of(desk_day(now()))
    every = list(months_between(first_month(session) or last, last))
    if before:
        every = [one for one in every if one < known_month(before)]
    shown = every[-MONTHS_SHOWN:] or [last]
    return shown, len(every) > len(shown)


def _views(session: Session, shown: list[str]) -> list[MonthView]:
    rows = month_rows(session, shown)
    locked = {month for month, row in rows.items() if row.state is MonthState.LOCKED}
    fresh = figures_of(session, [month for month in shown if month not in locked])
    payouts = payouts_not_at_bank(session, shown)
    views = []
    for one in reversed(shown):
        row = rows.get(one)
        figures = _kept(row) if row and one in locked else fresh.get(one, {})
        views.append(_view(one, row.state if row else MonthState.OPEN, figures, payouts[one]))
    return views


def _kept(row: AccountingMonth) -> ByCurrency:
    return {currency: figures_from(document) for currency, document in row.totals["currencies"].items()}


def _view(month: str, state: MonthState, figures: ByCurrency, payouts: int) -> MonthView:
    return MonthView(
        title=month_text(month),
        url=url_for("finance.month", month=month),
        state=WORDS[state],
        tone=TONES[state],
        lines=tuple(tuple(_figures(month, currency, figures)) for currency in figures),
        payouts=payouts,
    )


def _figures(month: str, currency: str, figures: ByCurrency) -> Iterator[FigureView]:
    for name in NAMES:
        amount = Money(getattr(figures[currency], name), currency)
        yield FigureView(LABELS[name], amount, url_for("finance.month_figure", month=month, figure=name))


def _page(session: Session, month: str) -> MonthPage:
    row = month_row(session, month)
    is_locked = row.state is MonthState.LOCKED
    figures = _kept(row) if is_locked else figures_of(session, [month]).get(month, {})
    asked_by = row.reopening_asked_by
    return MonthPage(
        month=month,
        view=_view(month, row.state, figures, payouts_not_at_bank(session, [month])[month]),
        findings=() if is_locked else tuple(_findings(session, month)),
        steps=steps_of(row.state, is_asked=asked_by is not None),
        seal=_seal(session, row) if is_locked else {},
        asked=f"{asked_by.display_name}: {row.reopening_reason}" if asked_by else "",
        is_asked_by_reader=asked_by is not None and asked_by.id == person().id,
        late=tuple(_late(entry) for entry in late_entries(session, month)),
        deeds=tuple(_deed(entry) for entry in deeds_on(session, "month", month)),
    )


def _findings(session: Session, month: str) -> Iterator[FindingView]:
    for finding in findings_of(session, month, now=now()):
        endpoint, link = WHERE.get(finding.check, ("", ""))
        url = url_for(endpoint) if endpoint and finding.reason else ""
        yield FindingView(finding.title, finding.reason, url, link)


def _seal(session: Session, row: AccountingMonth) -> dict[str, str]:
    sha256, count = csv_hash(JOURNAL, journal_lines(session, row.month))
    by = row.locked_by.display_name if row.locked_by else ""
    return {
        "by": f"{by}, {instant_text(row.locked_at, desk_zone())}" if row.locked_at else by,
        "sha256": row.sha256,
        "lines": f"{count:,}",
        "insurance_sha256": row.totals["insurance_sha256"],
        "insurance_lines": f"{row.totals['insurance_lines']:,}",
        "is_same": "yes" if sha256 == row.sha256 else "",
    }


def _late(entry: JournalEntry) -> LateView:
    assert entry.late_of, "asked for by that day"
    number = entry.order.number if entry.order else ""
    return LateView(day_text(entry.happened_on), day_text(entry.late_of), entry.words, number)


def _deed(entry: HistoryEntry) -> DeedView:
    at = moment_text(entry.happened_at, desk_zone())
    return DeedView(DEEDS[entry.verb], entry.actor_name, at, entry.reason)
