"""What the page of one closure shows: its days, how far counting and telling are, and what moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from migrator.calendars.closure_models import Closure, ClosureState
from migrator.calendars.closure_queries import deeds_of_closure
from migrator.calendars.closure_rules import days_to_close, span_text
from migrator.calendars.models import CalendarRow
from migrator.calendars.queries import calendar_of
from migrator.clock.wording import counted_text, end_text, moment_text, short_day_text
from migrator.errors import DomainError
from migrator.fulfilment.closures.models import Direction, Recount, RecountState
from migrator.fulfilment.closures.operations import change_of
from migrator.fulfilment.closures.queries import newest_recounts, open_moves, tally
from migrator.fulfilment.closures.rules import business_days_moved, group_text
from migrator.fulfilment.closures.telling import MovedDate, moved_dates
from migrator.history.models import HistoryEntry
from migrator.support.models import Ticket
from migrator.support.recounting import NewDate, moving_tickets
from migrator.web.admin.closures import state_words
from migrator.web.cursor import cursor_of

ROWS = 50
CHANGED_SINCE = "The calendar was changed since this was counted. Count again, then decide."
DEEDS = {
    "closure.drafted": "Drafted",
    "closure.discarded": "Put away",
    "closure.announced": "Announced",
    "closure.withdrawn": "Withdrawn",
    "closure.not_counted": "The count was stopped",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is; `total` is 0 while that is not known yet."""

    title: str
    done: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One order that moves."""

    number: str
    customer: str
    dates: tuple[MovedDate, ...]
    explain_url: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request whose answer, or whose closing by itself, moves."""

    number: str
    customer: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class MovingRequests:
    """The requests that move: how many, and the first of them."""

    summary: str
    rows: tuple[RequestRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What was counted. `outdated` says why it cannot be confirmed, `warning` what should be thought of before."""

    recount_id: int
    is_withdrawal: bool
    summary: str
    silent: str
    warning: str
    outdated: str
    counted_text: str
    rows: tuple[MoveRow, ...]
    next_url: str
    requests: MovingRequests | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of what was done."""

    at: datetime
    at_text: str
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class ClosurePage:
    """All that the page shows."""

    id: int
    name: str
    reason: str
    days: str
    closing: str
    closed_already: tuple[str, ...]
    state: str
    tone: str
    is_draft: bool
    is_announced: bool
    progress: Progress | None
    preview: Preview | None
    deeds: tuple[Deed, ...]


def closure_page(session: Session, closure: Closure, *, after_id: int, now: datetime) -> ClosurePage:
    """This will ask for what the page shows."""
    row = session.get_one(CalendarRow, closure.calendar_key)
    recount = newest_recounts(session, [closure.id]).get(closure.id)
    state, tone = state_words(closure, recount)
    is_draft = closure.state is ClosureState.DRAFT
    days = days_to_close(calendar_of(session, row), closure.first_on, closure.last_on)
    counted = recount if recount and recount.state is RecountState.COUNTED else None
    return ClosurePage(
        id=closure.id,
        name=closure.name,
        reason=closure.reason,
        days=span_text(closure.first_on, closure.last_on),
        closing=", ".join(short_day_text(on) for on in days.closing) if is_draft else "",
        closed_already=days.closed_already if is_draft else (),
        state=state,
        tone=tone,
        is_draft=is_draft,
        is_announced=closure.state is ClosureState.ANNOUNCED,
        progress=_progress(session, recount, now=now) if recount else None,
        preview=_preview(session, counted, row, after_id=after_id, now=now) if counted else None,
        deeds=tuple(_deed(entry, row.zone) for entry in deeds_of_closure(session, closure.id)),
    )


def _progress(session: Session, recount: Recount, *, now: datetime) -> Progress | None:
    if recount.state is RecountState.COUNTING:
        looked = f"{recount.seen:,} of {counted_text(max(recount.to_see, recount.seen), 'order')} looked at."
        text = f"{looked} Nothing moves by counting." if recount.to_see else "The count begins in a moment."
        return Progress("Counting what moves", recount.seen, recount.to_see, text)
    if recount.state is not RecountState.TELLING:
        return None
    found = tally(session, recount.id, now=now)
    total = found.moving + found.silent
    text = f"All dates are moved. The customers of {recount.told:,} of {counted_text(total, 'order')} are told."
    return Progress("Telling customers", recount.told, total, text)


def _preview(session: Session, recount: Recount, row: CalendarRow, *, after_id: int, now: datetime) -> Preview:
    found = tally(session, recount.id, now=now)
    groups = ", ".join(f"{count:,} {group_text(days)}" for days, count in found.by_days)
    moves = open_moves(session, recount.id, after_id=after_id, limit=ROWS)
    outdated = CHANGED_SINCE if recount.calendar_version != row.version else ""
    shown = moves[:ROWS]
    next_url = _url(recount, after=cursor_of(None, shown[-1][0].order_id)) if len(moves) > ROWS else ""
    verb = "moves" if found.moving == 1 else "move"
    return Preview(
        recount_id=recount.id,
        is_withdrawal=recount.direction is Direction.WITHDRAW,
        summary=f"{counted_text(found.moving, 'order')} {verb}: {groups}." if groups else "No order moves.",
        silent=_silent(found.silent),
        warning=_warning(found.late_at_once),
        outdated=outdated,
        counted_text=moment_text(recount.counted_at or recount.begun_at, row.zone),
        rows=tuple(
            MoveRow(
                order.number,
                order.organisation.name,
                moved_dates(move, row.zone),
                url_for("admin.closure_order", closure_id=recount.closure_id, number=order.number),
            )
            for move, order in shown
        ),
        next_url=next_url,
        requests=None if outdated else _requests(session, recount, row, now=now),
    )


def _requests(session: Session, recount: Recount, row: CalendarRow, *, now: datetime) -> MovingRequests | None:
    """This will count the requests as they are now: answers are owed for days, so none of them is old."""
    try:
        change = change_of(session, recount.closure, row, direction=recount.direction, at=now)
    except DomainError:
        # The days can no longer be announced; deciding says so.
        return None
    found = moving_tickets(session, change.after, since=change.since)
    moving = [(each.ticket, each.told) for each in found if each.told]
    days = Counter(business_days_moved((date.old_at, date.new_at), change.whole) for _, date in moving)
    groups = ", ".join(f"{count:,} {group_text(by)}" for by, count in sorted(days.items()))
    verb = "moves" if len(moving) == 1 else "move"
    return MovingRequests(
        summary=f"{counted_text(len(moving), 'request')} {verb}: {groups}." if moving else "No request moves.",
        rows=tuple(_request(ticket, date, row.zone) for ticket, date in moving[:ROWS]),
        more=f"And {len(moving) - ROWS:,} more." if len(moving) > ROWS else "",
    )


def _request(ticket: Ticket, date: NewDate, zone: str) -> RequestRow:
    return RequestRow(
        number=ticket.number,
        customer=ticket.organisation.name if ticket.organisation else ticket.contact_address,
        what="Answer by" if ticket.promise_at else "Closes by itself",
        old=end_text(date.old_at, zone),
        new=end_text(date.new_at, zone),
    )


def _url(recount: Recount, *, after: str) -> str:
    return url_for("admin.closure", closure_id=recount.closure_id, after=after)


def _silent(count: int) -> str:
    if not count:
        return ""
    return f"The dates of {counted_text(count, 'order')} that nobody waits for any more change with them, in silence."


def _warning(count: int) -> str:
    return f"{counted_text(count, 'order')} would be late at once, because the new date has passed." if count else ""


def _deed(entry: HistoryEntry, zone: str) -> Deed:
    words = DEEDS.get(entry.verb, "Changed")
    if why := str(entry.facts.get("why") or ""):
        words += f": {why.rstrip('.')}"
    if "orders" in entry.facts:
        words += f": the dates of {counted_text(int(entry.facts['orders']), 'order')}"
        requests = int(entry.facts.get("requests", 0))
        words += f" and {counted_text(requests, 'request')} moved" if requests else " moved"
    at_text = moment_text(entry.happened_at, zone)
    return Deed(entry.happened_at, at_text, f"{words}.", entry.actor_name)
