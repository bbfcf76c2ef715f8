"""Which product is advised for which size (RULES C-049 to C-054)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.catalogue.advice import Needs, QuoteReason, overage, recommend
from migrator.catalogue.products import products
from migrator.catalogue.rules import PagesOutOfRange, price
from migrator.money import Money
from migrator.policy.loading import catalogue
from migrator.policy.types import Family, Tier
from tests.factories.selections import a_selection


@pytest.mark.parametrize(
    ("pages", "sku", "quote"),
    [
        (1, "PACK-BASIC", None),
        (1_000, "PACK-BASIC", None),
        (1_001, "PACK-EXTENDED", None),
        (5_000, "PACK-EXTENDED", None),
        (5_001, "PACK-PREMIUM", None),
        (25_000, "PACK-PREMIUM", None),
        (25_001, "PACK-ULTIMATE", QuoteReason.GAP),
        (99_999, "PACK-ULTIMATE", QuoteReason.GAP),
        (100_000, "PACK-ULTIMATE", QuoteReason.GAP),
        (100_001, "PACK-ULTIMATE", QuoteReason.ULTIMATE),
    ],
)
def test_packages_fall_where_the_rules_say(pages: int, sku: str, quote: QuoteReason | None) -> None:
    advice = recommend(Needs(Family.PACKAGE, pages), catalogue())
    assert (advice.product.sku, advice.quote) == (sku, quote)


@pytest.mark.parametrize(
    ("family", "pages", "sku", "quote"),
    [
        (Family.SELF_SERVICE, 100, "SELF-100", None),
        (Family.SELF_SERVICE, 101, "SELF-500", None),
        (Family.SELF_SERVICE, 1_000, "SELF-1000", None),
        (Family.SELF_SERVICE, 1_001, "SELF-5000", None),
        (Family.SELF_SERVICE, 25_001, "SELF-100000", None),
        (Family.SELF_SERVICE, 100_000, "SELF-100000", None),
        (Family.SELF_SERVICE, 100_001, "SELF-100000", QuoteReason.BEYOND),
        (Family.ASSISTED, 100_000, "ASSIST-BASIC", None),
        (Family.ASSISTED, 100_001, "ASSIST-PREMIUM", QuoteReason.BEYOND),
    ],
)
def test_the_other_families_end_at_a_hundred_thousand_pages(
    family: Family, pages: int, sku: str, quote: QuoteReason | None
) -> None:
    advice = recommend(Needs(family, pages), catalogue())
    assert (advice.product.sku, advice.quote) == (sku, quote)


def test_a_larger_product_may_be_picked_and_one_too_small_may_not() -> None:
    larger = recommend(Needs(Family.PACKAGE, 800, "PACK-EXTENDED"), catalogue())
    assert (larger.product.sku, larger.is_advised) == ("PACK-EXTENDED", False)
    smaller = recommend(Needs(Family.PACKAGE, 1_001, "PACK-BASIC"), catalogue())
    assert (smaller.product.sku, smaller.is_advised) == ("PACK-EXTENDED", True)


def test_neighbours_come_with_their_difference_in_price() -> None:
    advice = recommend(Needs(Family.PACKAGE, 1_001), catalogue())
    assert advice.smaller
    assert advice.larger
    assert (advice.smaller.product.sku, advice.smaller.difference, advice.smaller.fits) == (
        "PACK-BASIC",
        Money(-35_000),
        False,
    )
    assert (advice.larger.product.sku, advice.larger.difference) == ("PACK-PREMIUM", Money(89_100))


def test_below_assisted_basic_stands_doing_it_oneself() -> None:
    advice = recommend(Needs(Family.ASSISTED, 800), catalogue())
    assert advice.smaller
    assert (advice.smaller.product.sku, advice.smaller.difference) == ("SELF-1000", Money(-4_900))


def test_an_operator_may_let_ultimate_begin_where_premium_ends() -> None:
    packages = tuple(replace(p, pages_over=25_000) if p.tier is Tier.ULTIMATE else p for p in catalogue().packages)
    advice = recommend(Needs(Family.PACKAGE, 25_001), replace(catalogue(), packages=packages))
    assert advice.quote is QuoteReason.ULTIMATE


@pytest.mark.parametrize(("pages", "expected"), [(0, 0), (1, 2_500), (500, 2_500), (501, 5_000), (75_000, 375_000)])
def test_each_started_step_of_pages_is_charged(pages: int, expected: int) -> None:
    assert overage(pages, catalogue()) == Money(expected)


@pytest.mark.parametrize("pages", [0, -1, 50_000_001])
def test_a_site_of_no_or_absurdly_many_pages_is_refused(pages: int) -> None:
    with pytest.raises(PagesOutOfRange):
        recommend(Needs(Family.PACKAGE, pages), catalogue())


@given(family=st.sampled_from(list(Family)), pages=st.integers(1, 50_000_000))
def test_what_is_advised_fits_is_the_cheapest_that_does_and_can_be_bought(family: Family, pages: int) -> None:
    advice = recommend(Needs(family, pages), catalogue())
    fitting = [p.listed_price for p in products(family, pages=pages, catalogue=catalogue()) if p.covers(pages)]
    assert (advice.quote is None) == bool(fitting)
    if advice.quote is None:
        assert advice.product.listed_price == min(fitting)
        assert price(a_selection(advice.product.sku, pages=pages), catalogue())
