"""What the desk's first page shows, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from migrator.accounts.queries import manager_names
from migrator.calendars.queries import calendars
from migrator.clock.calendar import Calendar
from migrator.clock.wording import day_text, local_time
from migrator.errors import DomainError
from migrator.fulfilment.desk import (
    TITLES,
    Group,
    Limits,
    Standing,
    age_text,
    group_of,
    limits,
    next_step,
    time_left_text,
)
from migrator.fulfilment.desk_queries import (
    BY_AGE,
    MOST_COUNTED,
    PAGE_LENGTH,
    DeskList,
    Whose,
    desk_counts,
    desk_orders,
    orders_with_ids,
)
from migrator.fulfilment.desk_views import views_of
from migrator.orders.lifecycle import WORDS, OrderState, Turn, shown_turn
from migrator.orders.search_queries import found_orders
from migrator.orders.search_rules import searched_words
from migrator.policy.loading import migration_desk
from migrator.policy.types import Family
from migrator.web.cursor import cursor_of
from migrator.web.desk.asked import LIST, SHOWN_STATES, Asked

WHOSE = {Whose.ALL: "All", Whose.MINE: "Mine", Whose.UNASSIGNED: "Unassigned"}
FAMILIES = {Family.SELF_SERVICE: "Self-service", Family.ASSISTED: "Assisted", Family.PACKAGE: "Package"}
SOMEBODY = tuple((key, label) for key, label in WHOSE.items() if key is not Whose.ALL)
TONES = {
    Group.OVERDUE: "late",
    Group.TODAY: "soon",
    Group.WEEK: "due",
    Group.LATER: "due",
    Group.UNDATED: "due",
}
TURN_WORDS = {Turn.US: "Ours", Turn.CUSTOMER: "The customer’s", Turn.NOBODY: "Nobody’s"}
CLOSURES_SHOWN_DAYS = 14
# Number, whose it was seen to be, tone, time left, customer, turn, next step, age, manager: plain, for speed.
Row = tuple[str, int, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the header; `count` is empty where nothing is counted."""

    label: str
    url: str
    is_chosen: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view that was kept."""

    name: str
    url: str
    id: int


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the desk's first page shows."""

    parts: tuple[Part, ...]
    sentence: str
    groups: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    filters: tuple[tuple[str, str, Markup], ...]
    managers: Markup
    words: str
    query: str
    kept: dict[str, str]
    is_filtered: bool
    next_url: str | None
    first_url: str | None
    open_orders: str
    due_this_week: str
    views: tuple[View, ...]
    closures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    found: DeskList
    next_place: tuple[datetime | None, int] | None = None
    sentence: str = ""


def today_page(session: Session, asked: Asked, *, now: datetime) -> TodayPage:
    """This will gather the page."""
    known = calendars(session)
    desk_calendar = known[migration_desk().calendar]
    edges = limits(now, desk_calendar.zone)
    result = _searched(session, asked) if asked.words else _listed(session, asked, edges)
    counts = desk_counts(session, person_id=asked.person_id, scope=asked.scope, limits=edges)
    managers = manager_names(session)
    return TodayPage(
        parts=_parts(result.found.rows, asked, edges, known),
        sentence=result.sentence,
        groups=tuple(
            Choice(title, asked.url(group=group, q=None), group is asked.group, _counted(counts.groups[group]))
            for group, title in TITLES.items()
            if counts.groups[group] or group is asked.group or group is not Group.UNDATED
        ),
        whose=tuple(
            Choice(label, asked.url(whose=None if whose is Whose.ALL else whose), whose == asked.whose)
            for whose, label in WHOSE.items()
        ),
        filters=_filters(asked, managers),
        managers=_options(managers, ""),
        words=asked.words,
        query=asked.query(),
        kept={name: value for name, value in asked.kept.items() if name != "q"},
        is_filtered=asked.is_filtered,
        next_url=asked.url(after=cursor_of(*result.next_place)) if result.next_place else None,
        first_url=asked.url() if asked.after else None,
        open_orders=_counted(counts.mine),
        due_this_week=_counted(counts.mine_this_week),
        views=tuple(View(row.name, f"{LIST}?{row.query}", row.id) for row in views_of(session, asked.person_id)),
        closures=_closures(desk_calendar, now),
    )


