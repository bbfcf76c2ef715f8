"""Somebody who does not sign in asks where an order stands: a code goes to the address, where it is one of ours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.notifications.operations import owe
from migrator.orders.models import Order
from migrator.orders.numbers import read_number


def reader_of(session: Session, number: str, address: str) -> tuple[Order, Person] | None:
    """This will return an order with the active person of its organisation who has the address, or none."""
    found = session.execute(
        select(Order, Person)
        .join(Person, Person.organisation_id == Order.organisation_id)
        .where(Order.number == read_number(number), Person.email == address.strip().lower(), Person.active)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def send_code(session: Session, number: str, address: str, *, code: str, request: str, now: datetime) -> None:
    """This will owe the code to the address, once for a request; where it is nobody's of the order nothing happens."""
    found = reader_of(session, number, address)
    if found is None:
        return
    order, reader = found
    context = {"order_number": order.number, "code": code}
    owe(
        session,
        kind="order_code",
        cause=f"code:{request}",
        recipient=reader,
        order_id=order.id,
        context=context,
        now=now,
    )
