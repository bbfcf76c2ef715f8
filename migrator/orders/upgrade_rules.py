"""Which larger products an order can take in mid-work, and at what difference in price (RULES X-10, X-11). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migrator.catalogue.products import Product, product_named, products
from migrator.catalogue.rules import LineKind, PricedLine, Selection, discounted, insurance_plan
from migrator.clock.deadline import Unit
from migrator.money import Money
from migrator.orders.lifecycle import SupplementKind
from migrator.orders.rules import frozen_terms
from migrator.orders.supplement_rules import NothingToAdd, Proposal, restarts_text
from migrator.orders.terms import InsuranceTerms, Terms
from migrator.policy.types import Catalogue, DeskPolicy, Family

AGREED_IN_WRITING = "Your price and size were agreed in writing. Write to us, and we quote the larger size."
LARGEST = "There is no larger product at a listed price. Write to us, and we quote."


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A larger product in an order's place: the terms that count from its payment on, and the lines of its price.

    :ivar key: what a form sends for it
    """

    key: str
    title: str
    terms: Terms
    lines: tuple[PricedLine, ...]

    @property
    def proposal(self) -> Proposal:
        """The upgrade as it is offered."""
        details = {"sku": self.terms.sku, "page_limit": self.terms.page_limit}
        return Proposal(SupplementKind.UPGRADE, self.title, self.lines, details)


def upgrades(terms: Terms, *, catalogue: Catalogue, desk: DeskPolicy) -> tuple[Upgrade, ...]:
    """This will return the larger products of the same family, the cheapest first, at the listed difference.

    :param terms: as they are now; `catalogue` and `desk` are of the versions that they name (RULES D-8)
    :raises NothingToAdd: for an agreed product, or when none is larger
    """
    if terms.promise_unit == Unit.AGREED:
        raise NothingToAdd(AGREED_IN_WRITING)
    own = product_named(terms.sku, pages=terms.page_limit, catalogue=catalogue)
    found = [_upgrade(own, larger, terms, catalogue, desk) for larger in _larger(own, terms, catalogue)]
    if not found:
        raise NothingToAdd(LARGEST)
    return tuple(sorted(found, key=lambda one: one.proposal.amount.minor_units))


def upgrade_to(terms: Terms, *, sku: str, page_limit: int, catalogue: Catalogue, desk: DeskPolicy) -> Upgrade:
    """This will return the upgrade to one product.

    :raises NothingToAdd: when it is not among those that the order can take
    """
    for one in upgrades(terms, catalogue=catalogue, desk=desk):
        if (one.terms.sku, one.terms.page_limit) == (sku, page_limit):
            return one
    raise NothingToAdd("The order cannot be raised to this product. Choose one of those shown.")


def difference_premium(difference: Money, cover: InsuranceTerms, catalogue: Catalogue) -> PricedLine:
    """This will charge the insurance's share of a price difference as a line of its own, half-up (RULES X-11)."""
    return PricedLine(
        LineKind.INSURANCE,
        insurance_plan(cover.plan, catalogue).sku,
        f"Insurance on the difference: {restarts_text(cover)}",
        difference.share(cover.rate_bp),
        base=difference,
        rate_bp=cover.rate_bp,
        plan=cover.plan,
    )


def _larger(own: Product, terms: Terms, catalogue: Catalogue) -> Iterator[Product]:
    same_pages = products(own.family, pages=terms.page_limit, catalogue=catalogue)
    yield from (p for p in same_pages if p.price and p.sku != own.sku and own.listed_price < p.price)
    if own.family is Family.ASSISTED:
        sizes = (tier.pages for tier in catalogue.self_service.tiers if tier.pages > terms.page_limit)
        yield from (product_named(own.sku, pages=pages, catalogue=catalogue) for pages in sizes)


def _upgrade(own: Product, larger: Product, terms: Terms, catalogue: Catalogue, desk: DeskPolicy) -> Upgrade:
    pages = larger.page_limit or terms.page_limit
    selection = Selection(larger.family, larger.sku, pages, "", "")
    new = frozen_terms(selection, catalogue=catalogue, desk=desk, discount_bp=terms.discount_bp)
    raised = replace(new, insurance=terms.insurance).taxed_as(terms)
    title = _title(own, larger)
    return Upgrade(f"{larger.sku}-{pages}", title, raised, tuple(_lines(own, larger, title, raised, catalogue)))


def _lines(own: Product, larger: Product, title: str, terms: Terms, catalogue: Catalogue) -> Iterator[PricedLine]:
    fee = larger.fee - own.fee
    difference = larger.listed_price - own.listed_price - fee
    if fee.minor_units:
        # The fee is no migration price, so insurance takes no share of it (RULES C-075).
        yield discounted(PricedLine(LineKind.ASSISTED_FEE, larger.sku, title, fee), terms.discount_bp)
    if not difference.minor_units:
        return
    line = PricedLine(LineKind.UPGRADE, larger.pages_sku or larger.sku, title, difference)
    yield (line := discounted(line, terms.discount_bp))
    if terms.insurance:
        yield difference_premium(line.amount, terms.insurance, catalogue)


def _title(own: Product, larger: Product) -> str:
    if larger.sku == own.sku or larger.family is Family.SELF_SERVICE:
        return f"Up to {larger.page_limit:,} pages instead of {own.page_limit:,}"
    return f"{larger.name} instead of {own.name.removeprefix(larger.family.value.capitalize() + ' ')}"
