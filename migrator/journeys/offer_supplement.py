"""Offering more for an order: by staff, who write to the customer, or chosen by the customers themselves.

(RULES C-067 to C-069, C-076, X-10)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.catalogue.rules import PricedLine
from migrator.catalogue.tax_rules import taxed
from migrator.clock.deadline import Target, Unit, window_end
from migrator.clock.wording import end_text
from migrator.errors import DomainError
from migrator.fulfilment.notices import iso, tell_customer
from migrator.fulfilment.operations import hold
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.operations import record
from migrator.journeys.end_supplement import drop
from migrator.journeys.fit_supplement import refuse_late_upgrade
from migrator.money import Money
from migrator.orders import supplement_rules as rules
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import lines_of
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import offer
from migrator.orders.supplement_queries import open_supplements_of
from migrator.orders.supplement_rules import Proposal, excludes, line_document, refuse_unless_possible
from migrator.orders.upgrade_rules import upgrade_to
from migrator.policy.loading import catalogue, migration_desk


class OfferedAlready(DomainError):
    """Another offer stands in the way."""


def offer_upgrade(
    session: Session, order: Order, *, sku: str, page_limit: int, by: Person, now: datetime
) -> Supplement:
    """This will offer a larger product of the same family at the difference in price (RULES X-10, X-11).

    :raises NothingToAdd: when the order cannot take it, or not any more
    :raises OfferedAlready: when staff have offered something else of this sort
    """
    hold(session, order)
    terms = order.terms
    upgrade = upgrade_to(
        terms,
        sku=sku,
        page_limit=page_limit,
        catalogue=catalogue(terms.catalogue_version, order.currency),
        desk=migration_desk(terms.policy_version),
    )
    refuse_late_upgrade(session, order, upgrade.terms, now=now)
    return _offered(session, order, upgrade.proposal, by=by, now=now)


def offer_overage(session: Session, order: Order, *, by: Person, now: datetime) -> Supplement:
    """This will offer the measured pages beyond the limit, for each started step (RULES C-069).

    :raises NothingToAdd: when none are beyond it, or the order cannot take them any more
    """
    hold(session, order)
    measured, limit = order.measured_pages or 0, order.page_limit
    proposal = rules.overage(order.terms, limit=limit, measured=measured, currency=order.currency)
    return _offered(session, order, proposal, by=by, now=now)


def offer_hours(
    session: Session, order: Order, *, minutes: int, by: Person, now: datetime, words: str = ""
) -> Supplement:
    """This will offer support beyond the pack, in whole tenths of an hour (RULES C-068).

    :raises OutOfRange: for an amount that is not sold
    :raises NothingToAdd: when the order cannot take it
    """
    hold(session, order)
    proposal = rules.hours(order.terms, minutes=minutes, currency=order.currency, words=words)
    return _offered(session, order, proposal, by=by, now=now)


def offer_change(
    session: Session,
    order: Order,
    *,
    title: str,
    words: str,
    amount: Money,
    by: Person,
    now: datetime,
    minutes: int = 0,
) -> Supplement:
    """This will offer a change that is no longer included (RULES C-067); several can be open side by side.

    :param minutes: support time that comes with it, in whole tenths of an hour
    :raises OutOfRange: for a price or a time that is not sold
    :raises NothingToAdd: when the order cannot take it
    """
    hold(session, order)
    proposal = rules.change(title=title, words=words, amount=amount, minutes=minutes)
    return _offered(session, order, proposal, by=by, now=now)


def offer_insurance(session: Session, order: Order, *, plan: int, by: Person, now: datetime) -> Supplement:
    """This will offer insurance for an order that has none, until its full migration starts (RULES C-075, C-076).

    :raises NothingToAdd: afterwards, or when there is a cover
    :raises UnknownChoice: for a plan that is not sold
    """
    hold(session, order)
    _refuse_impossible(session, order, SupplementKind.INSURANCE)
    sold = sold_lines(session, order)
    listed = catalogue(order.terms.catalogue_version, order.currency)
    proposal = rules.insurance(order.terms, sold=sold, number=plan, catalogue=listed)
    return _offered(session, order, proposal, by=by, now=now)


def sold_lines(session: Session, order: Order) -> tuple[PricedLine, ...]:
    """This will return an order's lines as they were priced, of which insurance is a share (RULES C-075)."""
    return tuple(_priced(line) for line in lines_of(session, order))


def _offered(session: Session, order: Order, proposal: Proposal, *, by: Person, now: datetime) -> Supplement:
    _refuse_impossible(session, order, proposal.kind)
    proposal = replace(proposal, lines=taxed(proposal.lines, order.terms.tax_bp))
    for other in open_supplements_of(session, order.id):
        if not excludes(proposal.kind, other.kind) or other.kind is SupplementKind.CHANGE:
            continue
        if _is_same(other, proposal) and now < other.expires_at:
            return other
        _make_way(session, order, other, by=by, now=now)
    return _written(session, order, proposal, by=by, now=now)


def _written(session: Session, order: Order, proposal: Proposal, *, by: Person, now: datetime) -> Supplement:
    calendar = calendar_of(session, order.calendar_row)
    days = migration_desk(order.terms.policy_version).supplement_valid_calendar_days
    expires_at = window_end(calendar, now, Target(Unit.CALENDAR_DAYS, days))
    supplement = offer(session, order, proposal, by=by, expires_at=expires_at, now=now)
    record(
        session,
        "supplement.offered" if by.actor.is_staff else "supplement.chosen",
        subject="supplement",
        key=supplement.id,
        actor=by.actor,
        now=now,
        order_id=order.id,
        facts={
            "kind": proposal.kind.value,
            "title": proposal.title,
            "amount_minor": supplement.amount_minor,
            "currency": supplement.currency,
            "expires_at": iso(expires_at),
        },
    )
    if by.actor.is_staff:
        words = {"supplement": supplement, "until": end_text(expires_at, calendar.zone)}
        tell_customer(session, order, "supplement_offered", cause=f"supplement:{supplement.id}", now=now, words=words)
    return supplement


def _make_way(session: Session, order: Order, other: Supplement, *, by: Person, now: datetime) -> None:
    if now >= other.expires_at:
        drop(session, order, other, SupplementState.EXPIRED, now=other.expires_at)
    elif by.actor.is_staff:
        raise OfferedAlready(f"“{other.title}” is offered already. Withdraw it first.")
    else:
        drop(session, order, other, SupplementState.DECLINED, now=now, actor=by.actor)


def _is_same(other: Supplement, proposal: Proposal) -> bool:
    lines = [line_document(line) for line in proposal.lines]
    return (other.kind, other.lines, other.details) == (proposal.kind, lines, proposal.details)


def _refuse_impossible(session: Session, order: Order, kind: SupplementKind) -> None:
    refuse_unless_possible(kind, order.state, has_run=full_run_of(session, order.id) is not None)


def _priced(line: OrderLine) -> PricedLine:
    return PricedLine(line.kind, line.sku, line.name, line.amount)
