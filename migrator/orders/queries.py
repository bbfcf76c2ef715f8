"""Questions about orders. A customer's are asked with the organisation, so that nobody else's is ever found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.orders.lifecycle import ENDED
from migrator.orders.models import Order, OrderLine, StaffNote
from migrator.orders.numbers import read_number

NO_SUCH_ORDER = "There is no such order."


def order_of(session: Session, number: str, organisation_id: int, *, for_update: bool = False) -> Order:
    """This will return the organisation's order with its people and calendar, in one query.

    :raises NotFound: when there is none, or it is somebody else's
    """
    wanted = _whole_order(number, for_update=for_update).where(Order.organisation_id == organisation_id)
    return _found(session.scalar(wanted))


def order_for_staff(session: Session, number: str, *, for_update: bool = False) -> Order:
    """This will return any customer's order with its people and calendar, in one query; for staff alone.

    :raises NotFound: when there is none
    """
    return _found(session.scalar(_whole_order(number, for_update=for_update)))


def order_with_id(session: Session, order_id: int) -> Order:
    """This will return an order that exists, with its people and calendar; for what happens by itself."""
    return session.scalars(_with_all(select(Order).where(Order.id == order_id))).one()


def lines_of(session: Session, order: Order) -> Sequence[OrderLine]:
    """This will return the order's lines as they were sold."""
    return session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)).all()


def notes_of(session: Session, order_id: int, *, limit: int) -> Sequence[StaffNote]:
    """This will return the last staff notes on an order, the newest first, with their authors; for staff alone."""
    wanted = select(StaffNote).where(StaffNote.order_id == order_id).options(joinedload(StaffNote.author))
    return session.scalars(wanted.order_by(StaffNote.id.desc()).limit(limit)).all()


def orders_of(session: Session, organisation_id: int, *, after: str = "", limit: int = 50) -> Sequence[Order]:
    """This will return the organisation's orders, the newest first; one more than `limit` when there are further ones.

    :param after: the number of the order that the page before ended with; empty for the first page
    """
    theirs = Order.organisation_id == organisation_id
    wanted = select(Order).where(theirs)
    if after:
        wanted = wanted.where(Order.id < select(Order.id).where(theirs, Order.number == after).scalar_subquery())
    return session.scalars(wanted.order_by(Order.id.desc()).limit(limit + 1)).all()


def open_orders_of(session: Session, organisation_id: int, *, for_update: bool = False) -> Sequence[Order]:
    """This will return the organisation's orders that have not ended, with their people and calendars, in one query."""
    wanted = _with_all(select(Order).where(Order.organisation_id == organisation_id, Order.state.not_in(ENDED)))
    return session.scalars((_locked(wanted) if for_update else wanted).order_by(Order.id)).all()


def _whole_order(number: str, *, for_update: bool) -> Select[Order]:
    wanted = _with_all(select(Order).where(Order.number == read_number(number)))
    return _locked(wanted) if for_update else wanted


def _locked(wanted: Select[Order]) -> Select[Order]:
    # Only the order's own row is locked: PostgreSQL refuses to lock the far side of an outer join.
    return wanted.with_for_update(of=Order).execution_options(populate_existing=True)


def _with_all(wanted: Select[Order]) -> Select[Order]:
    return wanted.options(
        joinedload(Order.organisation, innerjoin=True),
        joinedload(Order.placed_by, innerjoin=True),
        joinedload(Order.account_manager),
        joinedload(Order.calendar_row, innerjoin=True),
    )


def _found(order: Order | None) -> Order:
    if order is None:
        raise NotFound(NO_SUCH_ORDER)
    return order
