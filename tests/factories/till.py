"""The till: an order to pay, the customer who presses, the card that pays, and the provider's messages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import stripe
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from migrator.access.models import AccessItem
from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from migrator.jobs.payments import sweep_payments
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from migrator.payments.gateway import PaymentGateway
from migrator.payments.models import Payment, PaymentAttempt, PaymentException
from migrator.wiring import EXTENSION
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.stages import an_unpaid_order
from tests.sandbox.stand_in import PAYS, WEBHOOK_SECRET, StandIn


@dataclass(frozen=True, slots=True)
class Books:
    """What an order came to: everything that must be the same whatever happened on the way."""

    state: str
    attempts: tuple[str, ...]
    payments: tuple[tuple[int, str], ...]
    exceptions: tuple[str, ...]
    letters: tuple[str, ...]
    deeds: tuple[str, ...]
    has_manager: bool
    has_items: bool


PAID_ONCE = Books(
    state="awaiting_access",
    attempts=("paid",),
    payments=((26_643, "applied"),),
    exceptions=(),
    letters=("payment_received",),
    deeds=("order.assigned", "order.paid", "order.placed"),
    has_manager=True,
    has_items=True,
)


@dataclass
class Till:
    """One installation with a provider behind it."""

    app: Flask
    sandbox: StandIn
    clock: FileClock
    customer: Person = field(init=False)

    def __post_init__(self) -> None:
        with self.app.app_context(), transaction() as session:
            an_account_manager(session)
            self.customer = a_customer(session)

    @property
    def gateway(self) -> PaymentGateway:
        gateway: PaymentGateway = self.app.extensions[EXTENSION].gateway
        return gateway

    def use(self, gateway: object) -> None:
        """This will put another way to the provider in place."""
        self.app.extensions[EXTENSION] = replace(self.app.extensions[EXTENSION], gateway=gateway)

    def order(self, **differences: object) -> str:
        """This will place an order and return its number."""
        with self.app.app_context(), transaction() as session:
            return an_unpaid_order(session, person=self.customer, **{"insurance_plan": 1, **differences}).number

    def client(self, person: Person | None = None) -> FlaskClient:
        """This will return a browser of the customer's own, or of somebody else's."""
        client = self.app.test_client()
        sign_in(client, person or self.customer)
        return client

    def press_pay(self, number: str, client: FlaskClient | None = None) -> TestResponse:
        """This will press the button."""
        self.app.config["WTF_CSRF_ENABLED"] = False
        return (client or self.client()).post(f"/orders/{number}/pay")

    def open_checkout(self, number: str) -> str:
        """This will press the button and return the id of the checkout that it leads to."""
        answer = self.press_pay(number)
        assert answer.status_code == 303, answer.text
        return answer.location.rpartition("/")[2]

    def paid_at_provider(self, number: str) -> str:
        """This will pay at the provider and come no further: we know nothing of it."""
        checkout_id = self.open_checkout(number)
        self.card(checkout_id)
        return checkout_id

    def card(self, checkout_id: str, number: str = PAYS) -> None:
        """This will type a card into the provider's page."""
        assert self.sandbox.pay(checkout_id, number).status_code < 500

    def come_back(self, number: str, checkout_id: str, client: FlaskClient | None = None) -> TestResponse:
        """This will follow the provider's redirect."""
        return (client or self.client()).get(f"/orders/{number}/paid?session={checkout_id}")

    def events(self, number: str) -> list[dict[str, Any]]:
        """This will return the provider's events about an order, the oldest first."""
        told = [event.to_dict() for event in self.sandbox.client.v1.events.list({"limit": 100}).auto_paging_iter()]
        return [event for event in reversed(told) if _about(event) == number]

    def tell(self, event: dict[str, Any], **headers: str) -> TestResponse:
        """This will bring an event, signed as the provider signs."""
        payload = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(payload, WEBHOOK_SECRET)
        return self.app.test_client().post(
            "/webhooks/stripe", data=payload, headers={"Stripe-Signature": signature, **headers}
        )

    def sweep(self) -> None:
        """This will do what the worker does at its start and each hour."""
        with self.app.app_context():
            sweep_payments(self.gateway, self.clock)

    def charges(self, number: str) -> int:
        """This will count what the provider took for an order."""
        charges = self.sandbox.client.v1.charges.list({"limit": 100}).auto_paging_iter()
        return sum(charge.paid and charge.metadata["order_number"] == number for charge in charges)

    def books(self, number: str) -> Books:
        """This will look at everything that an order came to."""
        with self.app.app_context(), reading() as session:
            order = session.scalars(select(Order).where(Order.number == number)).one()
            return _books(session, order)


def _about(event: dict[str, Any]) -> str:
    return str(event["data"]["object"].get("metadata", {}).get("order_number", ""))


def _books(session: Session, order: Order) -> Books:
    def column(attribute: Any, owner: Any) -> tuple[str, ...]:
        return tuple(sorted(str(one) for one in session.scalars(select(attribute).where(owner == order.id))))

    payments = session.scalars(select(Payment).where(Payment.order_id == order.id).order_by(Payment.id))
    items = select(func.count()).select_from(AccessItem).where(AccessItem.order_id == order.id)
    return Books(
        state=str(order.state),
        attempts=column(PaymentAttempt.state, PaymentAttempt.order_id),
        payments=tuple((payment.amount_minor, str(payment.disposition)) for payment in payments),
        exceptions=column(PaymentException.code, PaymentException.order_id),
        letters=column(OwedMessage.kind, OwedMessage.order_id),
        deeds=column(HistoryEntry.verb, HistoryEntry.order_id),
        has_manager=order.account_manager_id is not None,
        has_items=bool(session.scalar(items)),
    )
