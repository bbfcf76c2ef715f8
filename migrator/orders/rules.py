"""What an order is sold under, and what a backup and an offer must satisfy. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from migrator.catalogue.products import Product, product_named
from migrator.catalogue.rules import MOST_PAGES, Selection, insurance_plan
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, add, due, elapsed, window_end
from migrator.clock.instants import DAY_SECONDS, to_instant, to_the_minute, wall_seconds
from migrator.clock.wording import day_text, end_text
from migrator.errors import DomainError
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.terms import InsuranceTerms, Terms
from migrator.policy.types import Catalogue, DeskPolicy, Family

OLD_BACKUP_DAYS = 7
MOST_MONEY_MINOR = 100_000_000
LONGEST_OFFER_DAYS = 90


class BackupMissing(DomainError):
    """The customer has not said when the own backup was made."""


class BackupInTheFuture(DomainError):
    """A backup cannot be made tomorrow."""


class AgreedTooEarly(DomainError):
    """The date lies before the earliest that may be agreed."""


class OfferOutOfRange(DomainError):
    """The price, the ceiling or the last day of an offer is not one that we give."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the customer says with an order: the two addresses, and the day of the own backup (RULES M-006).

    :ivar country: ISO code of where the organisation is; empty where nothing new was said
    """

    source_address: str = ""
    target_address: str = ""
    own_backup_on: date | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Our answer to a request: price without insurance, pages covered, agreed date, and the end of its last day."""

    price: Money
    page_ceiling: int
    agreed_at: datetime
    expires_at: datetime
    words: str = ""


def check_backup(own_backup_on: date | None, *, today: date) -> None:
    """This will refuse an order without an own backup, or with one from the future (RULES M-006).

    :raises BackupMissing: when no day is given
    :raises BackupInTheFuture: when it is after `today` at the desk
    """
    if own_backup_on is None:
        raise BackupMissing("Make your own backup first, then enter the day on which it was made.")
    if own_backup_on > today:
        raise BackupInTheFuture(f"Your backup cannot be from the future. Enter a day up to {day_text(today)}.")


def is_old_backup(own_backup_on: date, *, today: date) -> bool:
    """This will tell whether the backup is more than 7 days old, which earns a warning (RULES M-006)."""
    return (today - own_backup_on).days > OLD_BACKUP_DAYS


def frozen_terms(
    selection: Selection,
    *,
    catalogue: Catalogue,
    desk: DeskPolicy,
    offer: Offer | None = None,
    discount_bp: int = 0,
    tax_bp: int = 0,
    country: str = "",
) -> Terms:
    """This will write down all that is promised and limited for a selection today (RULES D-8).

    :param discount_bp: the discount that the lines are priced with
    :param tax_bp: the rate of tax that is charged in the customer's country
    :param offer: the accepted answer to a request: its ceiling and agreed date take the list's place (RULES C-059)
    """
    product = product_named(selection.sku, pages=selection.pages, catalogue=catalogue)
    unit, amount = _promise(product, desk) if offer is None else ("agreed", desk.agreed_minimum_business_days)
    return Terms(
        catalogue_version=catalogue.version,
        policy_version=desk.version,
        calendar=desk.calendar,
        family=product.family,
        tier=product.tier,
        sku=product.sku,
        product_name=product.name if offer is None else product.quoted_name,
        page_limit=offer.page_ceiling if offer else product.page_limit or 0,
        support_minutes=product.support_minutes,
        promise_unit=unit,
        promise_amount=amount,
        promise_rule=product.rule if offer is None else "C-059",
        access_check_business_days=desk.access_check_business_days,
        agree_by_business_days=desk.agree_by_business_days,
        agreed_minimum_business_days=desk.agreed_minimum_business_days,
        review_calendar_days=desk.review_calendar_days,
        change_calendar_days=desk.change_calendar_days if product.family is Family.PACKAGE else 0,
        purge_calendar_days=desk.purge_calendar_days[product.family],
        response_business_hours=desk.response_business_hours,
        support_hour_minor=catalogue.extra.support_hour,
        overage_pages=catalogue.extra.overage_pages,
        overage_minor=catalogue.extra.overage_price,
        discount_bp=discount_bp,
        tax_bp=tax_bp,
        tax_country=country,
        agreed_at=offer.agreed_at.astimezone(UTC).isoformat() if offer else "",
        inclusions=catalogue.inclusions if product.family is Family.PACKAGE else (),
        not_included=product.not_included if offer is None else _not_included(product, offer),
        insurance=_insurance_terms(selection.insurance_plan, catalogue),
    )


