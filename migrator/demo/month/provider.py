"""The payment sandbox as a customer, a bank and fate meet it: over HTTP, the same doors that the product knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from migrator.errors import DomainError

CARD = {"number": "4242 4242 4242 4242", "expiry": "09 / 39", "security_code": "123"}
PATIENCE_SECONDS = 600
# Those that README asks of an endpoint at Stripe.
HEARD = (
    "checkout.session.completed,checkout.session.expired,payment_intent.payment_failed,charge.refunded,refund.created,"
    "refund.updated,refund.failed,charge.dispute.created,charge.dispute.updated,charge.dispute.closed,"
    "charge.dispute.funds_withdrawn,charge.dispute.funds_reinstated,payout.reconciliation_completed"
)
EVERYTHING = "*"


class NotAsAsked(DomainError):
    """The sandbox did not do what the played month needs."""


class Provider:
    """One running sandbox."""

    def __init__(self, address: str, key: str) -> None:
        self._host = urlsplit(address).netloc
        self._key = key

    def pay(self, checkout_id: str, *, name: str) -> None:
        """This will type a card on the hosted page and press the button."""
        status, _body = self._ask("POST", f"/c/pay/{checkout_id}", CARD | {"name": name})
        if status != HTTPStatus.SEE_OTHER:
            raise NotAsAsked(f"The test card was not taken: the page answered {status}.")

    def refund_by_hand(self, payment_intent_id: str, amount: int) -> dict[str, Any]:
        """This will give money back at the provider's own dashboard, with no word of ours in it."""
        return self._json("POST", "/v1/refunds", {"payment_intent": payment_intent_id, "amount": str(amount)})

    def dispute(self, payment_intent_id: str) -> dict[str, Any]:
        """This will let the cardholder dispute a payment."""
        return self.lever("disputes", payment_intent=payment_intent_id)

    def let_refund_fail(self, refund_id: str) -> None:
        """This will let the bank send a refund back."""
        self.lever(f"refunds/{refund_id}/fail")

    def pay_out(self, currency: str, *, short_by: int = 0) -> dict[str, Any] | None:
        """This will pay out the balance, or return none where there is nothing to pay out."""
        given = {"currency": currency, "short_by": str(short_by)}
        status, body = self._ask("POST", "/_sandbox/payouts", given)
        return json.loads(body) if status == HTTPStatus.OK else None

    def lever(self, path: str, **given: str) -> dict[str, Any]:
        """This will pull one of the sandbox's levers and return what it answers."""
        return self._json("POST", f"/_sandbox/{path}", given)

    def charge_of(self, payment_intent_id: str) -> dict[str, Any]:
        """This will return the charge of a payment."""
        intent = self._json("GET", f"/v1/payment_intents/{payment_intent_id}", {})
        return self._json("GET", f"/v1/charges/{intent['latest_charge']}", {})

    def movement_of(self, source: Mapping[str, Any]) -> str:
        """This will return the id of the movement that a charge, refund or dispute made of the balance."""
        taken = source.get("balance_transactions")
        return str(taken[0]["id"] if taken else source["balance_transaction"])

    def deliver(self) -> None:
        """This will bring what waits to the product's door, and return when each was tried once."""
        self.lever("deliver")

    @contextmanager
    def losing_events(self) -> Iterator[None]:
        """This will lose the events of what happens meanwhile."""
        self.lever("deliveries", mode="drop")
        try:
            yield
        finally:
            self.lever("deliveries", mode="hold")

    @contextmanager
    def holding_events(self) -> Iterator[None]:
        """This will keep the events that the product wants until they are asked for, instead of at any moment."""
        self.lever("deliveries", mode="hold", kinds=HEARD)
        try:
            yield
        finally:
            self.lever("deliveries", mode="normal", kinds=EVERYTHING)

    def _json(self, method: str, path: str, given: Mapping[str, str]) -> dict[str, Any]:
        status, body = self._ask(method, path, given)
        if status != HTTPStatus.OK:
            raise NotAsAsked(f"The sandbox answered {status} to {path}: {body.decode(errors='replace')[:200]}")
        found: dict[str, Any] = json.loads(body)
        return found

    def _ask(self, method: str, path: str, given: Mapping[str, str]) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, timeout=PATIENCE_SECONDS)
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            connection.request(method, path, urlencode(given) if given else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
