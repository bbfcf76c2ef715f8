"""A customer whose discount was approved after ordering cancels the unpaid order and orders the same with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import LineKind, Selection
from migrator.errors import DomainError
from migrator.journeys.place_order import place_order
from migrator.nonprofit.queries import standing_with
from migrator.nonprofit.rules import Standing
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order, OrderLine
from migrator.orders.operations import cancel, placed_already
from migrator.orders.queries import lines_of
from migrator.orders.rules import Declaration, discount_of


class NoDiscountToCome(DomainError):
    """The order would cost the same again."""


def could_be_cheaper(order: Order, standing: Standing) -> bool:
    """This will tell whether an unpaid order from the list was placed before the discount that holds now (C-086)."""
    is_from_the_list = not order.terms.agreed_at
    waits = order.state is OrderState.AWAITING_PAYMENT
    return waits and is_from_the_list and not discount_of(order) and standing.is_discounted


def order_again(session: Session, order: Order, *, person: Person, now: datetime) -> Order:
    """This will cancel an unpaid order and place the same at today's prices with the discount, once (RULES C-086).

    :param order: locked
    :raises NoDiscountToCome: when it was paid, was cancelled, has the discount already, or the discount has ended
    """
    token = f"again-{order.number}"
    if placed := placed_already(session, token, person):
        return placed
    if not could_be_cheaper(order, standing_with(session, order.organisation_id, now=now)):
        raise NoDiscountToCome("This order cannot be had for less. Look at what it says now.")
    cancel(session, order, actor=person.actor, now=now)
    declaration = Declaration(order.source_address, order.target_address, order.own_backup_on)
    selection = _selection(order, lines_of(session, order))
    return place_order(session, selection=selection, declaration=declaration, person=person, token=token, now=now)


def _selection(order: Order, lines: Sequence[OrderLine]) -> Selection:
    terms = order.terms
    return Selection(
        family=terms.family,
        sku=terms.sku,
        pages=order.declared_pages,
        source_platform=order.source_platform,
        target_platform=order.target_platform,
        options=tuple(line.sku for line in lines if line.kind is LineKind.OPTION),
        insurance_plan=terms.insurance.plan if terms.insurance else None,
        currency=order.currency,
    )
