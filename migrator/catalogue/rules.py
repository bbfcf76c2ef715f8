"""What a selection costs, line by line (RULES C-049 to C-055, C-070 to C-075). Pure; advice is in `advice.py`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from migrator.catalogue.products import Product, QuoteNeeded, UnknownChoice, product_named, products
from migrator.clock.wording import counted_text
from migrator.errors import DomainError
from migrator.money import Money, total
from migrator.policy.types import Catalogue, Family, InsurancePlan, Platforms

MOST_PAGES = 50_000_000
# The whole price is taken off what is moved for free to a new hosting instance (RULES M-024).
FREE_BP = 10_000


class PagesOutOfRange(DomainError):
    """The number of pages is not one that a site can have."""


class TooManyPages(DomainError):
    """The site is larger than the product."""


class LineKind(StrEnum):
    """What an order line is for; upgrade, overage, hours and change are bought after the order was placed."""

    MIGRATION = "migration"
    ASSISTED_FEE = "assisted_fee"
    OPTION = "option"
    INSURANCE = "insurance"
    UPGRADE = "upgrade"
    OVERAGE = "overage"
    HOURS = "hours"
    CHANGE = "change"
    TAX = "tax"


INSURED = frozenset({LineKind.MIGRATION, LineKind.OPTION, LineKind.UPGRADE})


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody wants to buy. `options` are codes; `insurance_plan` is its number, or none.

    :ivar currency: of the price list; fixed with the purchase
    """

    family: Family
    sku: str
    pages: int
    source_platform: str
    target_platform: str
    options: tuple[str, ...] = ()
    insurance_plan: int | None = None
    currency: str = "USD"

    def document(self) -> dict[str, Any]:
        """This will return the selection as a document that the database keeps."""
        return asdict(self)


