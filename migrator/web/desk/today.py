"""What do I do now: one list in the order of what we owe next (UX, screen 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.calendars.queries import calendar, calendar_of
from migrator.clock.calendar import Calendar
from migrator.clock.wording import day_text, local_time
from migrator.database.session import reading
from migrator.fulfilment.desk import (
    TITLES,
    Group,
    Limits,
    age_text,
    group_of,
    limits,
    next_step,
    time_left_text,
)
from migrator.fulfilment.desk_queries import (
    BY_AGE,
    MOST_COUNTED,
    DeskList,
    DeskOrder,
    Scope,
    Whose,
    desk_counts,
    desk_orders,
    found_orders,
    load_of,
)
from migrator.fulfilment.rules import awaits_agreement
from migrator.history.actor import Role
from migrator.orders.lifecycle import Turn
from migrator.orders.models import Order
from migrator.orders.numbers import is_well_formed, read_number
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk import pages
from migrator.web.fields import LINE_LENGTH, trimmed
from migrator.web.request import now, person

WHOSE = {Whose.ALL: "All", Whose.MINE: "Mine", Whose.UNASSIGNED: "Unassigned"}
SYMBOLS = {
    Group.OVERDUE: ("triangle-alert", "late"),
    Group.TODAY: ("clock", "soon"),
    Group.WEEK: ("calendar", "due"),
    Group.LATER: ("calendar", "due"),
    Group.UNDATED: ("calendar", "due"),
}
TURN_WORDS = {Turn.US: "Ours", Turn.CUSTOMER: "The customer’s", Turn.NOBODY: "Nobody’s"}
CLOSURES_SHOWN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One order as the list shows it."""

    number: str
    customer: str
    manager: str
    turn: str
    next_step: str
    age: str
    time_left: str
    icon: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """The rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the header; `count` is none where nothing is counted."""

    label: str
    url: str
    is_chosen: bool
    count: str | None = None


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the desk's first page shows."""

    parts: tuple[Part, ...]
    groups: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    words: str
    kept: dict[str, str]
    next_url: str | None
    first_url: str | None
    open_orders: str
    due_this_week: str
    closures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    group: Group | None
    scope: Scope
    words: str
    after: tuple[datetime | None, int] | None

    def url(self, **differences: str | None) -> str:
        """This will return the address of the same list with differences; None leaves something out."""
        kept = {
            "group": self.group.value if self.group else None,
            "whose": None if self.scope.whose is Whose.ALL else self.scope.whose.value,
            "q": self.words or None,
        }
        values = {**kept, **differences}
        return url_for("desk.today", **{key: value for key, value in values.items() if value})  # type: ignore[arg-type]


@pages.get("/desk")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def today() -> Response | str:
    """This will show the list; a whole order number in the search opens the order."""
    asked = _asked()
    if is_well_formed(asked.words):
        return redirect(url_for("desk.workbench", number=read_number(asked.words)))
    with reading() as session:
        page = _page(session, asked)
    return render_template("desk/today.html", page=page)


def _asked() -> Asked:
    return Asked(
        group=request.args.get("group", None, type=Group),
        scope=Scope(request.args.get("whose", Whose.ALL, type=Whose), person().id),
        words=_printable(trimmed(request.args.get("q")))[:LINE_LENGTH],
        after=read_cursor(request.args.get("after")),
    )


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _page(session: Session, asked: Asked) -> TodayPage:
    desk_calendar = calendar(session, migration_desk().calendar)
    edges = limits(now(), desk_calendar.zone)
    found = _found(session, asked, edges)
    counts = desk_counts(session, scope=asked.scope, limits=edges)
    open_orders, due_this_week = load_of(session, asked.scope.person_id, edges)
    return TodayPage(
        parts=_parts(session, found, asked, edges),
        groups=tuple(
            Choice(title, asked.url(group=group, q=None), group is asked.group, _counted(counts[group]))
            for group, title in TITLES.items()
            if counts[group] or group is asked.group or group is not Group.UNDATED
        ),
        whose=tuple(
            Choice(label, asked.url(whose=None if whose is Whose.ALL else whose), whose is asked.scope.whose)
            for whose, label in WHOSE.items()
        ),
        words=asked.words,
        kept={"whose": asked.scope.whose.value} if asked.scope.whose is not Whose.ALL else {},
        next_url=asked.url(after=_cursor(found.rows[-1].order, asked)) if found.has_more else None,
        first_url=asked.url() if asked.after else None,
        open_orders=_counted(open_orders),
        due_this_week=_counted(due_this_week),
        closures=_closures(desk_calendar),
    )


def _found(session: Session, asked: Asked, edges: Limits) -> DeskList:
    if asked.words:
        return found_orders(session, asked.words, before_id=asked.after[1] if asked.after else None)
    return desk_orders(session, asked.group, scope=asked.scope, limits=edges, after=asked.after)


def _cursor(last: Order, asked: Asked) -> str:
    if asked.words:
        return cursor_of(None, last.id)
    return cursor_of(last.state_since_at if asked.group in BY_AGE else last.promise_at, last.id)


def _parts(session: Session, found: DeskList, asked: Asked, edges: Limits) -> tuple[Part, ...]:
    rows = [(found_row.order, _row(session, found_row, edges)) for found_row in found.rows]
    if asked.words:
        return (Part(f"Orders found for “{asked.words}”", tuple(row for _, row in rows)),) if rows else ()
    if asked.group:
        return (Part(TITLES[asked.group], tuple(row for _, row in rows)),) if rows else ()
    by_group = groupby(rows, key=lambda pair: group_of(pair[0].promise_at, edges))
    return tuple(Part(TITLES[group], tuple(row for _, row in pairs)) for group, pairs in by_group)


def _row(session: Session, found: DeskOrder, edges: Limits) -> Row:
    order, days = found.order, calendar_of(session, found.order.calendar_row)
    icon, tone = SYMBOLS[group_of(order.promise_at, edges)] if order.shown_turn is Turn.US else ("hand", "theirs")
    return Row(
        number=order.number,
        customer=order.organisation.name,
        manager=order.account_manager.display_name if order.account_manager else "Nobody",
        turn=TURN_WORDS[order.shown_turn],
        next_step=next_step(
            order.state,
            has_answers=found.has_answers,
            is_agreed=not awaits_agreement(order.terms, order.agreed_at),
            is_proposed=order.proposed_at is not None,
        ),
        age=age_text(order.state_since_at, now=edges.now),
        time_left=_time_left(order, days, edges),
        icon=icon,
        tone=tone,
        url=url_for("desk.workbench", number=order.number),
    )


def _time_left(order: Order, days: Calendar, edges: Limits) -> str:
    if order.shown_turn is not Turn.US:
        return "Waiting"
    return time_left_text(order.promise_at, days, now=edges.now)


def _counted(count: int) -> str:
    return f"more than {MOST_COUNTED}" if count > MOST_COUNTED else str(count)


def _closures(days: Calendar) -> tuple[str, ...]:
    today_on = local_time(now(), days.zone).date()
    coming = (day for on, day in sorted(days.closed_days.items()) if 0 <= (on - today_on).days < CLOSURES_SHOWN_DAYS)
    return tuple(f"{day_text(day.on)}: {day.name}" for day in coming)
