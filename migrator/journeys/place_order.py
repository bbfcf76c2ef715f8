"""A customer orders from the list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.operations import told_country
from migrator.calendars.queries import calendar
from migrator.catalogue.rules import Selection, check_platforms, price
from migrator.catalogue.tax_rules import taxed
from migrator.clock.wording import local_time
from migrator.finance.tax import tax_rate
from migrator.nonprofit.queries import discount_for
from migrator.orders.models import Order
from migrator.orders.operations import NobodysOrder, place
from migrator.orders.rules import Declaration, check_backup, frozen_terms
from migrator.policy.loading import catalogue, migration_desk, platforms


def place_order(
    session: Session, *, selection: Selection, declaration: Declaration, person: Person, token: str, now: datetime
) -> Order:
    """This will place an order at today's prices and terms, once for each token (RULES C-086, D-8, M-006).

    An organisation that has the non-profit discount now buys with it, and keeps it (RULES D-8).

    :raises NobodysOrder: for somebody without an organisation
    :raises UnknownChoice: for a product, option, insurance or platform that is not on the list
    :raises TooManyPages: when the product is too small
    :raises QuoteNeeded: when the size has no listed price
    :raises CountryMissing: when tax is charged somewhere and the customer has not said where it is
    :raises BackupMissing: when the customer has not named the day of the own backup
    :raises BackupInTheFuture: when that day is yet to come
    """
    if person.organisation_id is None:
        raise NobodysOrder("Only customers can order. Sign in as the customer.")
    desk, sold = migration_desk(), catalogue(currency=selection.currency)
    discount_bp = discount_for(session, person.organisation_id, catalogue=sold, now=now)
    check_platforms(selection, platforms())
    check_backup(declaration.own_backup_on, today=local_time(now, calendar(session, desk.calendar).zone).date())
    country = told_country(session, person.organisation_id, declaration.country, actor=person.actor, now=now)
    tax_bp = tax_rate(session, country)
    lines = taxed(price(selection, sold, discount_bp=discount_bp), tax_bp)
    return place(
        session,
        selection=selection,
        lines=lines,
        terms=frozen_terms(
            selection, catalogue=sold, desk=desk, discount_bp=discount_bp, tax_bp=tax_bp, country=country
        ),
        person=person,
        token=token,
        now=now,
        declaration=declaration,
    )
