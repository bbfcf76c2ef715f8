"""Making a month: its customers and orders, spread over the days, each paid, migrated and, where insured, covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.calendars.queries import calendar
from migrator.catalogue.rules import PricedLine, Selection, price
from migrator.clock.calendar import Calendar
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.rules import ends_at
from migrator.history.actor import Role
from migrator.money import total
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order, OrderLine
from migrator.orders.numbers import ALPHABET, ORDER_PREFIX, check_character
from migrator.orders.rules import frozen_terms
from migrator.orders.terms import Terms
from migrator.payments.lifecycle import AttemptState, Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Family
from tests.factories.month.sales import Sale

ORDERS_OF_A_CUSTOMER = 4
DAYS = 30
PRODUCTS = (
    (Family.PACKAGE, "PACK-BASIC", 800, ()),
    (Family.SELF_SERVICE, "SELF-500", 400, ("OPT-SEO",)),
    (Family.PACKAGE, "PACK-EXTENDED", 3_000, ()),
    (Family.ASSISTED, "ASSIST-STANDARD", 90, ()),
)
PLANS = (1, None, 2, 3, None)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold, priced and with its terms."""

    selection: Selection
    lines: tuple[PricedLine, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Setting:
    """What all sales of a month share."""

    key: str
    begins_on: date
    now: datetime
    calendar: Calendar
    staff: Person
    customers: Sequence[Person]


def make_sales(session: Session, *, count: int, key: str, begins_on: date, now: datetime) -> list[Sale]:
    """This will imagine a month of sales; nothing of them is saved yet but their customers.

    :param key: tells the ids of this month from others; letters and digits
    :param begins_on: its first day
    """
    desk = migration_desk()
    setting = Setting(
        key=key,
        begins_on=begins_on,
        now=now,
        calendar=calendar(session, desk.calendar),
        staff=_people(session, key, 1, Role.FINANCE, now)[0],
        customers=_people(session, key, count // ORDERS_OF_A_CUSTOMER + 1, Role.CUSTOMER, now),
    )
    return [_sale(setting, number, count) for number in range(count)]


@cache
def product(number: int) -> Product:
    """This will return what the sale of that number is of; the same for every so many."""
    family, sku, pages, options = PRODUCTS[number % len(PRODUCTS)]
    plan = PLANS[number % len(PLANS)]
    selection = Selection(family, sku, pages, "wordpress", "shopify", options, plan)
    terms = frozen_terms(selection, catalogue=catalogue(), desk=migration_desk())
    return Product(selection, price(selection, catalogue()), terms)


def order_number(key: str, number: int) -> str:
    """This will return an order number of our form that no real order has: longer, and made of the key."""
    digits = ""
    for _ in range(5):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    body = "".join(letter for letter in key.upper() if letter in ALPHABET)[:4] + digits
    return f"{ORDER_PREFIX}-{body}-{check_character(body)}"


def _people(session: Session, key: str, count: int, role: Role, now: datetime) -> list[Person]:
    joined = now - timedelta(days=200)
    owners: list[Organisation | None] = [None] * count
    if role is Role.CUSTOMER:
        owners = [Organisation(name=f"Customer {number} of {key}", created_at=joined) for number in range(count)]
        session.add_all([owner for owner in owners if owner])
        session.flush()
    people = [
        Person(
            email=f"{role.value}-{key}-{number}@month.example",
            name=f"{role.value.capitalize()} {number}",
            role=role,
            created_at=joined,
            confirmed_at=joined,
            active=True,
            organisation_id=owner.id if owner else None,
            fs_uniquifier=f"{role.value}-{key}-{number}",
        )
        for number, owner in enumerate(owners)
    ]
    session.add_all(people)
    session.flush()
    return people


def _sale(setting: Setting, number: int, count: int) -> Sale:
    what = product(number % (len(PRODUCTS) * len(PLANS)))
    # Spread over the hours in which people buy, never two at the same minute of one customer.
    minutes = number * DAYS * 12 * 60 // count
    placed_at = _at(setting, minutes // (12 * 60), 7 * 60 + minutes % (12 * 60))
    person = setting.customers[number * 7 % len(setting.customers)]
    paid_at = placed_at + 4 * MINUTE
    done_at = paid_at + timedelta(hours=20 + number % 40)
    key = f"{setting.key}{number}"
    order = _order(what, person, number=order_number(setting.key, number), placed_at=placed_at, done_at=done_at)
    attempt, payment = paid(order, person.id, key=key, at=paid_at)
    preview = Preview(number=1, words="", published_by_id=setting.staff.id, published_at=paid_at + 3 * MINUTE)
    run = Run(
        kind=RunKind.FULL,
        state=RunState.DONE,
        requested_by_id=person.id,
        requested_at=paid_at + 5 * MINUTE,
        backup_on=placed_at.date(),
        started_at=paid_at + 5 * MINUTE,
        finished_at=done_at,
    )
    sale = Sale(number, order, person.email, _lines(what), [attempt], [payment], preview, run, None)
    if what.terms.insurance:
        sale.window = window_of(setting, what.terms, done_at)
    sale.charged(payment, key)
    return sale


def paid(order: Order, person_id: int, *, key: str, at: datetime) -> tuple[PaymentAttempt, Payment]:
    """This will imagine an attempt and the payment that it came to."""
    attempt = PaymentAttempt(
        person_id=person_id,
        state=AttemptState.PAID,
        amount_minor=order.total_minor,
        currency=order.currency,
        parameters={"order_number": order.number, "lines": []},
        idempotency_key=f"{order.number}-attempt-{key}",
        session_id=f"cs_test_{key}",
        created_at=at - MINUTE,
        expires_at=at + timedelta(hours=1),
        ended_at=at,
    )
    payment = Payment(
        payment_intent_id=f"pi_{key}",
        charge_id=f"ch_{key}",
        amount_minor=order.total_minor,
        currency=order.currency,
        disposition=Disposition.APPLIED,
        captured_at=at,
        settled_at=at,
    )
    return attempt, payment


def window_of(setting: Setting, terms: Terms, opened_at: datetime) -> Window:
    """This will imagine the insurance window that opens with the end of the full migration (RULES C-074)."""
    end = ends_at(WindowKind.INSURANCE, opened_at, terms=terms, calendar=setting.calendar)
    is_over = end <= setting.now
    return Window(
        kind=WindowKind.INSURANCE,
        opened_at=opened_at,
        ends_at=end,
        closed_at=end if is_over else None,
        outcome=WindowOutcome.LAPSED if is_over else None,
    )


def _order(what: Product, person: Person, *, number: str, placed_at: datetime, done_at: datetime) -> Order:
    terms = what.terms
    return Order(
        number=number,
        organisation_id=person.organisation_id,
        placed_by_id=person.id,
        calendar_key=terms.calendar,
        state=OrderState.COMPLETED,
        state_since_at=done_at,
        turn=Turn.NOBODY,
        family=terms.family,
        tier=terms.tier,
        source_platform=what.selection.source_platform,
        target_platform=what.selection.target_platform,
        declared_pages=what.selection.pages,
        page_limit=terms.page_limit,
        support_minutes_limit=terms.support_minutes,
        restarts_limit=terms.insurance.restarts if terms.insurance else 0,
        currency=what.lines[0].amount.currency,
        total_minor=total([line.amount for line in what.lines]).minor_units,
        terms_document=terms.document(),
        placed_at=placed_at,
        paid_at=placed_at + 4 * MINUTE,
        delivered_at=done_at,
        completed_at=done_at,
    )


def _lines(what: Product) -> list[OrderLine]:
    return [
        OrderLine(
            kind=line.kind,
            sku=line.sku,
            name=line.name,
            amount_minor=line.amount.minor_units,
            currency=line.amount.currency,
            base_minor=line.base.minor_units if line.base else None,
            rate_bp=line.rate_bp,
            plan=line.plan,
        )
        for line in what.lines
    ]


def _at(setting: Setting, day: int, minute: int) -> datetime:
    on = setting.begins_on + timedelta(days=day)
    zone = setting.calendar.zone_info
    local = datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(minutes=minute)
    return local.astimezone(setting.now.tzinfo)
