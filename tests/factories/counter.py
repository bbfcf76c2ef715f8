"""Finance's counter: money that was taken by the till goes back, with a really started provider behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from migrator.jobs.payments import settle_events
from migrator.jobs.refunds import send_refunds, sweep_reversals
from migrator.journeys.decide_refund import approve_refund
from migrator.journeys.request_refund import Wish, request_refund
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import order_for_staff
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.refunds.models import Refund
from tests.factories.people import a_finance_person
from tests.factories.till import Till
from tests.sandbox.stand_in import PAYS

LIMIT = Money(50_000)
REFUNDED_LATER = "4000 0000 0000 7726"


@dataclass(frozen=True, slots=True)
class Reversed:
    """What became of an order's money: everything that must be the same whatever happened on the way.

    :ivar refunds: state, minor units and whether the lines are named, of each
    :ivar disputes: status and fee of each
    """

    state: str
    refunds: tuple[tuple[str, int, bool], ...] = ()
    disputes: tuple[tuple[str, int], ...] = ()
    letters: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()


@dataclass
class Counter:
    """One installation whose finance people give money back."""

    till: Till
    first: Person = field(init=False)
    second: Person = field(init=False)

    def __post_init__(self) -> None:
        with self.till.app.app_context(), transaction() as session:
            self.first = a_finance_person(session, name="Nadia Bilyk")
            self.second = a_finance_person(session, name="Oleh Marchuk")

    def paid(self, card: str = PAYS, **differences: object) -> str:
        """This will have an order paid, of 249.00 with insurance of 17.43, and return its number."""
        number = self.till.order(**differences)
        checkout_id = self.till.open_checkout(number)
        self.till.card(checkout_id, card)
        assert self.till.come_back(number, checkout_id).status_code == 200
        return number

    def lines(self, number: str) -> dict[str, int]:
        """This will return the order's lines by kind, each with its id."""
        with self.till.app.app_context(), reading() as session:
            wanted = select(OrderLine).join(Order, Order.id == OrderLine.order_id).where(Order.number == number)
            return {line.kind.value: line.id for line in session.scalars(wanted)}

    def payment(self, number: str) -> Payment:
        """This will return the order's first payment."""
        with self.till.app.app_context(), reading() as session:
            wanted = select(Payment).join(Order, Order.id == Payment.order_id).where(Order.number == number)
            return session.scalars(wanted.order_by(Payment.id)).first()  # type: ignore[return-value]

    def ask(
        self, number: str, *, token: str = "token", person: Person | None = None, limit: Money = LIMIT, **by_kind: int
    ) -> int:
        """This will ask for a refund of minor units by the lines' kinds, and return its number."""
        lines, payment_id = self.lines(number), self.payment(number).id
        amounts = {lines[kind]: Money(minor_units) for kind, minor_units in by_kind.items()}
        with self.till.app.app_context(), transaction() as session:
            order = order_for_staff(session, number)
            wish = Wish("Agreed with the customer", token, amounts)
            now = self.till.clock.now()
            return request_refund(
                session, order, payment_id, wish, person=person or self.first, limit=limit, now=now
            ).id

    def approve(self, refund_id: int, person: Person | None = None) -> None:
        """This will approve a refund as the second person."""
        with self.till.app.app_context(), transaction() as session:
            approve_refund(session, refund_id, person=person or self.second, now=self.till.clock.now())

    def send(self) -> None:
        """This will do what the worker does a moment after a request."""
        with self.till.app.app_context():
            assert send_refunds(self.till.gateway, self.till.clock)

    def hear(self) -> None:
        """This will look at the provider's messages that have come."""
        with self.till.app.app_context():
            assert settle_events(self.till.gateway, self.till.clock)

    def sweep(self) -> None:
        """This will do what the worker does each hour."""
        with self.till.app.app_context():
            assert sweep_reversals(self.till.gateway, self.till.clock)

    def in_dashboard(self, number: str, minor_units: int) -> str:
        """This will give money back in the provider's dashboard, and return the provider's id of it."""
        intent = self.payment(number).payment_intent_id
        made = self.till.sandbox.client.v1.refunds.create({"payment_intent": intent, "amount": minor_units})
        return str(made.id)

    def dispute(self, number: str) -> str:
        """This will let the customer's bank dispute the payment, and return the provider's id of it."""
        intent = self.payment(number).payment_intent_id
        return str(self.till.sandbox.control("disputes", payment_intent=intent)["id"])

    def decide(self, dispute_id: str, outcome: str) -> None:
        """This will let the bank decide."""
        self.till.sandbox.control(f"disputes/{dispute_id}/close", outcome=outcome)

    def answer(self, provider_id: str, outcome: str) -> None:
        """This will let the bank answer a refund."""
        self.till.sandbox.control(f"refunds/{provider_id}/answer", outcome=outcome)

    def refund(self, refund_id: int) -> Refund:
        """This will return a refund with its lines and payment."""
        with self.till.app.app_context(), reading() as session:
            wanted = select(Refund).where(Refund.id == refund_id)
            return session.scalars(wanted.options(selectinload(Refund.lines), joinedload(Refund.payment))).one()

    def returned(self, number: str) -> int:
        """This will return what the provider has given back for an order, in minor units."""
        charge = self.till.gateway.charge_of(self.payment(number).payment_intent_id)
        assert charge is not None
        return charge.amount_refunded.minor_units

    def reversed(self, number: str) -> Reversed:
        """This will look at everything that became of an order's money."""
        with self.till.app.app_context(), reading() as session:
            order = session.scalars(select(Order).where(Order.number == number)).one()

            def rows(model: Any) -> list[Any]:
                return list(session.scalars(select(model).where(model.order_id == order.id).order_by(model.id)))

            return Reversed(
                state=order.state.value,
                refunds=tuple((one.state.value, one.amount_minor, one.is_allocated) for one in rows(Refund)),
                disputes=tuple((one.status.value, one.fee_minor) for one in rows(Dispute)),
                letters=tuple(sorted(f"{one.kind} {one.address}" for one in rows(OwedMessage))),
                deeds=tuple(sorted(one.verb for one in rows(HistoryEntry))),
            )
