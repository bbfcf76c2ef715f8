"""How much each account manager has to look after, and which orders are whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import OUR_OWN, Person
from migrator.history.actor import Role
from migrator.orders.lifecycle import Turn
from migrator.orders.models import Order
from migrator.policy.types import Family

# As the index says it, so that the databases find it.
OPEN: ColumnElement[bool] = literal_column("orders.state NOT IN ('awaiting_payment', 'completed', 'cancelled')")
WEEK_MINUTES = 40 * 60
NOTHING = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Load:
    """What one person looks after; `person_id` is none for the orders that nobody does.

    :ivar minutes: support that is included and not yet used in the packages due this week: the most that they can ask
    """

    person_id: int | None
    name: str
    is_active: bool
    open_orders: int
    due_this_week: int
    minutes: int


def team_load(session: Session, *, week_ends_at: datetime) -> tuple[Load, ...]:
    """This will return the load of every active account manager and of whoever else has open orders; two queries."""
    due = and_(Order.turn == Turn.US, Order.promise_at < week_ends_at)
    left = Order.support_minutes_limit - Order.support_minutes_used
    sums = (
        select(Order.account_manager_id, func.count().label("orders"))
        .add_columns(func.sum(case((due, 1), else_=0)).label("due"))
        .add_columns(func.sum(case((and_(due, Order.family == Family.PACKAGE), left), else_=0)).label("minutes"))
        .where(OPEN)
        .group_by(Order.account_manager_id)
    )
    found = {row.account_manager_id: (row.orders, row.due, row.minutes) for row in session.execute(sums)}
    people = session.scalars(select(Person).where(OUR_OWN).order_by(Person.name, Person.id)).all()
    loads = [
        Load(person.id, person.display_name, person.active, *found.get(person.id, NOTHING))
        for person in people
        if person.id in found or (person.active and person.role is Role.ACCOUNT_MANAGER)
    ]
    return (*loads, Load(None, "Nobody", False, *found.get(None, NOTHING)))


def open_orders_of(session: Session, person_id: int, *, limit: int) -> Sequence[Order]:
    """This will return some of a person's open orders, the oldest first, held until the transaction ends."""
    return session.scalars(
        select(Order)
        .where(OPEN, Order.account_manager_id == person_id)
        .options(joinedload(Order.placed_by), joinedload(Order.calendar_row), joinedload(Order.account_manager))
        .order_by(Order.id)
        .limit(limit)
        .with_for_update(of=Order)
    ).all()


def open_counts(session: Session, person_ids: Sequence[int]) -> Mapping[int, int]:
    """This will return how many open orders each of these people has."""
    counted = (
        select(Order.account_manager_id, func.count())
        .where(OPEN, Order.account_manager_id.in_(person_ids))
        .group_by(Order.account_manager_id)
    )
    found = dict(session.execute(counted).all())
    return {person_id: found.get(person_id, 0) for person_id in person_ids}
