"""One migration is free for each new instance, through the same order path at price 0 (RULES M-024)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.access.queries import items_of
from migrator.accounts.models import Person
from migrator.catalogue.rules import LineKind, PagesOutOfRange
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.hosting.models import FreeMigrationUse, HostingInstance
from migrator.hosting.operations import FreeMigrationUsed
from migrator.journeys.move_to_instance import TooLargeToBeFree, move_to_instance, selection_for
from migrator.journeys.offer_supplement import offer_insurance
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import lines_of
from migrator.orders.rules import BackupMissing, Declaration, discount_of
from migrator.orders.supplement_rules import NothingToAdd
from migrator.payments.models import PaymentAttempt
from migrator.web.payments.bill import bill
from tests.factories.hosting import an_instance
from tests.factories.people import a_customer, an_account_manager

SELECTION = selection_for(source_platform="woocommerce", pages=800)
DECLARED = Declaration("https://old.example", "https://shop.example", date(2026, 11, 24))


def move(session: Session, instance: HostingInstance, person: Person, *, token: str, now: datetime) -> Order:
    return move_to_instance(
        session, instance, selection=SELECTION, declaration=DECLARED, person=person, token=token, now=now
    )


def test_a_free_order_begins_without_a_payment_and_keeps_its_list_prices(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = move(session, an_instance(session, customer), customer, token="t" * 20, now=now)
    assert (order.state, order.total_minor, order.paid_at) == (OrderState.AWAITING_ACCESS, 0, now)
    assert order.account_manager_id == manager.id
    assert items_of(session, order.id)
    assert session.scalar(select(func.count()).select_from(PaymentAttempt)) == 0
    lines = lines_of(session, order)
    assert {line.amount_minor for line in lines} == {0}
    assert sum(line.list_minor or 0 for line in lines if line.kind is not LineKind.OPTION) == 9_900 + 4_900
    assert "Free with a new hosting instance" in [line.name for line in bill(session, order)]
    # What is bought later has its price: the free migration is no discount on it.
    assert discount_of(order) == 0


def test_the_second_one_is_priced_and_a_second_press_is_the_first(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    instance = an_instance(session, customer)
    first = move(session, instance, customer, token="a" * 20, now=now)
    assert move(session, instance, customer, token="a" * 20, now=now) is first
    with pytest.raises(FreeMigrationUsed, match="usual price"):
        move(session, instance, customer, token="b" * 20, now=now)
    another = an_instance(session, customer, name="second.example")
    assert move(session, another, customer, token="c" * 20, now=now).total_minor == 0


def test_what_is_too_large_or_without_a_backup_is_refused(session: Session, now: datetime) -> None:
    assert selection_for(source_platform="magento", pages=25_000).target_platform == "magento"
    for pages, error in ((25_001, TooLargeToBeFree), (0, PagesOutOfRange), (-1, PagesOutOfRange)):
        with pytest.raises(error):
            selection_for(source_platform="magento", pages=pages)
    customer = a_customer(session)
    with pytest.raises(BackupMissing):
        move_to_instance(
            session,
            an_instance(session, customer),
            selection=SELECTION,
            declaration=Declaration("https://old.example", "https://shop.example"),
            person=customer,
            token="d" * 20,
            now=now,
        )


def test_insurance_of_a_free_migration_is_refused_in_words(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    order = move(session, an_instance(session, customer), customer, token="e" * 20, now=now)
    with pytest.raises(NothingToAdd, match="this migration is free"):
        offer_insurance(session, order, plan=1, by=customer, now=now)


def test_of_two_people_who_press_at_once_one_has_it_for_free(app: Flask, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        customer = a_customer(session)
        instance_id, person_id = an_instance(session, customer).id, customer.id
    together = Barrier(2)

    def press(token: str) -> DomainError | None:
        with app.app_context():
            together.wait(timeout=20)
            try:
                with transaction() as opened:
                    instance = opened.get_one(HostingInstance, instance_id)
                    move(opened, instance, opened.get_one(Person, person_id), token=token, now=now)
            except DomainError as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(2) as threads:
        refusals = [refusal for refusal in threads.map(press, ("f" * 20, "g" * 20)) if refusal]
    assert [type(refusal) for refusal in refusals] == [FreeMigrationUsed]
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.count()).select_from(FreeMigrationUse)) == 1
