"""Logging time in two steps – what it rounds to and leaves, then saving – with drafts, corrections and the timer.

(RULES C-068)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from migrator.clock.wording import day_text, instant_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.hours.models import EntryState, TimeEntry, TimeKind
from migrator.fulfilment.hours.queries import PAGE_LENGTH, entries_of, entry_of, last_entry_id, timer_of
from migrator.fulfilment.hours.rules import KIND_WORDS, MOST_MINUTES, in_tenths, is_charged, read_minutes, typed_text
from migrator.fulfilment.hours.rules import used_text as hours_text
from migrator.fulfilment.operations import hold
from migrator.journeys.log_time import (
    Work,
    check_work,
    correct_time,
    discard_draft,
    draft_time,
    post_draft,
    post_time,
)
from migrator.journeys.run_timer import begin_timing, end_timing
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.supplement_rules import tenths_text
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.extras_forms import WorkCorrectionForm, WorkForm
from migrator.web.desk.forms import refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person

DRAFT = "draft"
Deed = Callable[[Session, Order, TimeEntry], str]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as staff see it."""

    id: int
    day: str
    kind: str
    note: str
    who: str
    hours: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class HoursPage:
    """The entries, the newest first, the balance and the person's timer.

    :ivar timer: since when it runs here, or on which other order; empty without one
    """

    number: str
    balance: str
    left: str
    entries: tuple[EntryRow, ...]
    older_url: str | None
    timer: str
    times_here: bool
    times_elsewhere: str


@pages.get("/desk/orders/<number>/hours")
@open_to(*DESK)
def hours(number: str) -> str:
    """This will show the entries, the timer, and the form for another entry, begun with what the timer measured."""
    form = WorkForm(formdata=None, time=_worked())
    return _shown(number, form)


@pages.post("/desk/orders/<number>/hours")
@open_to(*DESK)
def log_hours(number: str) -> Answer:
    """This will first show what the time rounds to and leaves, then save it: posted, or as a draft."""
    form = WorkForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            order = order_for_staff(session, number, for_update=True)
            hold(session, order)
            work = _work(form)
            sentence, seen = _before_saving(session, order, work)
            if form.seen.data == seen:
                _save(session, order, work)
                sentence = ""
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    if sentence:
        form.seen.data = seen
        return _shown(number, form, preview=sentence)
    flash("Saved.")
    return redirect(url_for("desk.hours", number=number), 303)


@pages.post("/desk/orders/<number>/hours/<int:entry_id>/post")
@open_to(*DESK)
def post_hours(number: str, entry_id: int) -> Answer:
    """This will post a draft."""

    def post(session: Session, order: Order, entry: TimeEntry) -> str:
        post_draft(session, order, entry, actor=actor(), now=now())
        return "Posted. The customer sees it now."

    return _done_to_draft(number, entry_id, post)


@pages.post("/desk/orders/<number>/hours/<int:entry_id>/discard")
@open_to(*DESK)
def discard_hours(number: str, entry_id: int) -> Answer:
    """This will throw a draft away."""

    def discard(session: Session, order: Order, entry: TimeEntry) -> str:
        discard_draft(session, order, entry, actor=actor(), now=now())
        return "The draft was thrown away."

    return _done_to_draft(number, entry_id, discard)


@pages.get("/desk/orders/<number>/hours/<int:entry_id>")
@open_to(*DESK)
def entry(number: str, entry_id: int) -> str:
    """This will show a posted entry to be corrected."""
    return _entry_shown(number, entry_id, WorkCorrectionForm(formdata=None))


