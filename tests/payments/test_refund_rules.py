"""What may go back, what is proposed with which reason, and when a second person is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from migrator.catalogue.rules import LineKind
from migrator.money import Money, total
from migrator.payments.disputes import lifecycle as disputes
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.refunds import lifecycle as refunds
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.rules import (
    LineStanding,
    NothingToRefund,
    NotTheSecondPerson,
    PaymentStanding,
    RefundFacts,
    RefundReasonMissing,
    RefundsWait,
    RefundTooLarge,
    SuggestionCode,
    amount_to_refund,
    disputed_by_line,
    needs_second_person,
    reason_for_refund,
    refuse_same_person,
    suggestion,
)

NOTHING = Money(0)
FRESH = RefundFacts(has_started=False, joined_later=False)
MIGRATION = LineStanding(1, LineKind.MIGRATION, "Package Basic", Money(24_900), NOTHING, NOTHING)
INSURANCE = LineStanding(2, LineKind.INSURANCE, "Insurance", Money(1_743), NOTHING, NOTHING)
PAID = PaymentStanding(
    payment_id=1,
    fits=True,
    captured=Money(26_643),
    refunded=NOTHING,
    disputed=NOTHING,
    is_held=False,
    is_unallocated=False,
    lines=(MIGRATION, INSURANCE),
)


@pytest.mark.parametrize(
    ("standing", "facts", "code", "whole"),
    [
        (PAID, FRESH, SuggestionCode.NOT_STARTED, 26_643),
        (PAID, RefundFacts(has_started=True, joined_later=False), SuggestionCode.STARTED, 0),
        (PAID, RefundFacts(has_started=False, joined_later=True), SuggestionCode.BEFORE_APPROVAL, 0),
        (PAID, RefundFacts(has_started=True, joined_later=True), SuggestionCode.BEFORE_APPROVAL, 0),
        (replace(PAID, is_held=True), FRESH, SuggestionCode.DISPUTED, 0),
        (replace(PAID, is_unallocated=True), FRESH, SuggestionCode.UNALLOCATED, 0),
        (replace(PAID, refunded=Money(26_643)), FRESH, SuggestionCode.NOTHING_LEFT, 0),
        (
            replace(PAID, fits=False, lines=()),
            RefundFacts(has_started=True, joined_later=True),
            SuggestionCode.DOES_NOT_FIT,
            26_643,
        ),
    ],
)
def test_what_is_proposed_and_why(
    standing: PaymentStanding, facts: RefundFacts, code: SuggestionCode, whole: int
) -> None:
    proposed = suggestion(standing, facts)
    assert (proposed.code, proposed.whole) == (code, Money(whole))
    assert proposed.words


def test_bought_before_approval_is_said_in_these_words() -> None:
    facts = RefundFacts(has_started=False, joined_later=True)
    assert "Not refundable: bought before approval" in suggestion(PAID, facts).words


def test_what_went_back_already_is_not_proposed_again() -> None:
    part = replace(MIGRATION, refunded=Money(4_900))
    proposed = suggestion(replace(PAID, refunded=Money(4_900), lines=(part, INSURANCE)), FRESH)
    assert dict(proposed.amounts) == {1: Money(20_000), 2: Money(1_743)}


@pytest.mark.parametrize(
    ("standing", "amounts", "refusal"),
    [
        (PAID, {1: Money(24_901)}, RefundTooLarge),
        (PAID, {3: Money(1)}, RefundTooLarge),
        (PAID, {1: Money(-1), 2: Money(2)}, RefundTooLarge),
        (PAID, {}, NothingToRefund),
        (PAID, {1: NOTHING}, NothingToRefund),
        (replace(PAID, is_held=True), {1: Money(1)}, RefundsWait),
        (replace(PAID, refunded=Money(20_000)), {1: Money(10_000)}, RefundTooLarge),
        (replace(PAID, disputed=Money(26_643)), {1: Money(1)}, RefundTooLarge),
    ],
)
def test_what_cannot_go_back_is_refused(
    standing: PaymentStanding, amounts: dict[int, Money], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        amount_to_refund(standing, amounts, None)


def test_money_without_an_order_goes_back_as_a_whole_or_in_part() -> None:
    unfit = replace(PAID, fits=False, lines=())
    assert amount_to_refund(unfit, {}, Money(26_643)) == Money(26_643)
    with pytest.raises(RefundTooLarge):
        amount_to_refund(unfit, {}, Money(26_644))


left_of_lines = some.lists(some.integers(min_value=0, max_value=10**7), min_size=1, max_size=8)


@given(left_of_lines, some.data())
def test_what_the_bank_holds_is_never_more_than_a_line_has_left(left: list[int], data: some.DataObject) -> None:
    disputed = data.draw(some.integers(min_value=0, max_value=sum(left)))
    shares = disputed_by_line(Money(disputed), [Money(each) for each in left])
    assert total(list(shares)) == Money(disputed)
    for share, each in zip(shares, left, strict=True):
        assert 0 <= share.minor_units <= each


@pytest.mark.parametrize(
    ("amount", "alone", "limit", "needs_two"),
    [
        (50_000, 0, 50_000, False),
        (50_001, 0, 50_000, True),
        (100, 50_000, 50_000, True),
        (100, 49_900, 50_000, False),
        (1, 0, None, True),
    ],
)
def test_two_people_decide_above_the_limit_however_it_is_cut(
    amount: int, alone: int, limit: int | None, needs_two: bool
) -> None:
    bound = None if limit is None else Money(limit)
    assert needs_second_person(Money(amount), given_alone=Money(alone), limit=bound) is needs_two


def test_nobody_approves_what_they_asked_for() -> None:
    refuse_same_person(1, 2)
    with pytest.raises(NotTheSecondPerson):
        refuse_same_person(1, 1)


def test_a_refund_without_a_reason_is_refused() -> None:
    assert reason_for_refund("  moved away ") == "moved away"
    with pytest.raises(RefundReasonMissing):
        reason_for_refund(" \n")


@given(some.lists(some.sampled_from(sorted(RefundState)), max_size=6))
def test_the_life_of_a_refund_only_goes_forward(told: list[RefundState]) -> None:
    standing, seen = RefundState.REQUESTED, [RefundState.REQUESTED]
    for word in told:
        if refunds.is_news(standing, word):
            standing = word
            seen.append(word)
    assert len(set(seen)) == len(seen)
    ended_badly = {RefundState.FAILED, RefundState.CANCELLED}
    assert all(word not in ended_badly for word in seen[:-1])


@pytest.mark.parametrize(
    ("standing", "told", "is_news"),
    [
        (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.WON, True),
        (DisputeStatus.WON, DisputeStatus.NEEDS_RESPONSE, False),
        (DisputeStatus.LOST, DisputeStatus.UNDER_REVIEW, False),
        (DisputeStatus.WARNING_CLOSED, DisputeStatus.NEEDS_RESPONSE, True),
        (DisputeStatus.WARNING_CLOSED, DisputeStatus.WARNING_UNDER_REVIEW, False),
        (DisputeStatus.UNDER_REVIEW, DisputeStatus.UNDER_REVIEW, False),
    ],
)
def test_a_decided_dispute_stays_decided(standing: DisputeStatus, told: DisputeStatus, is_news: bool) -> None:
    assert disputes.is_news(standing, told) is is_news