def discount_of(order: Order) -> int:
    """This will return the discount in basis points that an order was sold with; what it buys later has it too.

    (RULES C-086, D-8)
    """
    return order.terms.discount_bp


def earliest_agreed_at(calendar: Calendar, *, desk: DeskPolicy, now: datetime) -> datetime:
    """This will return the earliest instant that may be agreed: 22 business days from `now` (RULES C-059)."""
    return due(calendar, now, Target(Unit.BUSINESS_DAYS, desk.agreed_minimum_business_days))


def stands_until(calendar: Calendar, agreed_at: datetime, *, business_days: int, now: datetime) -> datetime | None:
    """This will return by when access must be found right for an agreed date to lie `business_days` after it.

    None when it is too late for that already (RULES C-059).
    """
    spare = elapsed(calendar, now, agreed_at) - business_days * DAY_SECONDS if now < agreed_at else -1
    return add(calendar, now, working_seconds=spare) if spare >= 0 else None


def answer_by(calendar: Calendar, *, desk: DeskPolicy, now: datetime) -> datetime:
    """This will return when a price is promised to somebody who asks `now`."""
    return due(calendar, to_the_minute(now), Target(Unit.BUSINESS_DAYS, desk.quote_answer_business_days))


def usual_expiry(calendar: Calendar, *, desk: DeskPolicy, now: datetime) -> datetime:
    """This will return until when an offer made `now` stands: the end of its last day (RULES D-4)."""
    return window_end(calendar, now, Target(Unit.CALENDAR_DAYS, desk.quote_valid_calendar_days))


def end_of_day(calendar: Calendar, last_on: date) -> datetime:
    """This will return the instant in UTC at which the day is over at the desk (RULES D-4)."""
    return to_instant(wall_seconds(calendar.zone_info, last_on + timedelta(days=1)))


def check_offer(offer: Offer, *, pages: int, calendar: Calendar, desk: DeskPolicy, now: datetime) -> None:
    """This will refuse an offer that we may not make (RULES C-053, C-059).

    :raises OfferOutOfRange: for a price, ceiling or last day that makes no sense
    :raises AgreedTooEarly: for a date before the earliest, naming it
    :raises YearNotFilled: for a date that the calendar does not reach
    """
    if not 0 < offer.price.minor_units <= MOST_MONEY_MINOR:
        most = Money(MOST_MONEY_MINOR, offer.price.currency)
        raise OfferOutOfRange(f"Enter a price above zero and up to {most}.")
    if not pages <= offer.page_ceiling <= MOST_PAGES:
        raise OfferOutOfRange(f"The ceiling must be from the {pages:,} pages asked for up to {MOST_PAGES:,}.")
    if not now < offer.expires_at <= now + timedelta(days=LONGEST_OFFER_DAYS):
        raise OfferOutOfRange(f"The last day of the offer must be today or within {LONGEST_OFFER_DAYS} days.")
    earliest = earliest_agreed_at(calendar, desk=desk, now=now)
    if offer.agreed_at < earliest:
        raise AgreedTooEarly(
            f"The date must be at least {desk.agreed_minimum_business_days} working days from now. "
            f"The earliest is {end_text(earliest, calendar.zone)} at the desk."
        )
    if offer.expires_at > offer.agreed_at:
        raise OfferOutOfRange("The last day of the offer must lie before the agreed date.")
    # A date past the last filled year could not be counted to later: the calendar refuses it here.
    due(calendar, now, Target(Unit.AGREED, agreed_at=offer.agreed_at))


def _promise(product: Product, desk: DeskPolicy) -> tuple[str, int]:
    if product.promise is None:
        return "", 0
    return product.promise.unit, product.promise.amount


def _insurance_terms(number: int | None, catalogue: Catalogue) -> InsuranceTerms | None:
    if number is None:
        return None
    plan = insurance_plan(number, catalogue)
    return InsuranceTerms(plan.plan, plan.restarts, plan.business_days, plan.rate_bp)


def _not_included(product: Product, offer: Offer) -> tuple[str, ...]:
    pages = f"More than {offer.page_ceiling:,} pages"
    return (pages, *(sentence for sentence in product.not_included if "pages" not in sentence))
