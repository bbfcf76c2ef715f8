"""The price list in one shape: every product of every family, for a site of a given size. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.errors import DomainError
from migrator.money import Money
from migrator.policy.types import Assisted, Catalogue, DeliveryPromise, Family, Package, PageTier, Tier


class UnknownChoice(DomainError):
    """Something was asked for that is not on the list."""


class QuoteNeeded(DomainError):
    """This size is never sold from the list."""


@dataclass(frozen=True, slots=True)
class Product:
    """One entry of the price list.

    :ivar page_limit: pages that it covers; none where the quote says
    :ivar price: without options and insurance; none where it is quoted
    :ivar fee: the part of the price that is no migration price (RULES C-075)
    :ivar pages_sku: of an assisted product, the code of the page size that its price starts from
    :ivar promise: how soon after verification; none where nothing but the check of access is promised
    """

    family: Family
    tier: Tier
    sku: str
    name: str
    page_limit: int | None
    price: Money | None
    fee: Money
    support_minutes: int
    promise: DeliveryPromise | None
    rule: str
    summary: str
    not_included: tuple[str, ...]
    note: str = ""
    pages_sku: str = ""

    @property
    def listed_price(self) -> Money:
        """The price on the list.

        :raises QuoteNeeded: when there is none (RULES C-053, C-054)
        """
        if self.price is None:
            raise QuoteNeeded("We give a written price for this. Send us the request for a quote.")
        return self.price

    @property
    def quoted_name(self) -> str:
        """The name where a quote sets the size."""
        return "Self-service" if self.family is Family.SELF_SERVICE else self.name

    def covers(self, pages: int) -> bool:
        """This will tell whether a site of that size can be sold at the listed price (RULES C-049 to C-054)."""
        return self.price is not None and self.page_limit is not None and pages <= self.page_limit


def products(family: Family, *, pages: int, catalogue: Catalogue) -> tuple[Product, ...]:
    """This will list the family's products, the smallest first; assisted ones are priced for `pages`."""
    match family:
        case Family.SELF_SERVICE:
            return tuple(_self_service(tier, catalogue) for tier in catalogue.self_service.tiers)
        case Family.ASSISTED:
            return tuple(_assisted(entry, page_tier(pages, catalogue), catalogue) for entry in catalogue.assisted)
    return tuple(_package(entry, catalogue) for entry in catalogue.packages)


def product_named(sku: str, *, pages: int, catalogue: Catalogue) -> Product:
    """This will return the product with that code, priced for `pages`.

    :raises UnknownChoice: when nothing on the list has it
    """
    listed = (product for family in Family for product in products(family, pages=pages, catalogue=catalogue))
    found = next((product for product in listed if product.sku == sku), None)
    if found is None:
        raise UnknownChoice("We do not sell this product. Choose one of those shown.")
    return found


def page_tier(pages: int, catalogue: Catalogue) -> PageTier | None:
    """This will return the smallest page size that covers `pages`, or none beyond the last."""
    return next((tier for tier in catalogue.self_service.tiers if pages <= tier.pages), None)


def _self_service(tier: PageTier, catalogue: Catalogue) -> Product:
    return Product(
        family=Family.SELF_SERVICE,
        tier=Tier.PAGES,
        sku=tier.sku,
        name=f"Self-service, up to {tier.pages:,} pages",
        page_limit=tier.pages,
        price=Money(tier.price, catalogue.currency),
        fee=Money(0, catalogue.currency),
        support_minutes=0,
        promise=None,
        rule="C-043",
        summary=catalogue.self_service.summary,
        not_included=catalogue.self_service.not_included,
    )


def _assisted(entry: Assisted, tier: PageTier | None, catalogue: Catalogue) -> Product:
    fee = Money(entry.fee, catalogue.currency)
    return Product(
        family=Family.ASSISTED,
        tier=entry.tier,
        sku=entry.sku,
        name=entry.name,
        page_limit=tier.pages if tier else None,
        price=Money(tier.price, catalogue.currency) + fee if tier else None,
        fee=fee,
        support_minutes=0,
        promise=entry.promise,
        rule=entry.rule,
        summary=entry.summary,
        not_included=entry.not_included,
        note=entry.note,
        pages_sku=tier.sku if tier else "",
    )


def _package(entry: Package, catalogue: Catalogue) -> Product:
    return Product(
        family=Family.PACKAGE,
        tier=entry.tier,
        sku=entry.sku,
        name=entry.name,
        page_limit=entry.pages,
        price=None if entry.price is None else Money(entry.price, catalogue.currency),
        fee=Money(0, catalogue.currency),
        support_minutes=entry.support_minutes,
        promise=entry.promise,
        rule=entry.rule,
        summary=entry.summary,
        not_included=entry.not_included,
    )
