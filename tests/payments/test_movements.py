"""What happens to money later, read from the provider in our own words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from migrator.money import Money
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.gateway import GatewayRefused, PaymentGateway, StripeGateway
from migrator.payments.movements import RefundCause, RefundRequest
from migrator.payments.refunds.lifecycle import RefundState
from tests.sandbox.stand_in import API_KEY, START, WEBHOOK_SECRET, StandIn

REFUNDED_LATER = "4000 0000 0000 7726"


@pytest.fixture
def gateway(stand_in: StandIn) -> PaymentGateway:
    return StripeGateway(API_KEY, WEBHOOK_SECRET, stand_in.url)


def a_payment(stand_in: StandIn, card: str = "4242 4242 4242 4242") -> str:
    session = stand_in.open_checkout()
    stand_in.pay(session.id, card)
    return str(stand_in.client.v1.checkout.sessions.retrieve(session.id).payment_intent)


def a_request(intent: str, minor_units: int = 4_900, key: str = "refund-1") -> RefundRequest:
    return RefundRequest(key, "17", "M-1001", intent, Money(minor_units), RefundCause.REQUESTED_BY_CUSTOMER)


def test_a_refund_repeats_our_number_and_names_its_card(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in)
    made = gateway.create_refund(a_request(intent))
    assert (made.state, made.amount, made.refund_id) == (RefundState.DONE, Money(4_900), "17")
    assert (made.payment_intent_id, made.card) == (intent, "Visa ending in 4242")
    assert made.created_at == START
    assert gateway.refund(made.id) == made
    assert gateway.refunds_of(intent) == (made,)
    assert list(gateway.refunds(created_from=START)) == [made]
    assert list(gateway.refunds(created_from=START + timedelta(seconds=1))) == []


def test_a_refund_asked_for_twice_with_one_key_is_made_once(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in)
    assert gateway.create_refund(a_request(intent)).id == gateway.create_refund(a_request(intent)).id
    assert len(gateway.refunds_of(intent)) == 1


def test_more_than_is_left_is_refused_and_moves_nothing(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in)
    with pytest.raises(GatewayRefused, match="No money has moved"):
        gateway.create_refund(a_request(intent, 26_644))
    assert gateway.refunds_of(intent) == ()


def test_every_state_of_a_refund_is_read(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in, REFUNDED_LATER)
    ids = [gateway.create_refund(a_request(intent, 100, key)).id for key in ("one", "two", "three", "four")]
    for refund_id, outcome in zip(ids, ("succeeded", "failed", "canceled"), strict=False):
        stand_in.control(f"refunds/{refund_id}/answer", outcome=outcome)
    read = [gateway.refund(refund_id) for refund_id in ids]
    assert [refund.state for refund in read] == [
        RefundState.DONE, RefundState.FAILED, RefundState.CANCELLED, RefundState.PENDING,
    ]  # fmt: skip
    assert [refund.failure for refund in read] == ["", "lost_or_stolen_card", "", ""]


def test_a_refund_of_the_dashboard_names_no_number_of_ours(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in)
    stand_in.client.v1.refunds.create({"payment_intent": intent, "amount": 500, "reason": "duplicate"})
    (made,) = gateway.refunds_of(intent)
    assert (made.refund_id, made.reason, made.amount) == (None, "duplicate", Money(500))


def test_a_dispute_is_read_with_its_fee_which_comes_back_when_it_is_won(
    gateway: PaymentGateway, stand_in: StandIn
) -> None:
    intent = a_payment(stand_in)
    dispute_id = stand_in.control("disputes", payment_intent=intent)["id"]
    opened = gateway.dispute(dispute_id)
    assert (opened.status, opened.amount, opened.fee) == (DisputeStatus.NEEDS_RESPONSE, Money(26_643), Money(1_500))
    assert (opened.payment_intent_id, opened.reason) == (intent, "fraudulent")
    assert opened.answer_by_at == START + timedelta(days=7)
    stand_in.control(f"disputes/{dispute_id}/close", outcome="won")
    (won,) = gateway.disputes_of(intent)
    assert (won.status, won.fee) == (DisputeStatus.WON, Money(0))
    assert [one.id for one in gateway.disputes(created_from=START)] == [dispute_id]


def test_a_charge_says_what_it_was(gateway: PaymentGateway, stand_in: StandIn) -> None:
    intent = a_payment(stand_in)
    charge = gateway.charge_of(intent)
    assert charge is not None
    assert gateway.charge(charge.id) == charge
    assert (charge.amount, charge.is_paid, charge.is_disputed) == (Money(26_643), True, False)
    assert (charge.customer_email, charge.metadata["order_number"]) == ("olena@example.com", "M-1001")


def test_the_balance_comes_page_by_page_with_what_is_behind_each_movement(
    gateway: PaymentGateway, stand_in: StandIn
) -> None:
    intent = a_payment(stand_in)
    for number in range(101):
        gateway.create_refund(a_request(intent, 100, f"refund-{number}"))
    movements = list(gateway.balance_transactions(created_from=START, created_until=START + timedelta(seconds=1)))
    assert len(movements) == 102
    assert {movement.reporting_category for movement in movements} == {"charge", "refund"}
    assert all(movement.net == movement.gross - movement.fee for movement in movements)
    assert {(movement.order_number, movement.payment_intent_id) for movement in movements} == {("M-1001", intent)}
    assert len({movement.charge_id for movement in movements}) == 1
    assert list(gateway.balance_transactions(created_until=START)) == []


def test_a_payout_is_read_with_its_movements(gateway: PaymentGateway, stand_in: StandIn) -> None:
    a_payment(stand_in)
    (payout_id,) = (stand_in.control("payouts", currency="usd")["id"],)
    (payout,) = gateway.payouts(created_from=START)
    assert gateway.payout(payout_id) == payout
    assert (payout.status, payout.arrival_on) == ("paid", START.date())
    movements = list(gateway.balance_transactions(payout_id=payout_id))
    assert sum(one.net.minor_units for one in movements if one.kind != "payout") == payout.amount.minor_units


@pytest.mark.parametrize("question", ["refund", "dispute", "charge", "payout"])
def test_what_the_provider_does_not_know_is_refused_with_its_code(gateway: PaymentGateway, question: str) -> None:
    with pytest.raises(GatewayRefused) as refused:
        getattr(gateway, question)("xx_nothing")
    assert refused.value.code == "resource_missing"
