"""How a sale happens: ordered, paid by card at the provider, heard of, and moved; each through its own door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.session import transaction
from migrator.demo.month.sales import Sale
from migrator.demo.month.world import World
from migrator.finance.covers.operations import open_covers
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.posting import post_delivery
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.operations import open_window
from migrator.journeys.pay_order import attempt_to_pay
from migrator.journeys.place_order import place_order
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.rules import Declaration
from migrator.payments.gateway import CheckoutRequest, CheckoutSession
from migrator.payments.models import PaymentAttempt
from migrator.payments.operations import note_checkout, request_of

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
MIGRATION_TAKES = timedelta(hours=5)


def order_all(world: World, sales: Sequence[Sale]) -> None:
    """This will let customers order, each at its moment."""
    with transaction() as session:
        for sale in sales:
            person = session.get_one(Person, sale.person.id)
            backup_on = desk_day(sale.at) - A_DAY
            declaration = Declaration("https://old.example", "https://new.example", backup_on)
            token = f"month-{sale.number}"
            order = place_order(
                session, selection=sale.selection, declaration=declaration, person=person, token=token, now=sale.at
            )
            sale.order_id, sale.order_number = order.id, order.number


def prepare_all(world: World, sales: Sequence[Sale]) -> list[CheckoutRequest]:
    """This will let customers press the button that leads to the provider, and return what it is asked for each."""
    with transaction() as session:
        return [_prepared(session, world, sale) for sale in sales]


def note_all(sales: Sequence[Sale], checkouts: Sequence[CheckoutSession]) -> None:
    """This will write down the checkouts that the provider has opened for sales."""
    with transaction() as session:
        for sale, checkout in zip(sales, checkouts, strict=True):
            note_checkout(session, session.get_one(PaymentAttempt, sale.attempt_id), checkout)


def pay(world: World, person: Person, checkout_id: str) -> None:
    """This will pay on the provider's page by card."""
    world.provider.pay(checkout_id, name=person.name)


def learn_payment(world: World, sale: Sale) -> None:
    """This will learn which payment intent a sale was paid with."""
    sale.intent_id = world.gateway.checkout(sale.checkout_id).payment_intent_id or ""


def move_all(world: World, sales: Sequence[Sale]) -> None:
    """This will end the migrations of paid orders well, so that delivery is posted and insurance begins.

    Access, preview and review move no money: they are written as done.
    """
    with transaction() as session:
        for sale in sales:
            order = order_for_staff(session, sale.order_number, for_update=True)
            if order.state is OrderState.AWAITING_ACCESS:
                _moved(session, world, order)


def _prepared(session: Session, world: World, sale: Sale) -> CheckoutRequest:
    order, now = order_for_staff(session, sale.order_number, for_update=True), sale.at + A_MINUTE
    attempt = attempt_to_pay(session, order, person=order.placed_by, base_url=world.base_url, now=now)
    sale.attempt_id = attempt.id
    return request_of(attempt)


def _moved(session: Session, world: World, order: Order) -> None:
    now = world.clock.now()
    started_at = now - MIGRATION_TAKES
    preview = Preview(
        order_id=order.id,
        number=1,
        published_by_id=order.account_manager_id,
        published_at=started_at - A_MINUTE,
    )
    session.add(preview)
    session.flush()
    run = Run(
        order=order,
        preview=preview,
        kind=RunKind.FULL,
        state=RunState.DONE,
        requested_by_id=order.placed_by_id,
        requested_at=started_at,
        backup_on=desk_day(started_at) - A_DAY,
        started_at=started_at,
        finished_at=now,
    )
    session.add(run)
    order.state, order.state_since_at, order.turn = OrderState.COMPLETED, now, Turn.NOBODY
    order.delivered_at = order.completed_at = now
    session.flush()
    open_window(session, order, WindowKind.INSURANCE, run=run, opened_at=now, calendar=world.calendar)
    post_delivery(session, order, now=now)
    open_covers(session, order, now=now)
