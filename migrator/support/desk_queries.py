"""The desk's list of tickets and its counts, each from one index in its own order; no count goes beyond fifty.

Within a group Assisted Premium comes first and the forum last (RULES C-014, C-041): each rank is read from the index
by itself, fifty at most, and the few that were found are put in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from migrator.accounts.models import Organisation, Person
from migrator.support.categories import Category, Desk, Team
from migrator.support.desk import DATED, Group, Limits, group_of
from migrator.support.lifecycle import TicketState
from migrator.support.models import Ticket
from migrator.support.rules import Rank

PAGE_LENGTH = 50
MOST_COUNTED = 50
NOBODY = 0
Assignee = aliased(Person)
STATES = {
    Group.UNIDENTIFIED: TicketState.NEEDS_IDENTIFICATION,
    Group.WAITING: TicketState.WAITING_FOR_CUSTOMER,
    Group.ANSWERED: TicketState.ANSWERED,
    Group.CLOSED: TicketState.CLOSED,
}
# Written out, because a partial index is not found by a value that is bound later.
PROMISED: ColumnElement[bool] = literal_column("tickets.promise_at IS NOT NULL")
UNDATED: ColumnElement[bool] = literal_column("(tickets.state = 'open' AND tickets.promise_at IS NULL)")
EACH_RANK: ColumnElement[bool] = literal_column("tickets.rank IN (0, 1, 2)")
COLUMNS = (
    Ticket.id, Ticket.number, Ticket.subject, Ticket.desk, Ticket.category, Ticket.team, Ticket.state, Ticket.rank,
    Ticket.promise_at, Ticket.amber_at, Ticket.calendar_key, Ticket.state_since_at, Ticket.firmness,
    Ticket.clarifications,
    func.coalesce(Organisation.name, Ticket.contact_address).label("customer"),
    func.coalesce(func.nullif(Assignee.name, ""), Assignee.email).label("assignee"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tickets of a group are wanted; none of anything leaves nothing out.

    :ivar assignee_id: who takes care of them; 0 for those that nobody does
    """

    assignee_id: int | None = None
    desk: Desk | None = None
    category: Category | None = None
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ended: the row's own instant and id, and its rank where it has a date."""

    at: datetime
    row_id: int
    rank: Rank = Rank.USUAL


@dataclass(frozen=True, slots=True)
class DeskList:
    """One page of the list, and whether there are more."""

    rows: Sequence[Any]
    has_more: bool


def desk_tickets(
    session: Session, group: Group | None, *, scope: Scope, limits: Limits, after: Place | None = None
) -> DeskList:
    """This will return a page of one group; without a group, all that have a date, in one query."""
    rows = session.connection().execute(wanted_tickets(group, scope, limits, after=after)).all()
    return DeskList(rows[:PAGE_LENGTH], has_more=len(rows) > PAGE_LENGTH)


def wanted_tickets(group: Group | None, scope: Scope, limits: Limits, *, after: Place | None = None) -> Select[Any]:
    """This will return the question for a page of a group in its order."""
    if group is None or group in DATED:
        return _dated((group,) if group else DATED, scope, limits, after)
    return _by_age(group, scope, after)


def tickets_with_ids(session: Session, ticket_ids: Sequence[int]) -> Sequence[Any]:
    """This will return these tickets as the list shows them, the newest first."""
    wanted: Any = _joined(select(*COLUMNS)).where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id.desc())
    return session.connection().execute(wanted).all()


def desk_counts(session: Session, *, scope: Scope, limits: Limits) -> dict[Group, int]:
    """This will count every group up to fifty-one, for more than fifty, in one query."""
    scoped = tuple(_scoped(scope))
    counts = [_count(*_in_group(group, limits), *scoped).label(group.value) for group in Group]
    return dict(zip(Group, session.connection().execute(select(*counts)).one(), strict=True))


