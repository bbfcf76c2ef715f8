"""Orders get other account managers: those that were chosen in the list, or all of one person's (RULES C-055b).

Each order is handed over as if it were the only one: with its history row, and its customer told once. What has been
done is not done again, so that a hand-over that was interrupted is simply begun once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError, StaleEdit
from migrator.fulfilment.team import open_counts, open_orders_of
from migrator.history.actor import Actor, Role
from migrator.journeys.hand_over import hand_over
from migrator.orders.lifecycle import ENDED
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff

AT_ONCE = 25
MOST_CHOSEN = 50


class NobodyChosen(DomainError):
    """There is no order, or no person, to hand over to."""


def assign_chosen(
    session: Session, chosen: Mapping[str, int], *, account_manager: Person, actor: Actor, now: datetime
) -> int:
    """This will give the chosen orders to an account manager, all of them or none; returns how many changed hands.

    :param chosen: numbers of orders with the id of the account manager that the list showed; 0 for nobody
    :raises NobodyChosen: without an order, or with more than a page of them
    :raises NotFound: when there is no such order
    :raises StaleEdit: when somebody else gave one of them away meanwhile, or it has ended
    """
    if not chosen:
        raise NobodyChosen("Choose at least one order first.")
    if len(chosen) > MOST_CHOSEN:
        raise NobodyChosen(f"Choose at most {MOST_CHOSEN} orders at once.")
    # Always in one order, so that two people who choose the same orders wait for each other and not in a circle.
    orders = [order_for_staff(session, number, for_update=True) for number in sorted(chosen)]
    stale = [order.number for order in orders if not _can_go(order, chosen[order.number], account_manager)]
    if stale:
        raise StaleEdit(f"Nothing was assigned: {', '.join(stale)} changed since you opened the list. Look again.")
    return sum(hand_over(session, order, account_manager=account_manager, actor=actor, now=now) for order in orders)


def hand_over_some(session: Session, from_id: int, receivers: Sequence[Person], *, actor: Actor, now: datetime) -> int:
    """This will hand over some of a person's open orders, each to whoever has the fewest; 0 when none are left.

    :raises NobodyChosen: without anybody to hand over to, or when it is the same person
    """
    if not receivers or any(person.id == from_id for person in receivers):
        raise NobodyChosen("Choose whom the orders go to; it cannot be the person who has them now.")
    counts = dict(open_counts(session, [person.id for person in receivers]))
    orders = open_orders_of(session, from_id, limit=AT_ONCE)
    for order in orders:
        receiver = min(receivers, key=lambda person: (counts[person.id], person.id))
        hand_over(session, order, account_manager=receiver, actor=actor, now=now)
        counts[receiver.id] += 1
    return len(orders)


def receivers_with(session: Session, person_ids: Sequence[int]) -> list[Person]:
    """This will return the active account managers with these ids.

    :raises NobodyChosen: when one of them is none
    """
    wanted = set(person_ids)
    managers = select(Person).where(Person.id.in_(wanted), Person.role == Role.ACCOUNT_MANAGER, Person.active)
    found = list(session.scalars(managers.order_by(Person.id)))
    if not found or len(found) < len(wanted):
        raise NobodyChosen("Choose a person from the list: an account manager who is still with us.")
    return found


def _can_go(order: Order, seen_manager_id: int, account_manager: Person) -> bool:
    if order.account_manager_id == account_manager.id:
        return True
    return (order.account_manager_id or 0) == seen_manager_id and order.state not in ENDED
