"""Money is exact: whole smallest units, shares half-up, and refusals in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from migrator.money import (
    EXPONENTS,
    MalformedAmount,
    MixedCurrencies,
    Money,
    UnknownCurrency,
    allocate,
    parse_money,
    total,
)

minor_units = some.integers(min_value=0, max_value=10**14)
currencies = some.sampled_from(sorted(EXPONENTS))


@pytest.mark.parametrize(
    ("base", "rate_bp", "share"),
    [
        ("69.00", 700, "4.83"),
        ("69.00", 1200, "8.28"),
        ("69.00", 2500, "17.25"),
        ("35.00", 700, "2.45"),
        ("69.50", 700, "4.87"),  # 4.865: half-even and floats both give 4.86
        ("199.00", 700, "13.93"),
        ("1,249.99", 700, "87.50"),
        ("99.50", 2500, "24.88"),  # 24.875
        ("1,490.00", 1200, "178.80"),
        ("0.02", 2500, "0.01"),  # half a cent
        ("0.00", 2500, "0.00"),
    ],
)
def test_a_share_is_rounded_half_up_to_the_cent(base: str, rate_bp: int, share: str) -> None:
    assert parse_money(base).share(rate_bp) == parse_money(share)


@given(minor_units, some.integers(min_value=0, max_value=10_000))
def test_a_share_is_the_nearest_amount_and_the_upper_one_of_two(base: int, rate_bp: int) -> None:
    exact = Fraction(base * rate_bp, 10_000)
    share = Money(base).share(rate_bp).minor_units
    assert exact - Fraction(1, 2) < share <= exact + Fraction(1, 2)


@given(minor_units, currencies)
def test_what_is_shown_can_be_read_again(amount: int, currency: str) -> None:
    shown = Money(min(amount, 10**11), currency)
    assert parse_money(str(shown), currency) == shown


@given(some.lists(minor_units), currencies)
def test_a_total_is_the_sum_in_its_currency(amounts: list[int], currency: str) -> None:
    assert total([Money(amount, currency) for amount in amounts], currency) == Money(sum(amounts), currency)


@pytest.mark.parametrize("typed", ["", " ", "abc", "-5", "1e3", "1.234", "٣", "1.2.3", "0x10", "9" * 13, "NaN"])
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(MalformedAmount, match=r"such as 1490\.00"):
        parse_money(typed)


def test_yen_have_no_decimals() -> None:
    assert str(Money(1490, "JPY")) == "¥1,490"
    with pytest.raises(MalformedAmount):
        parse_money("1490.50", "JPY")


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(MixedCurrencies):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(MixedCurrencies):
        assert Money(1, "USD") < Money(1, "EUR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, "XYZ")


def test_a_debt_is_shown_with_a_minus() -> None:
    assert str(-Money(123456)) == "−$1,234.56"


def test_no_share_is_taken_of_a_debt() -> None:
    with pytest.raises(MalformedAmount):
        Money(-1).share(700)


weights = some.lists(some.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any)


@given(some.integers(min_value=-(10**12), max_value=10**12), weights, currencies)
def test_divided_money_adds_up_and_no_part_is_a_whole_unit_off(amount: int, shares: list[int], currency: str) -> None:
    parts = allocate(Money(amount, currency), shares)
    assert total(list(parts)) == Money(amount, currency)
    for part, weight in zip(parts, shares, strict=True):
        assert abs(part.minor_units - Fraction(amount * weight, sum(shares))) < 1


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1_500, [24_900, 1_743], [1_402, 98]),
        (1, [0, 5], [0, 1]),
        (-10, [1, 2], [-3, -7]),
    ],
)
def test_money_is_divided_by_largest_remainder(amount: int, shares: list[int], parts: list[int]) -> None:
    assert [part.minor_units for part in allocate(Money(amount), shares)] == parts


@pytest.mark.parametrize("shares", [[], [0, 0], [3, -1]])
def test_money_is_not_divided_by_nothing(shares: list[int]) -> None:
    with pytest.raises(MalformedAmount):
        allocate(Money(100), shares)
