"""The gateway speaks to the provider in our own words."""

import json
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
import stripe

from migrator.money import EXPONENTS, Money
from migrator.payments.gateway import (
    BadSignature,
    CheckoutLine,
    CheckoutRequest,
    CheckoutStatus,
    GatewayRefused,
    GatewayUnreachable,
    LiveKeyElsewhere,
    PaymentGateway,
    PaymentStatus,
    StripeGateway,
    minimum_charge,
    refuse_live_key_elsewhere,
)
from tests.sandbox.stand_in import API_KEY, DECLINES, START, WEBHOOK_SECRET, StandIn


@pytest.fixture
def gateway(stand_in: StandIn) -> PaymentGateway:
    return StripeGateway(API_KEY, WEBHOOK_SECRET, stand_in.url)


REQUEST = CheckoutRequest(
    idempotency_key="attempt-1",
    order_number="M-1001",
    order_id="17",
    attempt_id="3",
    customer_email="olena@example.com",
    lines=(
        CheckoutLine("41", "standard", "Standard migration", Money(24_900)),
        CheckoutLine("42", "insurance_14", "Insurance, 14 working days", Money(1_743)),
    ),
    success_url="http://127.0.0.1:9/paid?session={CHECKOUT_SESSION_ID}",
    cancel_url="http://127.0.0.1:9/cancelled",
    expires_at=START + timedelta(hours=1),
)


def test_a_checkout_opens_with_what_the_attempt_froze(gateway: PaymentGateway, stand_in: StandIn) -> None:
    session = gateway.create_checkout(REQUEST)
    assert session.url == f"{stand_in.url}/c/pay/{session.id}"
    assert (session.status, session.payment_status) == (CheckoutStatus.OPEN, PaymentStatus.UNPAID)
    assert session.amount_total == Money(26_643)
    assert (session.order_number, session.customer_email) == ("M-1001", "olena@example.com")
    assert (session.created_at, session.expires_at) == (START, START + timedelta(hours=1))
    assert session.expires_at.tzinfo is UTC
    assert session.metadata == {
        "order_number": "M-1001",
        "order_id": "17",
        "attempt_id": "3",
        "line_1": "41:standard",
        "line_2": "42:insurance_14",
    }
    assert (session.payment_intent_id, session.charge_id, session.livemode) == (None, None, False)


def test_opening_twice_with_one_key_opens_once(gateway: PaymentGateway) -> None:
    assert gateway.create_checkout(REQUEST).id == gateway.create_checkout(REQUEST).id


def test_a_moved_parameter_under_the_same_key_is_refused(gateway: PaymentGateway) -> None:
    gateway.create_checkout(REQUEST)
    with pytest.raises(GatewayRefused) as refused:
        gateway.create_checkout(replace(REQUEST, expires_at=REQUEST.expires_at + timedelta(seconds=1)))
    assert refused.value.code == "IdempotencyError"


def test_a_paid_checkout_names_its_charge(gateway: PaymentGateway, stand_in: StandIn) -> None:
    session_id = gateway.create_checkout(REQUEST).id
    stand_in.pay(session_id)
    paid = gateway.checkout(session_id)
    assert (paid.status, paid.payment_status) == (CheckoutStatus.COMPLETE, PaymentStatus.PAID)
    assert paid.charge_id
    charge = stand_in.client.v1.charges.retrieve(paid.charge_id)
    assert charge.payment_intent == paid.payment_intent_id
    assert charge.metadata.to_dict() == paid.metadata


def test_a_declined_charge_is_no_charge(gateway: PaymentGateway, stand_in: StandIn) -> None:
    session_id = gateway.create_checkout(REQUEST).id
    stand_in.pay(session_id, DECLINES)
    declined = gateway.checkout(session_id)
    assert declined.payment_intent_id
    assert declined.charge_id is None
    assert declined.payment_status is PaymentStatus.UNPAID


def test_expiring_is_final_and_may_be_repeated(gateway: PaymentGateway) -> None:
    session_id = gateway.create_checkout(REQUEST).id
    assert gateway.expire_checkout(session_id).status is CheckoutStatus.EXPIRED
    again = gateway.expire_checkout(session_id)
    assert (again.status, again.url) == (CheckoutStatus.EXPIRED, None)


