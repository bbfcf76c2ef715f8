"""Selections, declarations and offers for the tests, valid unless a test says otherwise."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection
from migrator.journeys.place_order import place_order
from migrator.journeys.request_quote import ask_for_price
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.quote_models import Quote
from migrator.orders.rules import Declaration, Offer
from migrator.policy.types import Family
from tests.conftest import NOW

FAMILIES = {"SELF": Family.SELF_SERVICE, "ASSIST": Family.ASSISTED, "PACK": Family.PACKAGE}
DECLARATION = Declaration("https://old.example", "https://new.example", date(2026, 11, 23))
_tokens = itertools.count(1)


def a_selection(sku: str = "PACK-BASIC", *, pages: int = 800, **differences: object) -> Selection:
    """This will return a selection of that product."""
    facts = {"source_platform": "wordpress", "target_platform": "shopify", **differences}
    return Selection(family=FAMILIES[sku.split("-")[0]], sku=sku, pages=pages, **facts)  # type: ignore[arg-type]


def a_placed_order(session: Session, customer: Person, *, now: datetime = NOW, token: str = "") -> Order:
    """This will order a Package Basic."""
    return place_order(
        session, selection=a_selection(), declaration=DECLARATION, person=customer, token=token or a_token(), now=now
    )


def a_requested_quote(session: Session, customer: Person, *, now: datetime = NOW, token: str = "") -> Quote:
    """This will ask for the price of 25,001 pages."""
    selection = a_selection("PACK-ULTIMATE", pages=25_001, options=("OPT-SEO",))
    return ask_for_price(
        session, selection=selection, words="With a forum.", person=customer, token=token or a_token(), now=now
    )


def an_offer(**differences: object) -> Offer:
    """This will return an offer that may be made at the tests' present: the earliest agreed date, for 14 days."""
    facts = {
        "price": Money(249_000),
        "page_ceiling": 30_000,
        "agreed_at": datetime(2026, 12, 24, 9, 0, tzinfo=UTC),
        "expires_at": datetime(2026, 12, 8, 22, 0, tzinfo=UTC),
        "words": "Forum included.",
        **differences,
    }
    return Offer(**facts)  # type: ignore[arg-type]


def a_token() -> str:
    """This will return a form's token that no other form has."""
    return f"token-for-tests-{next(_tokens):06}"
