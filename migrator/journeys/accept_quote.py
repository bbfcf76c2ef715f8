"""A customer accepts our offer, which becomes an order at the offered price."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.operations import told_country
from migrator.calendars.queries import calendar
from migrator.catalogue.rules import price_by_quote, selection_from
from migrator.catalogue.tax_rules import taxed
from migrator.clock.wording import local_time
from migrator.finance.tax import tax_rate
from migrator.orders.models import Order
from migrator.orders.operations import place
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import accept, standing_offer
from migrator.orders.rules import Declaration, check_backup, frozen_terms
from migrator.policy.loading import catalogue, migration_desk


def accept_quote(
    session: Session,
    quote: Quote,
    *,
    insurance_plan: int | None,
    declaration: Declaration,
    person: Person,
    now: datetime,
) -> Order:
    """This will make the order with the offered price, ceiling and agreed date; accepted before, it is that order.

    :param quote: locked, with its order loaded
    :raises OfferExpired: when the last day of the offer is over
    :raises QuoteNotNow: when there is no offer to accept
    :raises CountryMissing: when tax is charged somewhere and the customer has not said where it is
    :raises BackupMissing: when the customer has not named the day of the own backup
    :raises BackupInTheFuture: when that day is yet to come
    """
    if quote.order is not None:
        return quote.order
    desk, sold = migration_desk(), catalogue(currency=quote.currency)
    days = calendar(session, desk.calendar)
    offer = standing_offer(quote, calendar=days, now=now)
    check_backup(declaration.own_backup_on, today=local_time(now, days.zone).date())
    selection = replace(selection_from(quote.selection), insurance_plan=insurance_plan)
    country = told_country(session, quote.organisation_id, declaration.country, actor=person.actor, now=now)
    tax_bp = tax_rate(session, country)
    order = place(
        session,
        selection=selection,
        lines=taxed(price_by_quote(selection, sold, offered=offer.price), tax_bp),
        terms=frozen_terms(selection, catalogue=sold, desk=desk, offer=offer, tax_bp=tax_bp, country=country),
        person=person,
        token=quote.token,
        now=now,
        declaration=declaration,
    )
    accept(session, quote, order=order, actor=person.actor, now=now)
    return order
