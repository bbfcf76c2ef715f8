"""The desk's list and its counts. Each list is read from one index in its own order; no count goes beyond fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from migrator.access.lifecycle import ItemState
from migrator.access.models import AccessItem
from migrator.accounts.models import Organisation
from migrator.database.types import UtcDateTime
from migrator.fulfilment.desk import Group, Limits
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.numbers import read_number

PAGE_LENGTH = 50
MOST_COUNTED = 50
# Written out, because a partial index is not found by a value that is bound later.
OURS = Order.turn == literal_column(f"'{Turn.US}'")
THEIRS = and_(Order.turn == literal_column(f"'{Turn.CUSTOMER}'"), Order.state != OrderState.AWAITING_PAYMENT)
BY_AGE = frozenset({Group.WAITING, Group.CUSTOMERS})


class Whose(StrEnum):
    """Whose orders are looked at."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose orders, for the person who asks."""

    whose: Whose
    person_id: int


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """One order with its organisation, manager and calendar, and whether something of it waits to be checked."""

    order: Order
    has_answers: bool


@dataclass(frozen=True, slots=True)
class DeskList:
    """One page of the list, and whether there are more."""

    rows: tuple[DeskOrder, ...]
    has_more: bool


Place = tuple[datetime | None, int]


def desk_orders(
    session: Session, group: Group | None, *, scope: Scope, limits: Limits, after: Place | None = None
) -> DeskList:
    """This will return a page of one group; without a group, all orders that are ours and have a date."""
    wanted, order_by = wanted_orders(group, scope=scope, limits=limits), _order_of(group)
    if after and after[0] is None:
        wanted = wanted.where(Order.id > after[1])
    elif after:
        wanted = wanted.where(tuple_(order_by, Order.id) > tuple_(literal(after[0], UtcDateTime), literal(after[1])))
    return _page(session, wanted)


def wanted_orders(group: Group | None, *, scope: Scope, limits: Limits) -> Select[Order, bool]:
    """This will return the question for a group in its order, of all pages."""
    return _loaded().where(_in_group(group, limits), *_owned(scope)).order_by(_order_of(group), Order.id)


def found_orders(session: Session, words: str, *, before_id: int | None = None) -> DeskList:
    """This will return the orders whose number begins with these words or whose customer's name holds them."""
    customers = select(Organisation.id).where(Organisation.name.icontains(words, autoescape=True))
    number = Order.number.startswith(read_number(words), autoescape=True)
    wanted = _loaded().where(or_(number, Order.organisation_id.in_(customers))).order_by(Order.id.desc())
    if before_id is not None:
        wanted = wanted.where(Order.id < before_id)
    return _page(session, wanted)


def desk_counts(session: Session, *, scope: Scope, limits: Limits) -> dict[Group, int]:
    """This will count every group up to fifty-one, which stands for more than fifty; one query."""
    counts = [_count(_in_group(group, limits), *_owned(scope)).label(group.name) for group in Group]
    row = session.execute(select(*counts)).one()
    return dict(zip(Group, row, strict=True))


def load_of(session: Session, person_id: int, limits: Limits) -> tuple[int, int]:
    """This will count a manager's orders that are ours to work on, and those due this week; each up to fifty-one."""
    mine = Order.account_manager_id == person_id
    dated, due = Order.promise_at.is_not(None), Order.promise_at < limits.week_ends_at
    row = session.execute(select(_count(mine, OURS, dated), _count(mine, OURS, due))).one()
    return int(row[0]), int(row[1])


def _order_of(group: Group | None) -> InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]:
    return Order.state_since_at if group in BY_AGE else Order.promise_at


def _in_group(group: Group | None, limits: Limits) -> ColumnElement[bool]:
    match group:
        case Group.OVERDUE:
            return and_(OURS, Order.promise_at < limits.now)
        case Group.TODAY:
            return and_(OURS, Order.promise_at >= limits.now, Order.promise_at < limits.day_ends_at)
        case Group.WEEK:
            return and_(OURS, Order.promise_at >= limits.day_ends_at, Order.promise_at < limits.week_ends_at)
        case Group.LATER:
            return and_(OURS, Order.promise_at >= limits.week_ends_at)
        case Group.UNDATED:
            return and_(OURS, Order.promise_at.is_(None))
        case Group.NEW:
            return and_(OURS, Order.promise_at.is_not(None), Order.state == OrderState.VERIFYING)
        case Group.WAITING:
            return and_(THEIRS, Order.state_since_at < limits.waiting_since_at)
        case Group.CUSTOMERS:
            return THEIRS
    return and_(OURS, Order.promise_at.is_not(None))


def _owned(scope: Scope) -> Sequence[ColumnElement[bool]]:
    match scope.whose:
        case Whose.MINE:
            return (Order.account_manager_id == scope.person_id,)
        case Whose.UNASSIGNED:
            return (Order.account_manager_id.is_(None),)
    return ()


def _loaded() -> Select[Order, bool]:
    unchecked = exists().where(AccessItem.order_id == Order.id, AccessItem.state == ItemState.SUBMITTED)
    # Outer joins keep the order of the index: neither database may begin with another table.
    return select(Order, unchecked.correlate(Order)).options(
        joinedload(Order.organisation), joinedload(Order.account_manager), joinedload(Order.calendar_row)
    )


def _page(session: Session, wanted: Select[Order, bool]) -> DeskList:
    rows = session.execute(wanted.limit(PAGE_LENGTH + 1)).all()
    shown = tuple(DeskOrder(order, bool(has_answers)) for order, has_answers in rows[:PAGE_LENGTH])
    return DeskList(shown, has_more=len(rows) > PAGE_LENGTH)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    some = select(literal(1)).select_from(Order).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
