"""Two people at the same moment: one wins, the other reads a sentence, and the order stays whole."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.queries import open_pauses, pauses_of
from migrator.journeys.pause_delivery import pause_delivery
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.factories.fulfilment import an_order_under_way, give, item_of_kind, kyiv
from tests.factories.people import a_customer, an_account_manager

KINDS = (ItemKind.FTP, ItemKind.ADMIN_LOGIN)
LATER = kyiv("2026-11-25 11:00")
Deed = Callable[[Session, Order], None]


def at_once(app: Flask, number: str, *deeds: Deed) -> list[DomainError]:
    """This will do the deeds in threads of their own at the same moment, and return the refusals."""
    together = Barrier(len(deeds))

    def act(deed: Deed) -> DomainError | None:
        with app.app_context():
            together.wait(timeout=20)
            try:
                with transaction() as session:
                    deed(session, order_for_staff(session, number))
            except DomainError as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [refusal for refusal in threads.map(act, deeds) if refusal]


def pausing(kind: ItemKind, manager_id: int, now: datetime) -> Deed:
    def act(session: Session, order: Order) -> None:
        item = item_of_kind(session, order, kind)
        author = session.get_one(Person, manager_id)
        reason = PauseReason.ACCESS_WRONG
        pause_delivery(session, order, item, reason=reason, message="Refused.", author=author, now=now)

    return act


def answering(kind: ItemKind, customer_id: int, now: datetime) -> Deed:
    def act(session: Session, order: Order) -> None:
        give(session, order, item_of_kind(session, order, kind), session.get_one(Person, customer_id), now=now)

    return act


def under_way(session: Session, now: datetime) -> tuple[str, int, int]:
    customer, manager = a_customer(session), an_account_manager(session)
    return an_order_under_way(session, customer, manager, now=now).number, customer.id, manager.id


@pytest.fixture
def committed(app: Flask, now: datetime) -> tuple[str, int, int]:
    with app.app_context(), transaction() as session:
        return under_way(session, now)


def test_two_managers_who_pause_the_same_item_make_one_pause(
    app: Flask, committed: tuple[str, int, int], now: datetime
) -> None:
    number, _customer_id, manager_id = committed
    refusals = at_once(app, number, *[pausing(ItemKind.FTP, manager_id, now)] * 2)
    assert len(refusals) == 1
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        assert len(open_pauses(pauses_of(session, order.id))) == 1


def test_two_answers_to_two_pauses_resume_the_order(app: Flask, committed: tuple[str, int, int], now: datetime) -> None:
    number, customer_id, manager_id = committed
    for _round in range(3):
        for kind in KINDS:
            assert at_once(app, number, pausing(kind, manager_id, now)) == []
        refusals = at_once(app, number, *[answering(kind, customer_id, LATER) for kind in KINDS])
        assert refusals == []
        with app.app_context(), reading() as session:
            order = order_for_staff(session, number)
            assert order.state is OrderState.IN_PROGRESS
            assert order.promise_at == order.due_at == kyiv("2026-12-04 11:00")


def test_the_same_answer_sent_twice_ends_one_pause_once(
    app: Flask, committed: tuple[str, int, int], now: datetime
) -> None:
    number, customer_id, manager_id = committed
    at_once(app, number, pausing(ItemKind.FTP, manager_id, now))
    at_once(app, number, *[answering(ItemKind.FTP, customer_id, LATER)] * 2)
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        (pause,) = pauses_of(session, order.id)
        assert (pause.ended_at, order.state) == (LATER, OrderState.IN_PROGRESS)
        item = item_of_kind(session, order, ItemKind.FTP)
        assert [secret.destroyed_at for secret in item.secrets].count(None) == 1