@pages.post("/desk/orders/<number>/hours/<int:entry_id>")
@open_to(*DESK)
def correct_entry(number: str, entry_id: int) -> Answer:
    """This will correct a posted entry (RULES D-10)."""
    form = WorkCorrectionForm()

    def correct(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        found = entry_of(session, order.id, entry_id)
        refuse_stale(form, found.version)
        work = _work(form, change_request_id=found.change_request_id)
        correct_time(session, order, found, work, reason=form.reason.data or "", actor=actor(), now=now())
        left = tenths_text(order.support_minutes_limit - order.support_minutes_used)
        return f"The entry has been corrected to {tenths_text(work.minutes)} h. {left} h are left."

    return answered(
        form, correct, number=number, shown=lambda refusal: _entry_shown(number, entry_id, form, refusal=refusal)
    )


@pages.post("/desk/orders/<number>/timer/start")
@open_to(*DESK)
def timer_start(number: str) -> Answer:
    """This will start the person's timer."""
    try:
        with transaction() as session:
            begin_timing(session, order_for_staff(session, number), person=person(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, WorkForm(formdata=None), refusal=refusal), status_of(refusal)
    flash("Your timer runs.")
    return redirect(url_for("desk.hours", number=number), 303)


@pages.post("/desk/orders/<number>/timer/stop")
@open_to(*DESK)
def timer_stop(number: str) -> Answer:
    """This will stop the person's timer and begin an entry with its time."""
    try:
        with transaction() as session:
            worked = end_timing(session, order_for_staff(session, number), person=person(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, WorkForm(formdata=None), refusal=refusal), status_of(refusal)
    flash(f"Your timer is stopped at {typed_text(worked)}. Say what it was, and save it.")
    return redirect(url_for("desk.hours", number=number, worked=worked, _anchor="log"), 303)


def _worked() -> str:
    minutes = request.args.get("worked", 0, type=int)
    return typed_text(minutes) if 0 < minutes <= MOST_MINUTES else ""


def _work(form: WorkForm, change_request_id: int | None = None) -> Work:
    assert form.worked_on.data is not None, "the form asks for it"
    return Work(
        TimeKind(form.kind.data),
        in_tenths(read_minutes(form.time.data or "")),
        form.worked_on.data,
        form.note.data or "",
        change_request_id,
    )


def _before_saving(session: Session, order: Order, work: Work) -> tuple[str, str]:
    check_work(order, work, now=now())
    used, limit = order.support_minutes_used, order.support_minutes_limit
    seen = "|".join(map(str, (work.kind, work.minutes, used, limit, last_entry_id(session, order.id))))
    spent = tenths_text(work.minutes)
    if not is_charged(work.kind):
        return f"{spent} h of our own re-work: nothing is charged. Save?", seen
    return f"{spent} h, leaves {tenths_text(limit - used - work.minutes)} h. Save?", seen


def _save(session: Session, order: Order, work: Work) -> None:
    save = draft_time if request.form.get("save") == DRAFT else post_time
    save(session, order, work, person=person(), now=now())


def _done_to_draft(number: str, entry_id: int, deed: Deed) -> Answer:
    try:
        with transaction() as session:
            order = order_for_staff(session, number, for_update=True)
            sentence = deed(session, order, entry_of(session, order.id, entry_id))
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, WorkForm(formdata=None), refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("desk.hours", number=number), 303)


def _shown(number: str, form: WorkForm, *, refusal: DomainError | None = None, preview: str = "") -> str:
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        order = order_for_staff(session, number)
        found = entries_of(session, order.id, before_id=cursor[1] if cursor else None)
        page = _page(session, order, found)
    if not form.is_submitted() or form.worked_on.data is None:
        form.worked_on.data = form.worked_on.data or local_time(now(), order.calendar_row.zone).date()
    return render_template("desk/hours.html", number=number, page=page, form=form, preview=preview, refusal=refusal)


def _page(session: Session, order: Order, found: Sequence[TimeEntry]) -> HoursPage:
    used, limit = order.support_minutes_used, order.support_minutes_limit
    shown = found[:PAGE_LENGTH]
    older = cursor_of(None, shown[-1].id) if len(found) > PAGE_LENGTH else None
    timer = timer_of(session, person().id)
    here = timer is not None and timer.order_id == order.id
    return HoursPage(
        number=order.number,
        balance=f"{hours_text(used, limit)}.",
        left=tenths_text(limit - used),
        entries=tuple(_row(one) for one in shown),
        older_url=url_for("desk.hours", number=order.number, before=older) if older else None,
        timer=instant_text(timer.started_at, order.calendar_row.zone) if timer else "",
        times_here=here,
        times_elsewhere="" if timer is None or here else timer.order.number,
    )


def _row(one: TimeEntry) -> EntryRow:
    return EntryRow(
        one.id,
        day_text(one.worked_on),
        KIND_WORDS[one.kind],
        one.note,
        one.person.display_name,
        tenths_text(one.minutes),
        one.state is EntryState.DRAFT,
    )


def _entry_shown(number: str, entry_id: int, form: WorkCorrectionForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        found = entry_of(session, order.id, entry_id)
    if not form.is_submitted():
        form.version.data = str(found.version)
        form.kind.data, form.time.data = found.kind.value, typed_text(found.minutes)
        form.worked_on.data, form.note.data = found.worked_on, found.note
    return render_template("desk/time_entry.html", number=number, entry_id=entry_id, form=form, refusal=refusal)
