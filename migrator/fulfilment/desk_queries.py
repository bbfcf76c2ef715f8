"""The desk's list and its counts. Each list is read from one index in its own order; no count goes beyond fifty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from migrator.access.lifecycle import ItemState
from migrator.access.models import AccessItem
from migrator.accounts.models import Organisation, Person
from migrator.database.prepared import Prepared
from migrator.database.types import UtcDateTime
from migrator.fulfilment.desk import Group, Limits
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.policy.types import Family

PAGE_LENGTH = 50
MOST_COUNTED = 50
BY_AGE = frozenset({Group.WAITING, Group.CUSTOMERS})
Place = tuple[datetime | None, int]


# Written out, because a partial index is not found by a value that is bound later.
def _text(value: StrEnum) -> ColumnElement[Any]:
    return literal_column(f"'{value}'", String)


OURS = Order.turn == _text(Turn.US)
THEIRS = and_(Order.turn == _text(Turn.CUSTOMER), Order.state != _text(OrderState.AWAITING_PAYMENT))
NOW, DAY_ENDS, WEEK_ENDS, WAITING_SINCE, AFTER_AT = (
    bindparam(name, type_=UtcDateTime)
    for name in ("now", "day_ends_at", "week_ends_at", "waiting_since_at", "after_at")
)
AFTER_ID, MANAGER_ID, PERSON_ID = (bindparam(name, type_=Integer) for name in ("after_id", "manager_id", "person_id"))
Manager = aliased(Person)
UNCHECKED = exists().where(AccessItem.order_id == Order.id, AccessItem.state == ItemState.SUBMITTED).correlate(Order)
COLUMNS = (
    Order.id, Order.number, Order.state, Order.turn, Order.family, Order.calendar_key, Order.account_manager_id,
    Order.state_since_at, Order.promise_at, Organisation.name.label("customer"),
    func.coalesce(func.nullif(Manager.name, ""), Manager.email).label("manager"),
    and_(Order.state == _text(OrderState.IN_PROGRESS), UNCHECKED).label("has_answers"),
    Order.agree_by_at.is_(None).label("is_agreed"),
    Order.proposed_at.is_not(None).label("is_proposed"),
    Order.validated_at.is_not(None).label("is_validated"),
)  # fmt: skip


class Whose(StrEnum):
    """Whose orders are looked at, where it is not one person's."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which orders of a group are wanted; none of anything leaves nothing out.

    :ivar manager_id: of the account manager; 0 for the orders that nobody looks after
    """

    manager_id: int | None = None
    family: Family | None = None
    state: OrderState | None = None


@dataclass(frozen=True, slots=True)
class DeskList:
    """One page of the list, each row with the columns above, and whether there are more."""

    rows: Sequence[Any]
    has_more: bool


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many orders each group has, and the load of who asks; each up to fifty-one, for more than fifty."""

    groups: dict[Group, int]
    mine: int
    mine_this_week: int


def desk_orders(
    session: Session, group: Group | None, *, scope: Scope, limits: Limits, after: Place | None = None
) -> DeskList:
    """This will return a page of one group; without a group, all orders that are ours and have a date."""
    question = _listed(group, _shape(scope), None if after is None else after[0] is not None)
    values = _values(scope, limits)
    if after:
        values |= {"after_at": after[0], "after_id": after[1]} if after[0] else {"after_id": after[1]}
    return _page(question.rows(session, **values))


def wanted_orders(group: Group | None, shape: frozenset[str], *, after: bool | None = None) -> Select[*tuple[Any, ...]]:
    """This will return the question for a page of a group in its order.

    :param shape: which parts of a `Scope` are given
    :param after: whether it begins behind a row with an instant, or one without; none for the first page
    """
    order_by = Order.state_since_at if group in BY_AGE else Order.promise_at
    wanted = _loaded().where(*_in_group(group), *_scoped(shape)).order_by(order_by, Order.id)
    if after:
        wanted = wanted.where(tuple_(order_by, Order.id) > tuple_(AFTER_AT, AFTER_ID))
    elif after is False:
        wanted = wanted.where(Order.id > AFTER_ID)
    return wanted.limit(literal_column(str(PAGE_LENGTH + 1)))


