"""Whether an order can take a supplement now: the rules of all rooms that have a say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.clock.wording import end_text
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.rules import dates_of
from migrator.fulfilment.runs.queries import full_run_of
from migrator.orders.lifecycle import SupplementKind
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_rules import NothingToAdd, refuse_unless_possible
from migrator.orders.terms import Terms
from migrator.orders.upgrade_rules import Upgrade, upgrade_to, upgrades
from migrator.policy.loading import catalogue, migration_desk


def refuse_unless_fitting(session: Session, order: Order, supplement: Supplement, *, now: datetime) -> None:
    """This will refuse a supplement that its order cannot take any more.

    :raises NothingToAdd: saying why
    """
    refuse_unless_possible(supplement.kind, order.state, has_run=full_run_of(session, order.id) is not None)
    if supplement.kind is SupplementKind.UPGRADE:
        refuse_late_upgrade(session, order, upgrade_of(order, supplement).terms, now=now)


def is_fitting(session: Session, order: Order, supplement: Supplement) -> bool:
    """This will tell whether an order still takes a supplement whose money has come."""
    try:
        refuse_unless_possible(supplement.kind, order.state, has_run=full_run_of(session, order.id) is not None)
    except NothingToAdd:
        return False
    return True


def upgrade_of(order: Order, supplement: Supplement) -> Upgrade:
    """This will return the upgrade that was offered, computed by the versions that the order was sold under.

    :raises NothingToAdd: when the order cannot take it any more
    """
    terms, details = order.terms, supplement.details
    return upgrade_to(
        terms,
        sku=details["sku"],
        page_limit=details["page_limit"],
        catalogue=catalogue(terms.catalogue_version, order.currency),
        desk=migration_desk(terms.policy_version),
    )


def possible_upgrades(session: Session, order: Order, *, now: datetime) -> tuple[Upgrade, ...]:
    """This will return the larger products that an order can take now, the cheapest first; often none.

    :raises NothingToAdd: saying why there is none
    """
    refuse_unless_possible(SupplementKind.UPGRADE, order.state, has_run=full_run_of(session, order.id) is not None)
    terms = order.terms
    sold = catalogue(terms.catalogue_version, order.currency)
    found = upgrades(terms, catalogue=sold, desk=migration_desk(terms.policy_version))
    return tuple(one for one in found if _is_in_time(session, order, one.terms, now=now))


def refuse_late_upgrade(session: Session, order: Order, raised: Terms, *, now: datetime) -> None:
    """This will refuse an upgrade whose date, counted from the same verification, is over already (RULES X-10).

    :raises NothingToAdd: naming that date
    """
    if not _is_in_time(session, order, raised, now=now):
        due_at = _due_under(session, order, raised)
        said = end_text(due_at, order.calendar_row.zone) if due_at else ""
        raise NothingToAdd(f"Counted from the check of the access details, this would have been due {said}.")


def _is_in_time(session: Session, order: Order, raised: Terms, *, now: datetime) -> bool:
    due_at = _due_under(session, order, raised)
    if due_at is None or order.due_at is None or due_at >= order.due_at:
        return True
    return due_at >= (order.delivered_at or now)


def _due_under(session: Session, order: Order, raised: Terms) -> datetime | None:
    facts = replace(facts_of(order, pauses_of(session, order.id)), terms=raised)
    return dates_of(facts, calendar_of(session, order.calendar_row)).due_at