def _dated(groups: Sequence[Group], scope: Scope, limits: Limits, after: Place | None) -> Select[Any]:
    parts = [
        _part(group, rank, scope, limits, after)
        for group in groups
        for rank in Rank
        if after is None or _is_ahead(group, rank, limits, after)
    ]
    found = union_all(*[select(part.subquery()) for part in parts]).subquery()
    places = found.c.place, found.c.rank, found.c.promise_at, found.c.id
    wanted: Any = _joined(select(*COLUMNS).select_from(found).join(Ticket, Ticket.id == found.c.id))
    ordered: Select[Any] = wanted.order_by(*places).limit(literal_column(str(PAGE_LENGTH + 1)))
    return ordered


def _part(group: Group, rank: Rank, scope: Scope, limits: Limits, after: Place | None) -> Select[Any]:
    place: Any = literal_column(str(DATED.index(group))).label("place")
    of_rank: ColumnElement[bool] = literal_column(f"tickets.rank = {int(rank)}")
    wanted = select(Ticket.id, Ticket.promise_at, Ticket.rank, place).where(
        PROMISED, of_rank, *_between(group, limits), *_scoped(scope)
    )
    if after is not None and (group, rank) == (group_of(after.at, limits), after.rank):
        wanted = wanted.where(_behind(Ticket.promise_at, after))
    return wanted.order_by(Ticket.promise_at, Ticket.id).limit(literal_column(str(PAGE_LENGTH + 1)))


def _is_ahead(group: Group, rank: Rank, limits: Limits, after: Place) -> bool:
    return (DATED.index(group), rank) >= (DATED.index(group_of(after.at, limits)), after.rank)


def _by_age(group: Group, scope: Scope, after: Place | None) -> Select[Any]:
    wanted: Any = _joined(select(*COLUMNS)).where(*_of_state(group), *_scoped(scope))
    newest_first = group is Group.CLOSED
    if after is not None:
        wanted = wanted.where(_behind(Ticket.state_since_at, after, newest_first=newest_first))
    order = (Ticket.state_since_at, Ticket.id)
    ordered: Select[Any] = wanted.order_by(*(column.desc() if newest_first else column for column in order))
    return ordered.limit(literal_column(str(PAGE_LENGTH + 1)))


def _behind(column: Any, after: Place, *, newest_first: bool = False) -> ColumnElement[bool]:
    if newest_first:
        return and_(column <= after.at, or_(column < after.at, Ticket.id < after.row_id))
    return and_(column >= after.at, or_(column > after.at, Ticket.id > after.row_id))


def _in_group(group: Group, limits: Limits) -> tuple[ColumnElement[bool], ...]:
    if group in DATED:
        return PROMISED, EACH_RANK, *_between(group, limits)
    return _of_state(group)


def _between(group: Group, limits: Limits) -> tuple[ColumnElement[bool], ...]:
    at = Ticket.promise_at
    match group:
        case Group.OVERDUE:
            return (at < limits.now,)
        case Group.TODAY:
            return at >= limits.now, at < limits.day_ends_at
        case Group.WEEK:
            return at >= limits.day_ends_at, at < limits.week_ends_at
    return (at >= limits.week_ends_at,)


def _of_state(group: Group) -> tuple[ColumnElement[bool], ...]:
    if group is Group.UNDATED:
        return (UNDATED,)
    return (literal_column(f"tickets.state = '{STATES[group]}'"),)


def _scoped(scope: Scope) -> Iterator[ColumnElement[bool]]:
    if scope.assignee_id == NOBODY:
        yield Ticket.assignee_id.is_(None)
    elif scope.assignee_id is not None:
        yield Ticket.assignee_id == scope.assignee_id
    if scope.desk:
        yield Ticket.desk == scope.desk
    if scope.category:
        yield Ticket.category == scope.category
    if scope.team:
        yield Ticket.team == scope.team


def _joined(wanted: Any) -> Any:
    # Outer joins keep the order of the index: neither database may begin with another table.
    return wanted.outerjoin(Organisation, Organisation.id == Ticket.organisation_id).outerjoin(
        Assignee, Assignee.id == Ticket.assignee_id
    )


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    most: ColumnElement[int] = literal_column(str(MOST_COUNTED + 1))
    some = select(literal_column("1")).select_from(Ticket).where(*conditions).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
