"""The free migration of a new hosting instance: the usual order at price 0, which begins without a payment (M-024)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import FREE_BP, PricedLine, Selection, check_pages, check_platforms, price
from migrator.clock.wording import local_time
from migrator.errors import DomainError
from migrator.fulfilment.notices import tell_customer
from migrator.hosting.models import HostingInstance
from migrator.hosting.operations import FreeMigrationUsed, use_free_migration
from migrator.hosting.queries import free_migration_of
from migrator.journeys.begin_order import begin_order
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.operations import place, placed_already
from migrator.orders.queries import order_for_staff
from migrator.orders.rules import Declaration, check_backup, frozen_terms
from migrator.policy.hosting import hosting_policy
from migrator.policy.loading import catalogue, migration_desk, platforms


class TooLargeToBeFree(DomainError):
    """The site is larger than what is moved for free."""


def selection_for(*, source_platform: str, pages: int) -> Selection:
    """This will return what is ordered for a new instance: set up by our engineers, with every option.

    :raises PagesOutOfRange: for a number of pages that no site has
    :raises TooLargeToBeFree: above the policy's limit
    """
    free, sold = hosting_policy().free_migration, catalogue()
    check_pages(pages)
    if pages > free.most_pages:
        raise TooLargeToBeFree(
            f"Up to {free.most_pages:,} pages are moved for free. Write to the hosting desk about a larger site."
        )
    return Selection(
        family=product_named(free.product, pages=pages, catalogue=sold).family,
        sku=free.product,
        pages=pages,
        source_platform=source_platform,
        target_platform=free.target_platform,
        options=tuple(option.sku for option in sold.options),
    )


def move_to_instance(
    session: Session,
    instance: HostingInstance,
    *,
    selection: Selection,
    declaration: Declaration,
    person: Person,
    token: str,
    now: datetime,
) -> Order:
    """This will place the instance's free migration and begin it at once, once for each instance (RULES M-024).

    Terms and stages are those of the same order from the list; each line keeps its list price beside the 0.

    :param instance: of the person's organisation, locked
    :raises FreeMigrationUsed: when it is used already
    :raises UnknownChoice: for a platform that we do not know
    :raises BackupMissing: when the customer has not named the day of the own backup (RULES M-006)
    """
    if placed := placed_already(session, token, person):
        return placed
    if free_migration_of(session, instance.id) is not None:
        raise FreeMigrationUsed("The free migration of this instance is used. A further one has its usual price.")
    desk, sold = migration_desk(), catalogue()
    check_platforms(selection, platforms())
    check_backup(declaration.own_backup_on, today=local_time(now, calendar(session, desk.calendar).zone).date())
    order = place(
        session,
        selection=selection,
        lines=tuple(_free(line) for line in price(selection, sold)),
        terms=frozen_terms(selection, catalogue=sold, desk=desk),
        person=person,
        token=token,
        now=now,
        declaration=declaration,
    )
    use_free_migration(session, instance, order, person=person, now=now)
    return _begin(session, order, instance, now=now)


def _begin(session: Session, order: Order, instance: HostingInstance, *, now: datetime) -> Order:
    whole = order_for_staff(session, order.number, for_update=True)
    facts = {"amount_minor": 0, "currency": whole.currency, "hosting_instance_id": instance.id, "rule": "M-024"}
    begin_order(session, whole, facts=facts, now=now)
    words = {"order": whole, "instance": instance}
    tell_customer(session, whole, "free_migration_begun", cause=f"order:{whole.id}", now=now, words=words)
    return whole


def _free(line: PricedLine) -> PricedLine:
    if not line.amount.minor_units:
        return line
    return replace(line, amount=Money(0, line.amount.currency), listed=line.amount, discount_bp=FREE_BP)
