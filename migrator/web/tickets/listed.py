"""The list of tickets: by what is due next, Assisted Premium first and the forum last within a group (RULES C-041)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.accounts.queries import manager_names
from migrator.calendars.queries import calendars
from migrator.clock.calendar import Calendar
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.fulfilment.desk import age_text
from migrator.history.actor import Role
from migrator.orders.numbers import read_number
from migrator.orders.search_queries import WordIndex, found_rows
from migrator.orders.search_rules import searched_words
from migrator.policy.loading import migration_desk
from migrator.support.categories import CATEGORY_WORDS, DESK_WORDS, TEAM_WORDS, Category, Desk, Team
from migrator.support.desk import DATED, TITLES, Limits, group_of, left_text, limits
from migrator.support.desk_queries import (
    MOST_COUNTED,
    PAGE_LENGTH,
    DeskList,
    Place,
    desk_counts,
    desk_tickets,
    tickets_with_ids,
)
from migrator.support.lifecycle import STAFF_WORDS, TicketState
from migrator.support.numbers import is_ticket_number
from migrator.support.rules import Rank
from migrator.support.search_models import TicketWord
from migrator.web.audience import open_to
from migrator.web.request import now
from migrator.web.tickets import pages
from migrator.web.tickets.asked import MINE, UNASSIGNED, Asked, after_text, asked

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
WORDS = WordIndex(TicketWord, "ticket_id")
WHOSE = {"": "All", MINE: "Mine", UNASSIGNED: "Unassigned"}
RANK_WORDS = {Rank.PREMIUM: "Premium", Rank.USUAL: "", Rank.FORUM: "Forum"}


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket as the list shows it."""

    number: str
    subject: str
    tone: str
    left: str
    customer: str
    about: str
    team: str
    state: str
    age: str
    assignee: str
    rank: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the header; `count` is empty where nothing is counted."""

    label: str
    url: str
    is_chosen: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of the narrowing form."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """All that the list shows."""

    parts: tuple[tuple[str, tuple[Row, ...]], ...]
    sentence: str
    groups: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    filters: tuple[Filter, ...]
    words: str
    kept: Mapping[str, str]
    is_filtered: bool
    next_url: str | None
    first_url: str | None


@pages.get("/desk/tickets")
@open_to(*DESK)
def listing() -> str | Response:
    """This will show the list; a whole ticket number in the search opens the ticket."""
    words = request.args.get("q", "")
    if is_ticket_number(words):
        return redirect(url_for("tickets.bench", number=read_number(words)))
    with reading() as session:
        page = _page(session, asked())
    return render_template("tickets/list.html", page=page)


def _page(session: Session, view: Asked) -> ListPage:
    known = calendars(session)
    edges = limits(now(), known[migration_desk().calendar].zone)
    found, sentence, place = _searched(session, view) if view.words else _listed(session, view, edges)
    counts = desk_counts(session, scope=view.scope, limits=edges)
    return ListPage(
        parts=_parts(found.rows, view, edges, known),
        sentence=sentence,
        groups=tuple(
            Choice(title, view.url(group=group, q=None), group is view.group, _counted(counts[group]))
            for group, title in TITLES.items()
        ),
        whose=tuple(Choice(label, view.url(whose=whose), whose == view.whose) for whose, label in WHOSE.items()),
        filters=_filters(view, manager_names(session)),
        words=view.words,
        kept={name: value for name, value in view.kept.items() if name not in {"q", "desk", "category", "team"}},
        is_filtered=view.is_filtered,
        next_url=view.url(**after_text(place)) if place else None,
        first_url=view.url() if view.after else None,
    )


def _listed(session: Session, view: Asked, edges: Limits) -> tuple[DeskList, str, Place | None]:
    found = desk_tickets(session, view.group, scope=view.scope, limits=edges, after=view.after)
    if not found.has_more:
        return found, "", None
    last = found.rows[-1]
    dated = view.group is None or view.group in DATED
    return found, "", Place(last.promise_at if dated else last.state_since_at, last.id, Rank(last.rank))


def _searched(session: Session, view: Asked) -> tuple[DeskList, str, Place | None]:
    try:
        words = searched_words(view.words)
    except DomainError as refusal:
        return DeskList((), has_more=False), str(refusal), None
    before_id = view.after.row_id if view.after else None
    found = found_rows(session, WORDS, words, limit=PAGE_LENGTH, before_id=before_id)
    place = Place(now(), found.before_id) if found.before_id else None
    return DeskList(tickets_with_ids(session, found.row_ids), has_more=place is not None), "", place


def _parts(
    rows: Sequence[Any], view: Asked, edges: Limits, known: Mapping[str, Calendar]
) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    if not rows:
        return ()
    if view.words:
        return ((f"Tickets found for “{view.words}”", _rows(rows, edges, known)),)
    if view.group is not None:
        return ((TITLES[view.group], _rows(rows, edges, known)),)
    by_group = groupby(rows, key=lambda row: group_of(row.promise_at, edges))
    return tuple((TITLES[group], _rows(part, edges, known)) for group, part in by_group)


def _rows(rows: Iterable[Any], edges: Limits, known: Mapping[str, Calendar]) -> tuple[Row, ...]:
    return tuple(_row(row, edges, known) for row in rows)


def _row(row: Any, edges: Limits, known: Mapping[str, Calendar]) -> Row:
    return Row(
        number=row.number,
        subject=row.subject,
        tone=_tone(row, edges),
        left=_left(row, edges, known),
        customer=row.customer or "Unknown",
        about=CATEGORY_WORDS[row.category],
        team=TEAM_WORDS[row.team],
        state=_state(row),
        age=age_text(row.state_since_at, now=edges.now),
        assignee=row.assignee or "Nobody",
        rank=RANK_WORDS[Rank(row.rank)],
    )


def _tone(row: Any, edges: Limits) -> str:
    if row.promise_at is None:
        return "theirs" if row.state is TicketState.WAITING_FOR_CUSTOMER else "due"
    if row.promise_at < edges.now:
        return "late"
    return "soon" if row.amber_at <= edges.now else "due"


def _left(row: Any, edges: Limits, known: Mapping[str, Calendar]) -> str:
    if row.promise_at is not None:
        return left_text(row.promise_at, known[row.calendar_key], now=edges.now)
    return "Waiting" if row.state is TicketState.WAITING_FOR_CUSTOMER else "No date"


def _state(row: Any) -> str:
    words = STAFF_WORDS[row.state]
    return f"{words}, question {row.clarifications} of 3" if row.clarifications else words


def _filters(view: Asked, managers: tuple[tuple[int, str], ...]) -> tuple[Filter, ...]:
    people = tuple((str(key), name) for key, name in managers)
    return (
        Filter("desk", "Desk", tuple((each.value, DESK_WORDS[each]) for each in Desk), view.desk or ""),
        Filter(
            "category", "About", tuple((each.value, CATEGORY_WORDS[each]) for each in Category), view.category or ""
        ),
        Filter("team", "Team", tuple((each.value, TEAM_WORDS[each]) for each in Team), view.team or ""),
        Filter("whose", "Whose", ((MINE, "Mine"), (UNASSIGNED, "Unassigned"), *people), view.whose),
    )


def _counted(count: int) -> str:
    return f"more than {MOST_COUNTED}" if count > MOST_COUNTED else str(count)
