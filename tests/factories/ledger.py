"""Orders that were paid into the books, and what must hold of the books afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.finance.covers.models import Cover
from migrator.finance.ledger.accounts import Account
from migrator.finance.ledger.invariants import invariants, trial_balance
from migrator.finance.ledger.posting import post_payment
from migrator.finance.reconciliation.lifecycle import TransactionSource
from migrator.finance.reconciliation.models import ProviderTransaction
from migrator.money import Money
from migrator.orders.models import Order
from migrator.payments.lifecycle import AttemptState, Disposition
from migrator.payments.models import Payment, PaymentAttempt
from tests.factories import runs


@pytest.fixture(autouse=True)
def _books_balance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did to a database, the four laws of the ledger hold of what it left there."""
    app: Flask | None = request.getfixturevalue("app") if "app" in request.fixturenames else None
    yield
    if app is not None:
        with app.app_context(), reading() as session:
            assert [law for law in invariants(session) if not law.holds] == []


def pay(
    session: Session,
    order: Order,
    *,
    fits: Disposition = Disposition.APPLIED,
    money: Money | None = None,
    posts: bool = True,
) -> Payment:
    """This will take the money of an order that a factory brought further without it, and post it.

    :param money: what came; the order's total without it
    :param posts: whether it is posted, as it was not before there was a ledger
    """
    settled_at, paid = order.paid_at or order.placed_at, money or order.total
    attempt = PaymentAttempt(
        order=order,
        person_id=order.placed_by_id,
        state=AttemptState.PAID,
        amount_minor=paid.minor_units,
        currency=paid.currency,
        parameters={"order_number": order.number},
        idempotency_key=f"paid-{order.id}-{fits}",
        session_id=f"cs_{order.id}_{fits}",
        created_at=settled_at,
        expires_at=settled_at + timedelta(hours=1),
        ended_at=settled_at,
    )
    session.add(attempt)
    session.flush()
    payment = Payment(
        attempt_id=attempt.id,
        order_id=order.id,
        payment_intent_id=f"pi_{attempt.id}",
        charge_id=f"ch_{attempt.id}",
        amount_minor=paid.minor_units,
        currency=paid.currency,
        disposition=fits,
        captured_at=settled_at,
        settled_at=settled_at,
    )
    session.add(payment)
    session.flush()
    if posts:
        post_payment(session, payment, now=settled_at)
    return payment


def a_covered_order(session: Session, *, at: datetime, **differences: object) -> Order:
    """This will place an insured order that was paid, and whose full migration was done at `at`."""
    order = runs.a_running_order(session, at=at - runs.RUN_HOURS, **differences)
    pay(session, order)
    runs.finish(session, order, at=at)
    return order


def a_movement(
    session: Session, name: str, *, gross: int, fee: int, category: str, at: datetime, payment: Payment | None = None
) -> None:
    """This will add what the provider's statement says of one movement."""
    session.add(
        ProviderTransaction(
            provider_id=name,
            reporting_category=category,
            gross_minor=gross,
            fee_minor=fee,
            net_minor=gross - fee,
            currency="USD",
            created_at=at,
            payment_intent_id=payment.payment_intent_id if payment else "",
            source=TransactionSource.API,
        )
    )
    session.flush()


def cover_of(session: Session, order: Order) -> Cover:
    """This will return the first cover of an order as the database has it."""
    session.flush()
    wanted = select(Cover).where(Cover.order_id == order.id).order_by(Cover.id).limit(1)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def balances(session: Session, currency: str = "USD") -> dict[Account, int]:
    """This will return what the accounts show, without those that show nothing."""
    each = trial_balance(session)
    return {one.account: one.shown.minor_units for one in each if one.currency == currency and one.shown.minor_units}
