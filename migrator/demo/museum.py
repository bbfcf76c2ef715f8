"""Nordlys Museum: a non-profit with an order by quote, an offer to accept, and a price asked for."""

from __future__ import annotations

from datetime import datetime

from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import package
from migrator.journeys.accept_quote import accept_quote
from migrator.journeys.answer_quote import answer_quote
from migrator.journeys.apply_for_discount import apply_for_discount
from migrator.journeys.decide_application import approve_application
from migrator.journeys.request_quote import ask_for_price
from migrator.money import Money
from migrator.nonprofit.operations import Particulars
from migrator.orders.quote_models import Quote
from migrator.orders.quote_queries import quote_for_staff
from migrator.orders.rules import Declaration, Offer, usual_expiry
from migrator.policy.loading import migration_desk


def museum(stage: Stage, henrik: Person, manager: Person) -> None:
    """This will tell the story of the Nordlys Museum."""
    collection = Sites("samling.nordlys-museum.example", "www.nordlys-museum.example")
    moving = _asked(
        stage, henrik, 41_000, "Our collection, with 9,000 pictures.", token="demo-d1", at=stage.at(12, "10:10")
    )
    _offered(stage, moving, manager, price=219_000, ceiling=45_000, at=stage.at(11, "14:00"))
    order = accept_quote(
        stage.session,
        moving,
        insurance_plan=2,
        declaration=Declaration(collection.source_address, collection.target_address, stage.at(11, "09:00").date()),
        person=henrik,
        now=stage.at(10, "09:40"),
    )
    stage.under_way(stage.again(order), collection, days_ago=8)
    _approved(stage, henrik, manager)
    archive = _asked(
        stage, henrik, 140_000, "The archive of the journal since 1904.", token="demo-d2", at=stage.at(4, "09:05")
    )
    _offered(stage, archive, manager, price=640_000, ceiling=150_000, at=stage.at(3, "17:00"))
    _asked(stage, henrik, 60_000, "Our educational pages in three languages.", token="demo-d3", at=stage.at(1, "15:30"))


def _approved(stage: Stage, henrik: Person, manager: Person) -> None:
    application = apply_for_discount(
        stage.session,
        particulars=Particulars("NO", "974 760 673", "We keep and show the boats and letters of the northern coast."),
        person=henrik,
        now=stage.at(9, "10:00"),
    )
    approve_application(stage.session, application, person=manager, now=stage.at(7, "12:15"))


def _asked(stage: Stage, person: Person, pages: int, words: str, *, token: str, at: datetime) -> Quote:
    sku = "PACK-PREMIUM" if pages <= 100_000 else "PACK-ULTIMATE"
    quote = ask_for_price(
        stage.session,
        selection=package(sku, pages, "typo3", "drupal"),
        words=words,
        person=person,
        token=token,
        now=at,
    )
    return quote_for_staff(stage.session, quote.number, for_update=True)


def _offered(stage: Stage, quote: Quote, manager: Person, *, price: int, ceiling: int, at: datetime) -> None:
    desk = migration_desk()
    offer = Offer(
        price=Money(price, quote.currency),
        page_ceiling=ceiling,
        agreed_at=stage.working_days_after(at, desk.agreed_minimum_business_days + 8),
        expires_at=usual_expiry(stage.calendar, desk=desk, now=at),
        words="The price holds for all pages up to the ceiling, with their pictures.",
    )
    answer_quote(stage.session, quote, offer=offer, person=manager, now=at)
