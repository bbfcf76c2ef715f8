"""What selections cost, to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.catalogue.products import QuoteNeeded, UnknownChoice
from migrator.catalogue.rules import (
    LineKind,
    PagesOutOfRange,
    TooManyPages,
    check_platforms,
    insurance_base,
    insurance_plan,
    premium,
    price,
    price_by_quote,
)
from migrator.errors import DomainError
from migrator.money import Money, total
from migrator.policy.loading import catalogue, platforms
from migrator.policy.types import Family
from tests.factories.selections import a_selection

ALL_OPTIONS = ("OPT-IMAGES", "OPT-SEO", "OPT-REDIRECTS", "OPT-FORMS")


@pytest.mark.parametrize(
    ("base", "plan", "expected"),
    [
        ("69.00", 1, "4.83"),
        ("69.00", 2, "8.28"),
        ("69.00", 3, "17.25"),
        ("35.00", 1, "2.45"),
        ("69.50", 1, "4.87"),  # 4.865 half-up; half-even and binary floats both say 4.86
        ("199.00", 1, "13.93"),
        ("1249.99", 1, "87.50"),
        ("99.50", 3, "24.88"),  # 24.875
        ("1490.00", 2, "178.80"),
        ("249.00", 1, "17.43"),
        ("0.50", 1, "0.04"),  # 0.035
        ("0.07", 1, "0.00"),
        ("0.00", 3, "0.00"),
    ],
)
def test_a_premium_is_its_share_half_up_to_the_cent(base: str, plan: int, expected: str) -> None:
    amount = Money(int(base.replace(".", "")))
    assert premium(amount, insurance_plan(plan, catalogue())).plain == expected


@pytest.mark.parametrize(
    ("sku", "pages", "expected"),
    [
        ("SELF-100", 1, "29.00"),
        ("SELF-100", 100, "29.00"),
        ("SELF-500", 101, "69.00"),
        ("SELF-1000", 1_000, "99.00"),
        ("SELF-5000", 1_001, "249.00"),
        ("SELF-100000", 100_000, "1,499.00"),
        ("ASSIST-BASIC", 800, "148.00"),
        ("ASSIST-STANDARD", 800, "188.00"),
        ("ASSIST-PREMIUM", 5_001, "848.00"),
        ("PACK-BASIC", 1_000, "249.00"),
        ("PACK-EXTENDED", 800, "599.00"),
        ("PACK-PREMIUM", 25_000, "1,490.00"),
    ],
)
def test_a_product_costs_what_the_catalogue_says(sku: str, pages: int, expected: str) -> None:
    assert total([line.amount for line in price(a_selection(sku, pages=pages), catalogue())]).plain == expected


def test_options_cost_nine_dollars_on_assisted_and_count_into_the_base_without_the_fee() -> None:
    lines = price(a_selection("ASSIST-BASIC", options=ALL_OPTIONS, insurance_plan=2), catalogue())
    assert [(line.kind, line.amount.plain) for line in lines] == [
        (LineKind.MIGRATION, "99.00"),
        (LineKind.ASSISTED_FEE, "49.00"),
        *[(LineKind.OPTION, "9.00")] * 4,
        (LineKind.INSURANCE, "16.20"),
    ]
    assert lines[-1].base == Money(13_500)
    assert (lines[-1].rate_bp, lines[-1].plan) == (1_200, 2)


def test_options_of_a_package_stand_on_the_bill_at_zero() -> None:
    lines = price(a_selection("PACK-BASIC", options=ALL_OPTIONS), catalogue())
    assert [line.amount.minor_units for line in lines] == [24_900, 0, 0, 0, 0]


def test_an_option_named_twice_is_charged_once() -> None:
    lines = price(a_selection("SELF-1000", options=("OPT-SEO", "OPT-SEO")), catalogue())
    assert total([line.amount for line in lines]) == Money(10_800)


def test_insurance_is_computed_after_the_discount() -> None:
    lines = price(a_selection("PACK-BASIC", insurance_plan=1), catalogue(), discount_bp=2_000)
    assert [line.amount for line in lines] == [Money(19_920), Money(1_394)]
    assert insurance_base(lines) == Money(19_920)


def test_a_quoted_price_is_the_base_of_its_insurance() -> None:
    selection = a_selection("PACK-ULTIMATE", pages=25_001, options=("OPT-SEO",), insurance_plan=3)
    lines = price_by_quote(selection, catalogue(), offered=Money(249_050))
    assert [line.amount for line in lines] == [Money(249_050), Money(0), Money(62_263)]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pages": 1_001}, TooManyPages),
        ({"pages": 25_001}, QuoteNeeded),
        ({"sku": "PACK-ULTIMATE"}, QuoteNeeded),
        ({"sku": "PACK-ULTIMATE", "pages": 100_001}, QuoteNeeded),
        ({"sku": "PACK-PREMIUM", "pages": 25_001}, QuoteNeeded),
        ({"sku": "PACK-GOLD"}, UnknownChoice),
        ({"sku": ""}, UnknownChoice),
        ({"sku": "SELF-1000"}, UnknownChoice),
        ({"family": Family.ASSISTED, "sku": "ASSIST-BASIC", "pages": 100_001}, QuoteNeeded),
        ({"family": Family.SELF_SERVICE, "sku": "SELF-100000", "pages": 100_001}, QuoteNeeded),
        ({"options": ("OPT-GIFT",)}, UnknownChoice),
        ({"insurance_plan": 4}, UnknownChoice),
        ({"insurance_plan": 0}, UnknownChoice),
        ({"pages": 0}, PagesOutOfRange),
        ({"pages": -5}, PagesOutOfRange),
        ({"pages": 50_000_001}, PagesOutOfRange),
    ],
)
def test_what_is_not_on_the_list_is_refused_in_words(changes: dict[str, object], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        price(replace(a_selection(), **changes), catalogue())


def test_an_upgrade_on_the_same_platform_is_fine_and_an_unknown_platform_is_not() -> None:
    check_platforms(a_selection(target_platform="wordpress"), platforms())
    with pytest.raises(UnknownChoice):
        check_platforms(a_selection(target_platform="geocities"), platforms())
