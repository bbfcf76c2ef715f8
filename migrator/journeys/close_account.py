"""A customer closes their account, with orders open or not (RULES X-14).

Whoever has colleagues leaves the orders to them. Otherwise what the full migration has not begun for ends: unpaid
orders, and paid ones with all their money back (RULES X-12). What has begun is finished as promised, and then ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from migrator.accounts.closing import (
    colleagues_left,
    pseudonymise_organisation,
    pseudonymise_person,
    withdraw_invitations,
)
from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.journeys.cancel_order import cancel_order, refundable_of, why_not_cancellable
from migrator.journeys.share_order import end_link
from migrator.money import Money
from migrator.notifications.operations import owe
from migrator.orders.lifecycle import LinkPurpose, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import cancel
from migrator.orders.queries import open_orders_of
from migrator.payments.operations import forget_payer
from migrator.payments.queries import unsettled_attempt
from migrator.support.forgetting import forget_author
from migrator.support.operations import withdraw
from migrator.support.queries import open_tickets_of

LimitOf = Callable[[str], Money | None]
REASON = "The customer closed their account"
PAYING = "A payment for order {number} is under way. Wait until it has come through or run out, then close the account."


class PaymentUnderWay(DomainError):
    """Somebody may be paying at this moment."""


class Fate(StrEnum):
    """What closing does with an open order."""

    ENDED_UNPAID = "ended_unpaid"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An open order, and what closing does with it.

    :ivar back: what goes back to whoever paid
    """

    order: Order
    fate: Fate
    back: Money


@dataclass(frozen=True, slots=True)
class Consequences:
    """What closing an account does, before it is done.

    :ivar colleagues: who keeps orders and requests; where there are none `orders` says what becomes of each
    """

    colleagues: tuple[str, ...]
    orders: tuple[OpenOrder, ...]


def consequences(session: Session, person: Person, *, for_update: bool = False) -> Consequences:
    """This will say what closing the person's account would do now.

    :param for_update: holds the organisation and its open orders
    """
    left = colleagues_left(session, person, for_update=for_update)
    if left:
        return Consequences(tuple(colleague.display_name for colleague in left), ())
    orders = open_orders_of(session, _organisation_id(person), for_update=for_update)
    return Consequences((), tuple(_fate(session, order) for order in orders))


def close_account(session: Session, person_id: int, *, limit_of: LimitOf, now: datetime) -> Consequences:
    """This will close a customer's account for good, and return what that did.

    :param limit_of: for a currency the amount above which a refund waits for a second person
    :raises PaymentUnderWay: while somebody may be paying for an order that would end
    """
    person = session.get_one(Person, person_id, with_for_update=True)
    done = consequences(session, person, for_update=True)
    for entry in done.orders:
        _end(session, entry, person, limit_of=limit_of, now=now)
    if not done.colleagues:
        _leave_nothing_open(session, person, now=now)
    cause = f"person:{person.id}"
    owe(session, kind="account_closed", cause=cause, recipient=person, order_id=None, context={}, now=now)
    address = person.email
    pseudonymise_person(session, person, now=now)
    forget_author(session, person, address=address)
    forget_payer(session, person)
    return done


def _fate(session: Session, order: Order) -> OpenOrder:
    if order.state is OrderState.AWAITING_PAYMENT:
        return OpenOrder(order, Fate.ENDED_UNPAID, Money(0, order.currency))
    if why_not_cancellable(session, order):
        return OpenOrder(order, Fate.FINISHED, Money(0, order.currency))
    return OpenOrder(order, Fate.CANCELLED, refundable_of(session, order))


def _end(session: Session, entry: OpenOrder, person: Person, *, limit_of: LimitOf, now: datetime) -> None:
    order = entry.order
    for purpose in LinkPurpose:
        end_link(session, order, purpose, actor=person.actor, now=now)
    if entry.fate is Fate.ENDED_UNPAID:
        if unsettled_attempt(session, order.id) is not None:
            raise PaymentUnderWay(PAYING.format(number=order.number))
        cancel(session, order, actor=person.actor, now=now, reason=REASON)
    elif entry.fate is Fate.CANCELLED:
        token, limit = f"closed-account-{order.id}", limit_of(order.currency)
        cancel_order(session, order, reason=REASON, token=token, person=person, limit=limit, now=now)


def _leave_nothing_open(session: Session, person: Person, *, now: datetime) -> None:
    organisation_id = _organisation_id(person)
    while tickets := open_tickets_of(session, organisation_id, limit=50):
        for ticket in tickets:
            withdraw(session, ticket, actor=person.actor, now=now)
    withdraw_invitations(session, organisation_id, now=now)
    pseudonymise_organisation(session, organisation_id)


def _organisation_id(person: Person) -> int:
    assert person.organisation_id is not None, "customers have one"
    return person.organisation_id
