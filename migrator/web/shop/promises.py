"""What we promise, what we need, what costs extra: three short lists, each line leading to its rule."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.clock.wording import counted_text
from migrator.money import Money
from migrator.orders.terms import Terms
from migrator.policy.types import DeliveryPromise, Family
from migrator.web.shop.wording import promise_text, support_text

NEEDS = (
    ("The access details of both sites; sending them takes about 10 minutes.", "access-check"),
    ("Your own backup of both sites, made before we start.", ""),
    ("An answer when something is missing: until it comes the count stands still.", "pause"),
)


@dataclass(frozen=True, slots=True)
class Duties:
    """Three lists of sentences, each with the anchor of its rule on the policy page, or none."""

    promises: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    extras: tuple[tuple[str, str], ...]


def duties(terms: Terms, *, currency: str) -> Duties:
    """This will word what the terms of a product from the list promise and leave out."""
    return Duties(_promises(terms), NEEDS, _extras(terms, currency))


def _promises(terms: Terms) -> tuple[tuple[str, str], ...]:
    days = counted_text(terms.access_check_business_days, "working day")
    check = (f"We aim to check your access details within {days} after you have sent all of them.", "access-check")
    return (*_delivery(terms), check, ("Your order keeps its price, limits and days.", "terms-frozen"))


def _delivery(terms: Terms) -> tuple[tuple[str, str], ...]:
    if not terms.promise_unit:
        return ()
    within = promise_text(DeliveryPromise(terms.promise_unit, terms.promise_amount))
    if terms.family is Family.PACKAGE:
        return ((f"Migration finished within {within} after your access details were found right.", "package"),)
    return ((f"Preview ready within {within} after your access details were found right.", "assisted"),)


def _extras(terms: Terms, currency: str) -> tuple[tuple[str, str], ...]:
    overage = Money(terms.overage_minor, currency)
    pages = (f"Pages beyond {terms.page_limit:,}: {overage} for each started {terms.overage_pages}.", "")
    if terms.family is not Family.PACKAGE:
        return (pages, *((f"{sentence}.", "") for sentence in terms.not_included))
    hour = Money(terms.support_hour_minor, currency)
    days = counted_text(terms.change_calendar_days, "day")
    return (
        pages,
        (f"Support beyond {support_text(terms.support_minutes)}: {hour} an hour.", ""),
        (f"Changes later than {days} after our check of the result.", "changes"),
    )
