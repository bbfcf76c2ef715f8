"""What more costs, which larger products there are, and what an order cannot take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from migrator.catalogue.rules import LineKind, Selection, price
from migrator.money import Money
from migrator.orders import supplement_rules as rules
from migrator.orders.lifecycle import OrderState, SupplementKind, SupplementState
from migrator.orders.rules import Offer, frozen_terms
from migrator.orders.supplement_rules import NothingToAdd, OfferEnded, OutOfRange
from migrator.orders.terms import Terms
from migrator.orders.upgrade_rules import Upgrade, upgrades
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Family
from tests.factories.fulfilment import FAMILIES

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def chosen(sku: str, pages: int, plan: int | None = None) -> Selection:
    return Selection(FAMILIES[sku.split("-")[0]], sku, pages, "wordpress", "joomla", (), plan)


def terms_of(sku: str, pages: int = 800, plan: int | None = None) -> Terms:
    return frozen_terms(chosen(sku, pages, plan), catalogue=catalogue(), desk=migration_desk())


def larger(terms: Terms) -> tuple[Upgrade, ...]:
    return upgrades(terms, catalogue=catalogue(), desk=migration_desk())


@pytest.mark.parametrize(
    ("measured", "pages", "cents"),
    [(1_001, 500, 2_500), (1_500, 500, 2_500), (1_501, 1_000, 5_000), (1_214, 500, 2_500), (4_000, 3_000, 15_000)],
)
def test_pages_beyond_the_limit_are_charged_for_each_started_step(measured: int, pages: int, cents: int) -> None:
    proposal = rules.overage(terms_of("PACK-BASIC"), limit=1_000, measured=measured, currency="USD")
    assert (proposal.details, proposal.amount) == ({"pages": pages}, Money(cents))


def test_pages_within_the_limit_cost_nothing_and_are_not_sold() -> None:
    with pytest.raises(NothingToAdd, match="limit is 1,000"):
        rules.overage(terms_of("PACK-BASIC"), limit=1_000, measured=1_000, currency="USD")


@pytest.mark.parametrize(("minutes", "cents"), [(6, 450), (60, 4_500), (66, 4_950), (150, 11_250), (12_000, 900_000)])
def test_hours_cost_their_tenths(minutes: int, cents: int) -> None:
    proposal = rules.hours(terms_of("PACK-BASIC"), minutes=minutes, currency="USD")
    assert proposal.amount == Money(cents)


@pytest.mark.parametrize(
    ("hour_minor", "cents"), [(4_500, 450), (4_444, 444), (4_445, 445), (4_446, 445), (4_455, 446)]
)
def test_a_tenth_of_an_hour_is_rounded_half_up(hour_minor: int, cents: int) -> None:
    terms = replace(terms_of("PACK-BASIC"), support_hour_minor=hour_minor)
    assert rules.hours_price(terms, 6, "USD") == Money(cents)


@pytest.mark.parametrize("minutes", [0, -6, 5, 7, 12_006])
def test_hours_are_sold_in_tenths_within_reason(minutes: int) -> None:
    with pytest.raises(OutOfRange, match=r"steps of 0\.1"):
        rules.hours(terms_of("PACK-BASIC"), minutes=minutes, currency="USD")


@pytest.mark.parametrize(
    ("sku", "pages", "expected"),
    [
        ("PACK-BASIC", 800, [("PACK-EXTENDED", 5_000, 35_000), ("PACK-PREMIUM", 25_000, 124_100)]),
        ("PACK-EXTENDED", 800, [("PACK-PREMIUM", 25_000, 89_100)]),
        ("SELF-25000", 9_000, [("SELF-100000", 100_000, 80_000)]),
        (
            "ASSIST-STANDARD",
            4_000,
            [
                ("ASSIST-PREMIUM", 5_000, 6_000),
                ("ASSIST-STANDARD", 25_000, 45_000),
                ("ASSIST-STANDARD", 100_000, 125_000),
            ],
        ),
    ],
)
def test_larger_products_cost_the_listed_difference(sku: str, pages: int, expected: list[tuple[str, int, int]]) -> None:
    found = larger(terms_of(sku, pages))
    assert [(one.terms.sku, one.terms.page_limit, one.proposal.amount.minor_units) for one in found] == expected


def test_an_upgrade_insures_its_difference_as_a_line_of_its_own() -> None:
    (extended, _premium) = larger(terms_of("PACK-BASIC", plan=1))
    difference, premium = extended.lines
    assert (difference.kind, difference.amount) == (LineKind.UPGRADE, Money(35_000))
    assert (premium.kind, premium.base, premium.rate_bp) == (LineKind.INSURANCE, Money(35_000), 700)
    assert premium.amount == Money(2_450)
    assert extended.terms.insurance == terms_of("PACK-BASIC", plan=1).insurance
    assert extended.title == "Package Extended instead of Basic"


def test_who_bought_with_a_discount_buys_more_with_it_too() -> None:
    terms = replace(terms_of("PACK-BASIC", plan=1), discount_bp=2_000)
    difference, premium = larger(terms)[0].lines
    assert (difference.listed, difference.amount, premium.amount) == (Money(35_000), Money(28_000), Money(1_960))
    assert rules.hours(terms, minutes=6, currency="USD").amount == Money(360)
    assert rules.overage(terms, limit=1_000, measured=1_001, currency="USD").amount == Money(2_000)


def test_a_larger_assisted_fee_is_not_insured() -> None:
    standard = next(one for one in larger(terms_of("ASSIST-BASIC", plan=3)) if one.terms.sku == "ASSIST-STANDARD")
    assert [(line.kind, line.amount) for line in standard.lines] == [(LineKind.ASSISTED_FEE, Money(4_000))]


def test_the_largest_and_the_agreed_products_have_no_larger_one_on_the_list() -> None:
    with pytest.raises(NothingToAdd, match="no larger product"):
        larger(terms_of("PACK-PREMIUM"))
    offer = Offer(Money(900_000), 120_000, NOW, NOW)
    agreed = frozen_terms(chosen("PACK-BASIC", 800), catalogue=catalogue(), desk=migration_desk(), offer=offer)
    with pytest.raises(NothingToAdd, match="agreed in writing"):
        larger(agreed)


def test_insurance_bought_later_is_a_share_of_the_migration_as_it_is_now() -> None:
    terms = terms_of("SELF-500", 430)
    sold = (*price(chosen("SELF-500", 430), catalogue()), larger(terms)[0].lines[0])
    proposal = rules.insurance(terms, sold=sold, number=1, catalogue=catalogue())
    (line,) = proposal.lines
    assert (line.base, line.amount) == (Money(9_900), Money(693))
    with pytest.raises(NothingToAdd, match="insurance already"):
        rules.insurance(terms_of("SELF-500", 430, plan=1), sold=sold, number=1, catalogue=catalogue())


@pytest.mark.parametrize(
    ("kind", "state", "has_run", "is_possible"),
    [
        (SupplementKind.UPGRADE, OrderState.IN_PROGRESS, False, True),
        (SupplementKind.UPGRADE, OrderState.MIGRATING, True, False),
        (SupplementKind.INSURANCE, OrderState.PREVIEW_READY, False, True),
        (SupplementKind.INSURANCE, OrderState.IN_REVIEW, True, False),
        (SupplementKind.OVERAGE, OrderState.COMPLETED, True, False),
        (SupplementKind.HOURS, OrderState.IN_REVIEW, True, True),
        (SupplementKind.CHANGE, OrderState.COMPLETED, True, True),
        (SupplementKind.HOURS, OrderState.AWAITING_PAYMENT, False, False),
        (SupplementKind.CHANGE, OrderState.CANCELLED, False, False),
    ],
)
def test_what_belongs_before_the_full_migration_is_not_sold_after_its_start(
    kind: SupplementKind, state: OrderState, has_run: bool, is_possible: bool
) -> None:
    if is_possible:
        rules.refuse_unless_possible(kind, state, has_run=has_run)
        return
    with pytest.raises(NothingToAdd):
        rules.refuse_unless_possible(kind, state, has_run=has_run)


def test_an_offer_ends_with_its_last_day_whoever_wrote_it_down() -> None:
    rules.refuse_unless_open(SupplementState.OFFERED, NOW, now=datetime(2026, 11, 24, 8, 59, 59, tzinfo=UTC))
    for state, at in ((SupplementState.OFFERED, NOW), (SupplementState.EXPIRED, NOW)):
        with pytest.raises(OfferEnded, match="expired"):
            rules.refuse_unless_open(state, NOW, now=at)


def test_every_family_has_its_title() -> None:
    titles = {larger(terms_of(sku))[0].title for sku in ("PACK-BASIC", "ASSIST-BASIC", "SELF-1000")}
    assert titles == {
        "Package Extended instead of Basic",
        "Assisted Standard instead of Basic",
        "Up to 5,000 pages instead of 1,000",
    }
    assert {terms_of(sku).family for sku in ("PACK-BASIC", "ASSIST-BASIC", "SELF-1000")} == set(Family)