def test_expiring_what_is_paid_returns_it_paid(gateway: PaymentGateway, stand_in: StandIn) -> None:
    session_id = gateway.create_checkout(REQUEST).id
    stand_in.pay(session_id)
    paid = gateway.expire_checkout(session_id)
    assert paid.payment_status is PaymentStatus.PAID
    assert paid.charge_id


def test_an_unknown_checkout_is_refused_with_the_providers_code(gateway: PaymentGateway) -> None:
    for question in (gateway.checkout, gateway.expire_checkout):
        with pytest.raises(GatewayRefused) as refused:
            question("cs_test_nothing")
        assert refused.value.code == "resource_missing"
        assert "Nothing was charged" in str(refused.value)


def test_a_provider_that_does_not_answer_is_unreachable(stand_in: StandIn) -> None:
    gateway = StripeGateway(API_KEY, WEBHOOK_SECRET, stand_in.url)
    stand_in.end()
    with pytest.raises(GatewayUnreachable):
        gateway.checkout("cs_test_nothing")


def test_a_wrong_key_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(GatewayRefused):
        StripeGateway("sk_test_other", WEBHOOK_SECRET, stand_in.url).checkout("cs_test_nothing")


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_the_smallest_charge_is_the_providers(gateway: PaymentGateway, currency: str) -> None:
    smallest = minimum_charge(currency)
    below = smallest - Money(1, currency)
    assert gateway.create_checkout(_of(smallest)).amount_total == smallest
    with pytest.raises(GatewayRefused) as refused:
        gateway.create_checkout(_of(below))
    assert refused.value.code == "amount_too_small"


def test_a_signed_message_is_read(gateway: PaymentGateway, stand_in: StandIn) -> None:
    session_id = gateway.create_checkout(REQUEST).id
    stand_in.pay(session_id)
    raw = stand_in.client.v1.events.list({"type": "checkout.session.completed"}).data[0]
    payload = json.dumps(raw.to_dict())
    event = gateway.verified_event(payload.encode(), signature(payload))
    assert (event.id, event.type, event.object_kind) == (raw.id, "checkout.session.completed", "checkout.session")
    assert (event.object_id, event.metadata["attempt_id"]) == (session_id, "3")
    assert (event.created_at, event.livemode, event.payload) == (START, False, payload)


@pytest.mark.parametrize("header", ["", "nonsense", "t=1,v1=00", "t=abc,v1=00", "v1=00"])
def test_an_unsigned_message_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        offline_gateway().verified_event(b'{"object": "event"}', header)


def test_a_changed_message_is_refused() -> None:
    with pytest.raises(BadSignature):
        offline_gateway().verified_event(b'{"id": "evt_2"}', signature('{"id": "evt_1"}'))


def test_an_old_message_is_refused() -> None:
    old = stripe.WebhookSignature.generate_signature_header("{}", WEBHOOK_SECRET, timestamp=1_700_000_000)
    with pytest.raises(BadSignature):
        offline_gateway().verified_event(b"{}", old)


@pytest.mark.parametrize("payload", ["not json", "[]", "{}", '{"object": "v2.core.event"}'])
def test_a_signed_message_that_is_no_event_is_refused(payload: str) -> None:
    with pytest.raises(BadSignature):
        offline_gateway().verified_event(payload.encode(), signature(payload))


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadSignature):
        offline_gateway().verified_event(b"\xff\xfe", "t=1,v1=00")


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "sk_org_live_1"])
def test_a_live_key_goes_to_stripe_alone(key: str) -> None:
    refuse_live_key_elsewhere(key, None)
    refuse_live_key_elsewhere(key, "https://api.stripe.com/")
    for elsewhere in ("http://127.0.0.1:8001", "http://api.stripe.com", "https://api.stripe.com.example"):
        with pytest.raises(LiveKeyElsewhere):
            StripeGateway(key, WEBHOOK_SECRET, elsewhere)


def _of(amount: Money) -> CheckoutRequest:
    key = f"{amount.currency} {amount.minor_units}"
    return replace(REQUEST, idempotency_key=key, lines=(CheckoutLine("41", "standard", "Migration", amount),))


def offline_gateway() -> StripeGateway:
    return StripeGateway(API_KEY, WEBHOOK_SECRET)


def signature(payload: str) -> str:
    return stripe.WebhookSignature.generate_signature_header(payload, WEBHOOK_SECRET)