def _listed(session: Session, asked: Asked, edges: Limits) -> _Result:
    group = asked.listed_group
    found = desk_orders(session, group, scope=asked.scope, limits=edges, after=asked.after)
    if not found.has_more:
        return _Result(found)
    last = found.rows[-1]
    return _Result(found, (last.state_since_at if group in BY_AGE else last.promise_at, last.id))


def _searched(session: Session, asked: Asked) -> _Result:
    try:
        words = searched_words(asked.words)
    except DomainError as refusal:
        return _Result(DeskList((), has_more=False), sentence=str(refusal))
    before_id = asked.after[1] if asked.after else None
    found = found_orders(session, words, limit=PAGE_LENGTH, before_id=before_id)
    rows = orders_with_ids(session, found.row_ids)
    place = (None, found.before_id) if found.before_id else None
    return _Result(DeskList(rows, has_more=place is not None), place)


def _parts(rows: Sequence[Any], asked: Asked, edges: Limits, known: Mapping[str, Calendar]) -> tuple[Part, ...]:
    if not rows:
        return ()
    group = asked.listed_group
    if asked.words or group:
        title = f"Orders found for “{asked.words}”" if asked.words or group is None else TITLES[group]
        return (Part(title, tuple(_row(row, edges, known) for row in rows)),)
    by_group = groupby(rows, key=lambda row: group_of(row.promise_at, edges))
    return tuple(Part(TITLES[key], tuple(_row(row, edges, known) for row in part)) for key, part in by_group)


def _row(row: Any, edges: Limits, known: Mapping[str, Calendar]) -> Row:
    flags = row.has_answers, row.is_agreed, row.is_proposed, row.is_validated
    is_ours, turn, step = _words(row.state, row.turn, row.family, *flags)
    return (
        row.number,
        row.account_manager_id or 0,
        TONES[group_of(row.promise_at, edges)] if is_ours else "theirs",
        time_left_text(row.promise_at, known[row.calendar_key], now=edges.now) if is_ours else "Waiting",
        row.customer,
        turn,
        step,
        age_text(row.state_since_at, now=edges.now),
        row.manager or "Nobody",
    )


@lru_cache(maxsize=2048)
def _words(kept_state: str, kept_turn: str, kept_family: str, *flags: bool) -> tuple[bool, str, str]:
    # Whether the order is ours, whose turn it is, and the next step, from the text that is kept.
    has_answers, is_agreed, is_proposed, is_validated = flags
    standing = Standing(
        state=OrderState(kept_state),
        turn=Turn(kept_turn),
        family=Family(kept_family),
        has_answers=has_answers,
        is_agreed=is_agreed,
        is_proposed=is_proposed,
        is_validated=is_validated,
    )
    shown = shown_turn(standing.state, standing.turn, has_proposal=is_proposed)
    return shown is Turn.US, TURN_WORDS[shown], next_step(standing)


def _filters(asked: Asked, managers: tuple[tuple[int, str], ...]) -> tuple[tuple[str, str, Markup], ...]:
    return (
        ("family", "Product", _options(tuple(FAMILIES.items()), asked.family or "")),
        ("state", "State", _options(tuple((state, WORDS[state]) for state in SHOWN_STATES), asked.state or "")),
        (
            "whose",
            "Account manager",
            _options((*SOMEBODY, *managers), asked.whose),
        ),
    )


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[object, str], ...], chosen: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup("").join(
        option.format(str(value), selected if str(value) == chosen else "", escape(label)) for value, label in choices
    )


def _counted(count: int) -> str:
    return f"more than {MOST_COUNTED}" if count > MOST_COUNTED else str(count)


def _closures(days: Calendar, now: datetime) -> tuple[str, ...]:
    today_on = local_time(now, days.zone).date()
    coming = (day for on, day in sorted(days.closed_days.items()) if 0 <= (on - today_on).days < CLOSURES_SHOWN_DAYS)
    return tuple(f"{day_text(day.on)}: {day.name}" for day in coming)
