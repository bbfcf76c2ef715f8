"""Price lists in other currencies, and tax as a line of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.catalogue.rules import LineKind, PricedLine, insurance_base, insurance_lines, price
from migrator.catalogue.tax_rules import taxed
from migrator.money import EXPONENTS, Money, total
from migrator.orders.rules import frozen_terms
from migrator.orders.supplement_rules import hours, overage
from migrator.payments.gateway import minimum_charge
from migrator.policy.loading import NoPriceList, catalogue, migration_desk, tax
from tests.factories.selections import a_selection

SKUS = ("SELF-500", "ASSIST-PREMIUM", "PACK-PREMIUM")


@pytest.mark.parametrize("currency", EXPONENTS)
def test_every_currency_has_a_list_of_everything_that_is_sold(currency: str) -> None:
    usual, sold = catalogue(), catalogue(currency=currency)
    assert sold.currency == currency
    assert [tier.sku for tier in sold.self_service.tiers] == [tier.sku for tier in usual.self_service.tiers]
    for tier in sold.self_service.tiers:
        assert minimum_charge(currency) < Money(tier.price, currency)
    assert {package.price is None for package in sold.packages} == {True, False}
    assert sold.insurance == usual.insurance


def test_a_currency_without_a_list_is_not_sold_in() -> None:
    with pytest.raises(NoPriceList, match="CHF"):
        catalogue(currency="CHF")


@pytest.mark.parametrize(
    ("sku", "plan", "premium"),
    [("SELF-500", 1, 725), ("SELF-500", 2, 1_242), ("SELF-500", 3, 2_588), ("PACK-BASIC", 3, 9_338)],
)
def test_premiums_in_yen_are_whole_and_rounded_half_up(sku: str, plan: int, premium: int) -> None:
    selection = a_selection(sku, pages=400, insurance_plan=plan, currency="JPY")
    insurance = price(selection, catalogue(currency="JPY"))[-1]
    assert insurance.amount == Money(premium, "JPY")
    assert str(insurance.amount) == f"¥{premium:,}"


def test_what_is_bought_later_costs_yen_too() -> None:
    sold = catalogue(currency="JPY")
    terms = frozen_terms(a_selection(currency="JPY"), catalogue=sold, desk=migration_desk())
    assert hours(terms, minutes=30, currency="JPY").amount == Money(3_375, "JPY")
    assert hours(terms, minutes=6, currency="JPY").amount == Money(675, "JPY")
    assert overage(terms, limit=1_000, measured=1_001, currency="JPY").amount == Money(3_750, "JPY")


@pytest.mark.parametrize(
    ("amounts", "rate_bp", "expected"),
    [
        ((24_900, 1_743), 1_900, 5_062),
        ((50,), 1_900, 10),  # 9.5 up
        ((25, 25), 1_900, 10),  # once for all lines, not 4.75 twice
        ((10_000,), 2_550, 2_550),
        ((1,), 1_900, 0),
    ],
)
def test_tax_is_rounded_half_up_once_for_all_lines(amounts: tuple[int, ...], rate_bp: int, expected: int) -> None:
    lines = tuple(PricedLine(LineKind.MIGRATION, "X", "X", Money(minor, "EUR")) for minor in amounts)
    tax_line = taxed(lines, rate_bp)[-1]
    assert (tax_line.kind, tax_line.amount) == (LineKind.TAX, Money(expected, "EUR"))
    assert (tax_line.base, tax_line.rate_bp) == (Money(sum(amounts), "EUR"), rate_bp)


def test_without_a_rate_no_line_is_added() -> None:
    lines = price(a_selection(), catalogue())
    assert taxed(lines, 0) == lines


@given(
    currency=st.sampled_from(sorted(EXPONENTS)),
    sku=st.sampled_from(SKUS),
    plan=st.sampled_from((None, 1, 2, 3)),
    rate_bp=st.integers(0, 3_000),
)
def test_tax_is_no_part_of_what_insurance_is_a_share_of(
    currency: str, sku: str, plan: int | None, rate_bp: int
) -> None:
    sold = catalogue(currency=currency)
    lines = price(a_selection(sku, pages=400, insurance_plan=plan, currency=currency), sold)
    with_tax = taxed(lines, rate_bp)
    assert insurance_base(with_tax) == insurance_base(lines)
    assert insurance_lines(with_tax, 3, sold) == insurance_lines(lines, 3, sold)
    assert total([line.amount for line in with_tax]) == total([line.amount for line in lines]) + (
        with_tax[-1].amount if rate_bp else Money(0, currency)
    )


def test_rates_are_shares_of_the_price() -> None:
    assert all(0 < rate < 5_000 for rate in tax().rates_bp.values())
