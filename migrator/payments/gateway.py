"""The way out to the payment provider: a small Protocol with values of our own, and Stripe behind it.

Here is how money is taken; what happens to it later is in `movements.py`, and Stripe's side of that in
`stripe_movements.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

import stripe
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from migrator.errors import DomainError
from migrator.money import Money
from migrator.payments.gateway_errors import GatewayRefused as GatewayRefused
from migrator.payments.gateway_errors import GatewayUnreachable as GatewayUnreachable
from migrator.payments.gateway_errors import translated_errors
from migrator.payments.movements import Movements
from migrator.payments.stripe_movements import StripeMovements

STRIPE_API = "https://api.stripe.com"
CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 20
NETWORK_RETRIES = 2

# Stripe's published smallest charges; it publishes none for UAH, where the worth of half a US dollar applies.
MINIMUM_CHARGES = {
    "USD": Money(50, "USD"),
    "EUR": Money(50, "EUR"),
    "GBP": Money(30, "GBP"),
    "JPY": Money(50, "JPY"),
    "UAH": Money(2500, "UAH"),
}
WITH_CHARGE = "payment_intent.latest_charge"


class BadSignature(DomainError):
    """The message does not prove that it comes from the payment provider."""


class LiveKeyElsewhere(DomainError):
    """A key that moves real money is about to be sent to a host that is not Stripe's."""


class CheckoutStatus(StrEnum):
    """Whether a checkout can still be paid."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class PaymentStatus(StrEnum):
    """Whether the money of a checkout has arrived."""

    PAID = "paid"
    UNPAID = "unpaid"
    NOT_REQUIRED = "no_payment_required"


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One order line as the customer sees it on the provider's page."""

    line_id: str
    plan: str
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """All that a payment attempt freezes: sent again with the same key, it must be the same to the letter.

    `expires_at` is aware, 30 minutes to 24 hours after the provider's present; all lines share one currency.
    `{CHECKOUT_SESSION_ID}` in `success_url` is replaced by the provider.
    """

    idempotency_key: str
    order_number: str
    order_id: str
    attempt_id: str
    customer_email: str
    lines: tuple[CheckoutLine, ...]
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A checkout as the provider knows it at this moment; instants are aware, in UTC.

    :ivar failure: why the last try to pay did not succeed, in the provider's words; empty where none failed
    """

    id: str
    url: str | None
    status: CheckoutStatus
    payment_status: PaymentStatus
    order_number: str | None
    customer_email: str | None
    metadata: Mapping[str, str]
    amount_total: Money
    payment_intent_id: str | None
    charge_id: str | None
    expires_at: datetime
    created_at: datetime
    livemode: bool
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A message whose signature was checked; only a trigger: fetch the object that it names before acting.

    `object_kind` is the provider's word, such as `checkout.session`; `metadata` and `payment_intent_id` are that
    object's.
    """

    id: str
    type: str
    created_at: datetime
    livemode: bool
    object_id: str
    object_kind: str
    metadata: Mapping[str, str]
    payload: str
    payment_intent_id: str | None = None


class PaymentGateway(Movements, Protocol):
    """What the business asks of a payment provider.

    Every call may raise `GatewayUnreachable` (try later) or `GatewayRefused` (do not), and none may be made
    inside a transaction.
    """

    @property
    def livemode(self) -> bool:
        """Whether real money moves."""
        ...

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSession:
        """This will open a hosted checkout, or return the one already opened with the same key."""
        ...

    def checkout(self, session_id: str) -> CheckoutSession:
        """This will return the checkout as the provider knows it now."""
        ...

    def expire_checkout(self, session_id: str) -> CheckoutSession:
        """This will close the checkout to payment; one that is complete or expired is returned as it is."""
        ...

    def verified_event(self, payload: bytes, signature: str) -> ProviderEvent:
        """This will read a message from the provider after checking its signature over the raw body.

        :raises BadSignature: when it is not signed with our secret in the last five minutes
        """
        ...


def minimum_charge(currency: str) -> Money:
    """This will return the smallest amount that the provider takes in `currency` (PAYMENTS rule 8)."""
    return MINIMUM_CHARGES[currency]


def is_live(api_key: str) -> bool:
    """This will tell whether a key moves real money."""
    return "_live_" in api_key


def refuse_live_key_elsewhere(api_key: str, api_base: str | None) -> None:
    """This will refuse a live key together with any address that is not Stripe's own.

    :raises LiveKeyElsewhere: so that real money never meets the stand-in
    """
    if is_live(api_key) and (api_base or STRIPE_API).rstrip("/") != STRIPE_API:
        raise LiveKeyElsewhere("A live Stripe key works with Stripe's own address only. Use a test key here.")