def selection_from(document: dict[str, Any]) -> Selection:
    """This will return the selection that a document holds."""
    return Selection(
        **{**document, "family": Family(document["family"]), "options": tuple(document["options"])},
    )


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of the price; the one for insurance keeps its base and rate in basis points (RULES C-075).

    :ivar listed: the price before the discount of `discount_bp`; none where no discount is given
    """

    kind: LineKind
    sku: str
    name: str
    amount: Money
    base: Money | None = None
    rate_bp: int | None = None
    plan: int | None = None
    listed: Money | None = None
    discount_bp: int | None = None


def price(selection: Selection, catalogue: Catalogue, *, discount_bp: int = 0) -> tuple[PricedLine, ...]:
    """This will price a selection from the list, line by line; nothing is left out, what is free stands at zero.

    :param discount_bp: taken off each line before the insurance is computed (RULES C-075, C-086)
    :raises UnknownChoice: for a product, option or plan that is not sold
    :raises TooManyPages: when the product is too small for the site
    :raises QuoteNeeded: when this size has no listed price (RULES C-053, C-054)
    """
    product = _sellable(selection, catalogue)
    lines = [discounted(line, discount_bp) for line in _work_lines(selection, product, catalogue)]
    return (*lines, *insurance_lines(tuple(lines), selection.insurance_plan, catalogue))


def price_by_quote(selection: Selection, catalogue: Catalogue, *, offered: Money) -> tuple[PricedLine, ...]:
    """This will price a selection at the offered price: options are included, insurance is computed from the offer."""
    product = product_named(selection.sku, pages=selection.pages, catalogue=catalogue)
    migration = PricedLine(LineKind.MIGRATION, product.sku, product.quoted_name, offered)
    lines = (migration, *_included(_option_lines(selection, catalogue)))
    return (*lines, *insurance_lines(lines, selection.insurance_plan, catalogue))


def discounted(line: PricedLine, discount_bp: int) -> PricedLine:
    """This will take a discount off a line, half-up; the line keeps its price before it (RULES C-075, C-086)."""
    if not discount_bp or not line.amount.minor_units:
        return line
    less = line.amount - line.amount.share(discount_bp)
    return replace(line, amount=less, listed=line.amount, discount_bp=discount_bp)


def premium(base: Money, plan: InsurancePlan) -> Money:
    """This will return what the insurance costs: its share of the migration price, half-up (RULES C-071 to C-075)."""
    return base.share(plan.rate_bp)


def insurance_base(lines: tuple[PricedLine, ...]) -> Money:
    """This will add up what insurance is a share of: migration, options and what an upgrade added to the migration.

    The assisted fee, further pages and hours are no part of it (RULES C-075).
    """
    return total([line.amount for line in lines if line.kind in INSURED])


def insurance_lines(lines: tuple[PricedLine, ...], number: int | None, catalogue: Catalogue) -> tuple[PricedLine, ...]:
    """This will return the insurance line for the plan of that number, or nothing when there is none."""
    if number is None:
        return ()
    plan, base = insurance_plan(number, catalogue), insurance_base(lines)
    return (
        PricedLine(
            LineKind.INSURANCE,
            plan.sku,
            f"Insurance: {counted_text(plan.restarts, 'restart')} in {plan.business_days} working days",
            premium(base, plan),
            base=base,
            rate_bp=plan.rate_bp,
            plan=plan.plan,
        ),
    )


def insurance_plan(number: int, catalogue: Catalogue) -> InsurancePlan:
    """This will return the insurance plan of that number.

    :raises UnknownChoice: when there is none
    """
    found = next((plan for plan in catalogue.insurance if plan.plan == number), None)
    if found is None:
        raise UnknownChoice("We do not sell this insurance. Choose one of those shown.")
    return found


def check_pages(pages: int) -> None:
    """This will refuse a number of pages that no site has.

    :raises PagesOutOfRange: outside 1 to 50,000,000
    """
    if not 1 <= pages <= MOST_PAGES:
        raise PagesOutOfRange(f"Enter a number of pages from 1 to {MOST_PAGES:,}.")


def check_platforms(selection: Selection, platforms: Platforms) -> None:
    """This will refuse platforms that we do not know; the same one on both sides is fine.

    :raises UnknownChoice: for either side
    """
    known = {platform.key for platform in platforms.platforms}
    if not {selection.source_platform, selection.target_platform} <= known:
        raise UnknownChoice("We do not move sites from or to this platform. Choose one of those shown.")


def _sellable(selection: Selection, catalogue: Catalogue) -> Product:
    check_pages(selection.pages)
    product = product_named(selection.sku, pages=selection.pages, catalogue=catalogue)
    if product.family is not selection.family:
        raise UnknownChoice("This product belongs to another way of moving. Choose one of those shown.")
    if product.covers(selection.pages):
        return product
    listed = products(selection.family, pages=selection.pages, catalogue=catalogue)
    if product.page_limit is None or not any(other.covers(selection.pages) for other in listed):
        raise QuoteNeeded("We give a written price for this size. Send us the request for a quote.")
    raise TooManyPages(
        f"{product.name} covers {product.page_limit:,} pages. Choose a larger one for your {selection.pages:,}."
    )


def _work_lines(selection: Selection, product: Product, catalogue: Catalogue) -> list[PricedLine]:
    options = _option_lines(selection, catalogue)
    if product.family is Family.PACKAGE:
        options = _included(options)
    return [*_migration_lines(product), *options]


def _migration_lines(product: Product) -> list[PricedLine]:
    if product.family is not Family.ASSISTED:
        return [PricedLine(LineKind.MIGRATION, product.sku, product.name, product.listed_price)]
    name = f"Migration, up to {product.page_limit:,} pages"
    return [
        PricedLine(LineKind.MIGRATION, product.pages_sku, name, product.listed_price - product.fee),
        PricedLine(LineKind.ASSISTED_FEE, product.sku, product.name, product.fee),
    ]


def _included(lines: list[PricedLine]) -> list[PricedLine]:
    return [replace(line, amount=Money(0, line.amount.currency)) for line in lines]


def _option_lines(selection: Selection, catalogue: Catalogue) -> list[PricedLine]:
    if set(selection.options) - {option.sku for option in catalogue.options}:
        raise UnknownChoice("We do not sell this option. Choose from those shown.")
    return [
        PricedLine(LineKind.OPTION, option.sku, option.name, Money(option.price, catalogue.currency))
        for option in catalogue.options
        if option.sku in selection.options
    ]
