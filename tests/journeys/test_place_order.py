"""Ordering from the list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.products import UnknownChoice
from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from migrator.journeys import place_order as journey
from migrator.journeys.place_order import place_order
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import LineKind, Order, OrderLine
from migrator.orders.operations import NobodysOrder
from migrator.orders.queries import lines_of
from migrator.orders.rules import BackupInTheFuture, BackupMissing, Declaration
from migrator.orders.terms import InsuranceTerms
from tests.conftest import BACKENDS
from tests.factories.people import a_customer, an_account_manager
from tests.factories.selections import DECLARATION, a_placed_order, a_selection, a_token


def test_an_order_keeps_what_was_promised_at_purchase(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    order = place_order(
        session,
        selection=a_selection(insurance_plan=2),
        declaration=DECLARATION,
        person=customer,
        token=a_token(),
        now=now,
    )
    session.flush()
    session.expire(order)
    assert (order.state, order.turn, order.total_minor) == (OrderState.AWAITING_PAYMENT, Turn.CUSTOMER, 27_888)
    assert (order.organisation_id, order.own_backup_on) == (customer.organisation_id, date(2026, 11, 23))
    terms = order.terms
    assert (terms.page_limit, terms.support_minutes, terms.promise_unit, terms.promise_amount) == (
        1_000,
        360,
        "business_days",
        7,
    )
    assert terms.insurance == InsuranceTerms(2, 2, 14, 1_200)
    assert (terms.change_calendar_days, terms.purge_calendar_days, terms.catalogue_version) == (30, 21, "1")
    insured = lines_of(session, order)[-1]
    assert (insured.kind, insured.base_minor, insured.rate_bp) == (LineKind.INSURANCE, 24_900, 1_200)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.order_id == order.id)).one()
    assert (entry.verb, entry.actor_id) == ("order.placed", customer.id)


def test_terms_that_were_sold_stay_when_the_catalogue_changes(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = a_placed_order(session, a_customer(session))
    raised = tuple(replace(package, price=99_900, pages=500) for package in journey.catalogue().packages)
    later = replace(journey.catalogue(), version="2", packages=raised)
    monkeypatch.setattr(journey, "catalogue", lambda currency=None: later)
    after = place_order(
        session,
        selection=a_selection(pages=400),
        declaration=DECLARATION,
        person=a_customer(session),
        token=a_token(),
        now=now,
    )
    session.flush()
    session.expire_all()
    assert (before.total_minor, before.terms.page_limit, before.terms.catalogue_version) == (24_900, 1_000, "1")
    assert (after.total_minor, after.terms.page_limit, after.terms.catalogue_version) == (99_900, 500, "2")


def test_the_same_form_sent_twice_makes_one_order(session: Session) -> None:
    customer, token = a_customer(session), a_token()
    assert a_placed_order(session, customer, token=token) is a_placed_order(session, customer, token=token)
    assert session.scalar(select(func.count()).select_from(OrderLine)) == 1


def test_the_same_token_of_two_people_makes_two_orders(session: Session) -> None:
    token = a_token()
    first = a_placed_order(session, a_customer(session), token=token)
    second = a_placed_order(session, a_customer(session), token=token)
    assert first.number != second.number


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_a_double_click_at_the_same_instant_makes_one_order(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        customer_id = a_customer(session).id
    token = a_token()

    def press(_time: int) -> str:
        with app.app_context(), transaction() as session:
            customer = session.get_one(Person, customer_id)
            return a_placed_order(session, customer, token=token).number

    with ThreadPoolExecutor(4) as presses:
        numbers = set(presses.map(press, range(8)))
    with app.app_context(), reading() as session:
        assert numbers == set(session.scalars(select(Order.number)))
    assert len(numbers) == 1


@pytest.mark.parametrize(("own_backup_on", "refusal"), [(None, BackupMissing), (date(2026, 11, 25), BackupInTheFuture)])
def test_without_an_own_backup_nothing_is_ordered(
    session: Session, now: datetime, own_backup_on: date | None, refusal: type[Exception]
) -> None:
    declaration = Declaration("https://old.example", "https://new.example", own_backup_on)
    with pytest.raises(refusal):
        place_order(
            session,
            selection=a_selection(),
            declaration=declaration,
            person=a_customer(session),
            token=a_token(),
            now=now,
        )
    assert session.scalar(select(func.count()).select_from(Order)) == 0


def test_a_backup_of_today_is_judged_by_the_desk_s_day(session: Session) -> None:
    after_midnight_in_kyiv = datetime.fromisoformat("2026-11-24T22:30:00+00:00")
    declaration = replace(DECLARATION, own_backup_on=date(2026, 11, 25))
    order = place_order(
        session,
        selection=a_selection(),
        declaration=declaration,
        person=a_customer(session),
        token=a_token(),
        now=after_midnight_in_kyiv,
    )
    assert order.own_backup_on == date(2026, 11, 25)


def test_staff_cannot_order_and_unknown_platforms_are_refused(session: Session, now: datetime) -> None:
    facts = {"declaration": DECLARATION, "token": a_token(), "now": now}
    with pytest.raises(NobodysOrder):
        place_order(session, selection=a_selection(), person=an_account_manager(session), **facts)  # type: ignore[arg-type]
    strange = a_selection(source_platform="geocities")
    with pytest.raises(UnknownChoice):
        place_order(session, selection=strange, person=a_customer(session), **facts)  # type: ignore[arg-type]