class StripeGateway(StripeMovements):
    """Stripe, or its stand-in at `api_base`."""

    def __init__(self, api_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        refuse_live_key_elsewhere(api_key, api_base)
        self.livemode = is_live(api_key)
        self._webhook_secret = webhook_secret
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": (api_base or STRIPE_API).rstrip("/")},
            max_network_retries=NETWORK_RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)),
        )

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSession:
        """This will open a hosted checkout, or return the one already opened with the same key."""
        with translated_errors():
            session = self._client.v1.checkout.sessions.create(
                _parameters(request), {"idempotency_key": request.idempotency_key}
            )
        return _checkout_session(session.to_dict())

    def checkout(self, session_id: str) -> CheckoutSession:
        """This will return the checkout as Stripe knows it now, with its charge."""
        with translated_errors():
            session = self._client.v1.checkout.sessions.retrieve(session_id, {"expand": [WITH_CHARGE]})
        return _checkout_session(session.to_dict())

    def expire_checkout(self, session_id: str) -> CheckoutSession:
        """This will close the checkout to payment; one that is complete or expired is returned as it is."""
        try:
            with translated_errors():
                session = self._client.v1.checkout.sessions.expire(session_id, {"expand": [WITH_CHARGE]})
        except GatewayRefused:
            current = self.checkout(session_id)
            if current.status is CheckoutStatus.OPEN:
                raise
            return current
        return _checkout_session(session.to_dict())

    def verified_event(self, payload: bytes, signature: str) -> ProviderEvent:
        """This will read a message from Stripe after checking its signature over the raw body.

        :raises BadSignature: when it is not signed with our secret in the last five minutes
        """
        try:
            stripe.WebhookSignature.verify_header(
                payload, signature, self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
            return _provider_event(json.loads(payload), payload.decode())
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
            raise BadSignature("This message is not signed by the payment provider.") from error


def _parameters(request: CheckoutRequest) -> SessionCreateParams:
    metadata = _metadata(request)
    return {
        "mode": "payment",
        # What is paid by other means may arrive days later or not at all.
        "allowed_payment_method_types": ["card"],
        "client_reference_id": request.order_number,
        "customer_email": request.customer_email,
        "line_items": [_line_item(line) for line in request.lines],
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "adaptive_pricing": {"enabled": False},
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }


def _metadata(request: CheckoutRequest) -> dict[str, str]:
    # One key for each line: Stripe takes 40 characters in a key and 500 in a value, so that neither grows with ids.
    return {
        "order_number": request.order_number,
        "order_id": request.order_id,
        "attempt_id": request.attempt_id,
        **{f"line_{place}": f"{line.line_id}:{line.plan}" for place, line in enumerate(request.lines, start=1)},
    }


def _line_item(line: CheckoutLine) -> SessionCreateParamsLineItem:
    metadata = {"line_id": line.line_id, "plan": line.plan}
    return {
        "quantity": 1,
        "price_data": {
            "currency": line.amount.currency.lower(),
            "unit_amount": line.amount.minor_units,
            "product_data": {"name": line.name, "metadata": metadata},
        },
        "metadata": metadata,
    }


def _checkout_session(raw: dict[str, Any]) -> CheckoutSession:
    intent_id, charge_id = _paid_by(raw["payment_intent"])
    return CheckoutSession(
        id=raw["id"],
        url=raw["url"],
        status=CheckoutStatus(raw["status"]),
        payment_status=PaymentStatus(raw["payment_status"]),
        order_number=raw["client_reference_id"],
        customer_email=raw["customer_email"],
        metadata=raw["metadata"],
        amount_total=Money(raw["amount_total"], raw["currency"].upper()),
        payment_intent_id=intent_id,
        charge_id=charge_id,
        expires_at=_instant(raw["expires_at"]),
        created_at=_instant(raw["created"]),
        livemode=raw["livemode"],
        failure=_failure(raw["payment_intent"]),
    )


def _failure(intent: str | dict[str, Any] | None) -> str:
    error = intent.get("last_payment_error") if isinstance(intent, dict) else None
    return (error.get("message") or "The payment did not go through.") if error else ""


def _paid_by(intent: str | dict[str, Any] | None) -> tuple[str | None, str | None]:
    if not isinstance(intent, dict):
        return intent, None
    charge = intent["latest_charge"]
    succeeded = isinstance(charge, dict) and charge["status"] == "succeeded"
    return intent["id"], charge["id"] if succeeded else None


def _provider_event(raw: dict[str, Any], payload: str) -> ProviderEvent:
    subject = raw["data"]["object"]
    return ProviderEvent(
        id=raw["id"],
        type=raw["type"],
        created_at=_instant(raw["created"]),
        livemode=raw["livemode"],
        object_id=subject.get("id", ""),
        object_kind=subject["object"],
        metadata=subject.get("metadata") or {},
        payload=payload,
        payment_intent_id=subject.get("payment_intent"),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
