"""Which product fits a site, and what stands beside it on the list (RULES C-049 to C-054). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.catalogue.products import Product, page_tier, products
from migrator.catalogue.rules import check_pages
from migrator.money import Money
from migrator.policy.types import Catalogue, Family, Tier


class QuoteReason(StrEnum):
    """Why a price must be asked for: between the packages, for Ultimate, or beyond the largest page size (C-054)."""

    GAP = "gap"
    ULTIMATE = "ultimate"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Needs:
    """What is known about the site, and the product that was picked instead of our advice, if any."""

    family: Family
    pages: int
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The next product on the list; `difference` is what it costs more (or less, below zero), none where quoted."""

    product: Product
    difference: Money | None
    fits: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The product to buy, with its neighbours; `quote` says why this size has to be asked for."""

    product: Product
    is_advised: bool
    quote: QuoteReason | None
    smaller: Neighbour | None
    larger: Neighbour | None


def recommend(needs: Needs, catalogue: Catalogue) -> Recommendation:
    """This will return the picked product if it fits, else the family's cheapest that does (RULES C-051, C-054).

    :raises PagesOutOfRange: for a number of pages that no site has
    """
    check_pages(needs.pages)
    listed = products(needs.family, pages=needs.pages, catalogue=catalogue)
    fitting = sorted((p for p in listed if p.covers(needs.pages)), key=lambda p: p.listed_price)
    advised = fitting[0] if fitting else listed[-1]
    product = next((p for p in fitting or listed if p.sku == needs.sku), advised)
    smaller, larger = _neighbours(product, needs=needs, catalogue=catalogue)
    return Recommendation(
        product=product,
        is_advised=product == advised,
        quote=None if fitting else _quote_reason(needs, catalogue),
        smaller=smaller,
        larger=larger,
    )


def overage(pages: int, catalogue: Catalogue) -> Money:
    """This will return what `pages` beyond a limit cost: a price for each started step (RULES C-069)."""
    steps = -(-max(pages, 0) // catalogue.extra.overage_pages)
    return Money(steps * catalogue.extra.overage_price, catalogue.currency)


def _neighbours(product: Product, *, needs: Needs, catalogue: Catalogue) -> tuple[Neighbour | None, Neighbour | None]:
    listed = products(needs.family, pages=needs.pages, catalogue=catalogue)
    if needs.family is Family.ASSISTED:
        # Doing it oneself is the smaller choice for the same pages, so that the fee can be weighed.
        tier = page_tier(needs.pages, catalogue)
        alone = products(Family.SELF_SERVICE, pages=needs.pages, catalogue=catalogue)
        listed = (*(p for p in alone if tier and p.sku == tier.sku), *listed)
    place = listed.index(product)
    around = (listed[place - 1] if place else None, listed[place + 1] if place + 1 < len(listed) else None)
    smaller, larger = (_neighbour(other, product=product, pages=needs.pages) if other else None for other in around)
    return smaller, larger


def _neighbour(other: Product, *, product: Product, pages: int) -> Neighbour:
    difference = other.price - product.price if other.price and product.price else None
    return Neighbour(other, difference, other.covers(pages))


def _quote_reason(needs: Needs, catalogue: Catalogue) -> QuoteReason:
    if needs.family is not Family.PACKAGE:
        return QuoteReason.BEYOND
    over = next((p.pages_over for p in catalogue.packages if p.tier is Tier.ULTIMATE), None)
    return QuoteReason.GAP if over is not None and needs.pages <= over else QuoteReason.ULTIMATE
