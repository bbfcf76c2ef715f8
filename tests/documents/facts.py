"""Rows for the documents' tests, made without a database."""

from __future__ import annotations

from datetime import date, timedelta

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem, Reveal, Secret
from migrator.accounts.models import Organisation, Person
from migrator.calendars.models import CalendarRow
from migrator.catalogue.rules import Selection, price
from migrator.documents.completion import Work
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.views import PromiseKind, PromiseView
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.history.actor import Role
from migrator.orders.models import Order, OrderLine
from migrator.orders.rules import frozen_terms
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund, RefundLine
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Family, Side
from tests.conftest import NOW

SELECTION = Selection(Family.PACKAGE, "PACK-BASIC", 812, "wordpress", "joomla", insurance_plan=2)


def a_person(name: str = "Anna Lindqvist") -> Person:
    return Person(id=1, name=name, email="anna@customer.example", role=Role.CUSTOMER)


def an_order(*, name: str = "Lindqvist Books", **differences: object) -> Order:
    terms = frozen_terms(SELECTION, catalogue=catalogue(), desk=migration_desk())
    order = Order(
        number="MIG-7F3K-2",
        organisation=Organisation(name=name),
        placed_by=a_person(name),
        account_manager=None,
        calendar_row=CalendarRow(key="kyiv", zone="Europe/Kyiv"),
        family=terms.family,
        source_platform="wordpress",
        target_platform="joomla",
        source_address="https://old.example",
        target_address="https://new.example",
        declared_pages=812,
        measured_pages=820,
        moved_pages=820,
        page_limit=1000,
        support_minutes_limit=360,
        support_minutes_used=144,
        restarts_limit=2,
        restarts_used=1,
        own_backup_on=date(2026, 11, 2),
        currency="USD",
        terms_document=terms.document(),
        placed_at=NOW,
        completed_at=NOW + timedelta(days=45),
    )
    for key, value in differences.items():
        setattr(order, key, value)
    return order


def lines_of_an_order() -> list[OrderLine]:
    return [
        OrderLine(
            kind=line.kind,
            sku=line.sku,
            name=line.name,
            amount_minor=line.amount.minor_units,
            currency="USD",
            base_minor=line.base.minor_units if line.base else None,
            rate_bp=line.rate_bp,
        )
        for line in price(SELECTION, catalogue())
    ]


def a_payment(order: Order) -> Payment:
    attempt = PaymentAttempt(order=order, supplement=None)
    return Payment(
        attempt=attempt, payment_intent_id="pi_1", amount_minor=27_888, currency="USD", settled_at=NOW, captured_at=NOW
    )


def a_refund(line: OrderLine, *, reason: str = "Agreed") -> Refund:
    return Refund(
        id=7, state=RefundState.DONE, amount_minor=1_200, currency="USD", reason=reason, provider_id="re_1",
        requested_at=NOW, ended_at=NOW + timedelta(days=2), card="Visa ending in 4242",
        lines=[RefundLine(order_line=line, amount_minor=1_200)],
    )  # fmt: skip


def a_given_item(name: str = "Anna Lindqvist", *, secrets: int = 1, reason: str = "To set up") -> AccessItem:
    gone_at = NOW + timedelta(days=21)
    kept = [
        Secret(
            id=n, field="password", saved_by_id=1, saved_at=NOW, destroyed_at=gone_at, destroyed_reason="after 21 days"
        )
        for n in range(1, secrets + 1)
    ]
    kept[0].reveals = [Reveal(person=a_person(name), reason=reason, revealed_at=NOW, hidden_at=NOW)]
    return AccessItem(
        label="Old site FTP or SFTP", kind=ItemKind.FTP, side=Side.SOURCE, state=ItemState.VERIFIED, secrets=kept
    )


def some_work(order: Order, *, body: str = "Blue menu", changes: int = 1) -> Work:
    done_at = NOW + timedelta(days=8)
    run = Run(kind=RunKind.FULL, state=RunState.DONE, started_at=NOW, finished_at=done_at)
    window = Window(
        kind=WindowKind.REVIEW,
        opened_at=done_at,
        ends_at=done_at + timedelta(days=15),
        closed_at=done_at + timedelta(days=15),
        outcome=WindowOutcome.ACCEPTED_BY_SILENCE,
    )
    asked = ChangeRequest(
        kind=ChangeKind.CHANGE, state=ChangeState.DONE, body=body, answer="It is blue.", raised_at=done_at
    )
    promise = PromiseView(PromiseKind.DELIVERED, "Migrated since Wed 2 Dec 2026, 11:00, as promised.")
    standing = Window(kind=WindowKind.INSURANCE, opened_at=window.opened_at, ends_at=window.ends_at)
    return Work(promise, (), (run,), (window, standing), (asked,) * changes)