def orders_with_ids(session: Session, order_ids: Sequence[int]) -> Sequence[Any]:
    """This will return these orders as the list shows them, the newest first."""
    wanted = _loaded().where(Order.id.in_(order_ids)).order_by(Order.id.desc())
    return session.connection().execute(wanted).all()


def desk_counts(session: Session, *, person_id: int, scope: Scope, limits: Limits) -> DeskCounts:
    """This will count every group and the person's own load, in one query."""
    row = _counted(_shape(scope)).rows(session, person_id=person_id, **_values(scope, limits))[0]
    return DeskCounts(dict(zip(Group, row, strict=False)), row.mine, row.mine_this_week)


@lru_cache(maxsize=256)
def _listed(group: Group | None, shape: frozenset[str], after: bool | None) -> Prepared:
    return Prepared(wanted_orders(group, shape, after=after))


@lru_cache(maxsize=64)
def _counted(shape: frozenset[str]) -> Prepared:
    scoped = tuple(_scoped(shape))
    mine = OURS, Order.account_manager_id == PERSON_ID, Order.promise_at.is_not(None)
    counts = [_count(*_in_group(group), *scoped).label(group.value) for group in Group]
    load = [_count(*mine).label("mine"), _count(*mine, Order.promise_at < WEEK_ENDS).label("mine_this_week")]
    return Prepared(select(*counts, *load))


def _shape(scope: Scope) -> frozenset[str]:
    given = {"family": scope.family, "state": scope.state, "manager": scope.manager_id, "nobody": scope.manager_id == 0}
    return frozenset(name for name, value in given.items() if value)


def _values(scope: Scope, limits: Limits) -> dict[str, object]:
    return {
        "now": limits.now,
        "day_ends_at": limits.day_ends_at,
        "week_ends_at": limits.week_ends_at,
        "waiting_since_at": limits.waiting_since_at,
        "manager_id": scope.manager_id,
        "family": scope.family,
        "state": scope.state,
    }


def _scoped(shape: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    if "manager" in shape:
        yield Order.account_manager_id == MANAGER_ID
    if "nobody" in shape:
        yield Order.account_manager_id.is_(None)
    if "family" in shape:
        yield Order.family == bindparam("family", type_=String)
    if "state" in shape:
        yield Order.state == bindparam("state", type_=String)


def _in_group(group: Group | None) -> tuple[ColumnElement[bool], ...]:
    match group:
        case Group.OVERDUE:
            return OURS, Order.promise_at < NOW
        case Group.TODAY:
            return OURS, Order.promise_at >= NOW, Order.promise_at < DAY_ENDS
        case Group.WEEK:
            return OURS, Order.promise_at >= DAY_ENDS, Order.promise_at < WEEK_ENDS
        case Group.LATER:
            return OURS, Order.promise_at >= WEEK_ENDS
        case Group.UNDATED:
            return OURS, Order.promise_at.is_(None)
        case Group.NEW:
            return OURS, Order.promise_at.is_not(None), Order.state == _text(OrderState.VERIFYING)
        case Group.WAITING:
            return THEIRS, Order.state_since_at < WAITING_SINCE
        case Group.CUSTOMERS:
            return (THEIRS,)
    return OURS, Order.promise_at.is_not(None)


def _loaded() -> Select[*tuple[Any, ...]]:
    # Outer joins keep the order of the index: neither database may begin with another table.
    return (
        select(*COLUMNS)
        .outerjoin(Organisation, Organisation.id == Order.organisation_id)
        .outerjoin(Manager, Manager.id == Order.account_manager_id)
    )


def _page(rows: Sequence[Any]) -> DeskList:
    return DeskList(rows[:PAGE_LENGTH], has_more=len(rows) > PAGE_LENGTH)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    most: ColumnElement[int] = literal_column(str(MOST_COUNTED + 1))
    some = select(literal_column("1")).select_from(Order).where(*conditions).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
