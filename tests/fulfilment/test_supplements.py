"""Upgrades, pages and hours on a real order: what is kept, what moves, and who is stopped."""

from __future__ import annotations

import random
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.session import transaction
from migrator.errors import DomainError
from migrator.fulfilment.hours.models import EntryState, TimeEntry, TimeKind
from migrator.fulfilment.hours.operations import use
from migrator.fulfilment.hours.rules import NoHoursLeft
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.pages.rules import NotThisCount, PageCount
from migrator.fulfilment.queries import open_pause_because, pauses_of
from migrator.history.models import HistoryEntry
from migrator.journeys.apply_supplement import pay_supplement
from migrator.journeys.correct_pages import correct_pages
from migrator.journeys.count_pages import ask_for_another_count, count_pages
from migrator.journeys.end_supplement import decline_supplement, expire_supplements, withdraw_supplement
from migrator.journeys.log_time import Work, correct_time, discard_draft, draft_time, post_draft, post_time
from migrator.journeys.offer_supplement import (
    OfferedAlready,
    offer_hours,
    offer_insurance,
    offer_overage,
    offer_upgrade,
)
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order
from migrator.orders.queries import lines_of
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import accept, end
from migrator.orders.supplement_queries import has_unpaid_balance
from migrator.orders.supplement_rules import NothingToAdd, OfferEnded
from tests.conftest import NOW
from tests.factories.fulfilment import kyiv
from tests.factories.stages import an_order_under_way
from tests.fulfilment.test_races import at_once

TODAY = date(2026, 11, 24)
LATER = kyiv("2026-11-25 11:00")


@pytest.fixture
def order(session: Session) -> Order:
    """A Package Basic with insurance plan 2, whose count starts on Tue 24 Nov 2026, 11:00."""
    return an_order_under_way(session)


def manager_of(order: Order) -> Person:
    assert order.account_manager is not None
    return order.account_manager


def paid(session: Session, order: Order, supplement: Supplement, now: object = LATER) -> None:
    accept(session, supplement, by=order.placed_by, now=LATER)
    pay_supplement(session, order, supplement, payment_id=0, now=now)  # type: ignore[arg-type]


def worked(minutes: int, kind: TimeKind = TimeKind.SUPPORT) -> Work:
    return Work(kind, minutes, TODAY, "Redirects")


def letters(session: Session, kind: str) -> list[OwedMessage]:
    return list(session.scalars(select(OwedMessage).where(OwedMessage.kind == kind).order_by(OwedMessage.id)))


def verbs(session: Session, order: Order) -> list[str]:
    wanted = select(HistoryEntry.verb).where(HistoryEntry.order_id == order.id).order_by(HistoryEntry.id)
    return list(session.scalars(wanted))


def test_an_upgrade_counts_from_the_same_check_and_keeps_pauses_and_what_is_used(
    session: Session, order: Order
) -> None:
    manager, customer = manager_of(order), order.placed_by
    post_time(session, order, worked(60), person=manager, now=NOW)
    count_pages(session, order, pages=1_214, by=manager, now=kyiv("2026-11-27 15:00"))
    assert (order.state, order.due_at) == (OrderState.PAUSED, kyiv("2026-12-03 11:00"))
    upgrade = offer_upgrade(session, order, sku="PACK-EXTENDED", page_limit=5_000, by=customer, now=LATER)
    paid(session, order, upgrade, kyiv("2026-12-01 12:00"))
    assert (order.verified_at, order.state) == (kyiv("2026-11-24 11:00"), OrderState.IN_PROGRESS)
    # 14 working days from the check, and the 45 working hours of the pause.
    assert order.due_at == order.promise_at == kyiv("2026-12-16 08:00")
    assert (order.page_limit, order.support_minutes_limit, order.support_minutes_used) == (5_000, 600, 60)
    bought = [line for line in lines_of(session, order) if line.supplement_id == upgrade.id]
    assert [(line.amount_minor, line.base_minor) for line in bought] == [(35_000, None), (4_200, 35_000)]
    assert order.total == Money(24_900 + 2_988 + 35_000 + 4_200)
    assert len(pauses_of(session, order.id)) == 1
    (letter,) = letters(session, "supplement_paid")
    assert "Wed 16 Dec 2026, 08:00 (was Thu 3 Dec 2026, 11:00)" in letter.text_body
    assert letters(session, "order_resumed") == []
    deed = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "order.upgraded")).one()
    assert (deed.facts["old_terms"]["sku"], deed.facts["new_terms"]["sku"]) == ("PACK-BASIC", "PACK-EXTENDED")


def test_too_many_pages_stop_the_order_until_overage_is_paid_or_pages_are_removed(
    session: Session, order: Order
) -> None:
    manager, customer = manager_of(order), order.placed_by
    assert count_pages(session, order, pages=1_000, by=manager, now=NOW) is None
    assert count_pages(session, order, pages=1_001, by=manager, now=NOW)
    assert "Measured 1,001 pages, your order covers 1,000." in letters(session, "pages_over")[0].text_body
    overage = offer_overage(session, order, by=customer, now=LATER)
    assert offer_overage(session, order, by=customer, now=LATER) is overage
    ask_for_another_count(session, order, by=customer, now=LATER)
    assert (overage.state, order.measured_pages, order.state) == (
        SupplementState.DECLINED, None, OrderState.IN_PROGRESS
    )  # fmt: skip
    count_pages(session, order, pages=1_501, by=manager, now=LATER)
    paid(session, order, offer_overage(session, order, by=customer, now=LATER))
    assert (order.page_limit, order.state, order.terms.page_limit) == (2_000, OrderState.IN_PROGRESS, 1_000)
    assert open_pause_because(session, order.id, PauseReason.DECISION_MISSING) is None


def test_a_corrected_count_is_judged_anew_and_keeps_the_old_one(session: Session, order: Order) -> None:
    manager = manager_of(order)
    count_pages(session, order, pages=1_214, by=manager, now=NOW)
    correct = {"which": PageCount.MEASURED, "reason": "A digit was wrong", "by": manager, "now": LATER}
    correct_pages(session, order, pages=914, **correct)
    assert (order.state, order.measured_pages) == (OrderState.IN_PROGRESS, 914)
    deed = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "pages.corrected")).one()
    assert (deed.facts["old"], deed.facts["new"], deed.reason) == (1_214, 914, "A digit was wrong")
    with pytest.raises(NotThisCount, match="record says already"):
        correct_pages(session, order, pages=914, **correct)
    with pytest.raises(NotThisCount, match="No moved count"):
        correct_pages(session, order, pages=914, **{**correct, "which": PageCount.MOVED})


def test_an_accepted_offer_is_owed_until_it_is_declined_or_its_last_day_is_over(session: Session, order: Order) -> None:
    manager, customer = manager_of(order), order.placed_by
    hours = offer_hours(session, order, minutes=60, by=manager, now=NOW)
    assert hours.expires_at == kyiv("2026-12-09 00:00")
    assert not has_unpaid_balance(session, order.id, now=NOW)
    with pytest.raises(OfferedAlready, match="Withdraw it first"):
        offer_hours(session, order, minutes=66, by=manager, now=NOW)
    accept(session, hours, by=customer, now=NOW)
    assert has_unpaid_balance(session, order.id, now=NOW)
    after = kyiv("2026-12-10 09:00")
    assert not has_unpaid_balance(session, order.id, now=after)
    with pytest.raises(OfferEnded, match="expired"):
        decline_supplement(session, order, hours, actor=customer.actor, now=after)
    assert [expire_supplements(session, after) for _ in range(2)] == [1, 0]
    assert (hours.state, hours.ended_at) == (SupplementState.EXPIRED, hours.expires_at)
    again = offer_hours(session, order, minutes=60, by=manager, now=after)
    withdraw_supplement(session, order, again, reason="Done for free", actor=manager.actor, now=after)
    assert verbs(session, order)[-4:] == [
        "supplement.offered", "supplement.expired", "supplement.offered", "supplement.withdrawn"
    ]  # fmt: skip


def test_insurance_is_bought_later_once_and_covers_the_migration(session: Session) -> None:
    order = an_order_under_way(session, insurance_plan=None)
    cover = offer_insurance(session, order, plan=1, by=order.placed_by, now=NOW)
    other = offer_insurance(session, order, plan=3, by=order.placed_by, now=NOW)
    assert (cover.state, other.amount) == (SupplementState.DECLINED, Money(6_225))
    paid(session, order, other)
    assert order.terms.insurance is not None
    assert (order.terms.insurance.restarts, order.restarts_limit) == (3, 3)
    with pytest.raises(NothingToAdd, match="insurance already"):
        offer_insurance(session, order, plan=1, by=order.placed_by, now=NOW)


def test_hours_are_told_of_once_and_end_at_the_limit_until_more_are_paid(session: Session, order: Order) -> None:
    manager = manager_of(order)
    draft = draft_time(session, order, worked(180), person=manager, now=NOW)
    assert order.support_minutes_used == 0
    post_draft(session, order, draft, actor=manager.actor, now=NOW)
    post_time(session, order, worked(600, TimeKind.REWORK), person=manager, now=NOW)
    entry = post_time(session, order, worked(180), person=manager, now=NOW)
    with pytest.raises(NoHoursLeft, match=r"0\.0 h are left"):
        post_time(session, order, worked(6), person=manager, now=NOW)
    correct_time(session, order, entry, worked(150), reason="Half an hour was lunch", actor=manager.actor, now=NOW)
    assert order.support_minutes_used == 330
    post_time(session, order, worked(30), person=manager, now=NOW)
    subjects = [letter.subject for letter in letters(session, "hours_used")]
    assert [subject[15:30] for subject in subjects] == ["3.0 of 6.0 hour", "6.0 of 6.0 hour"]
    paid(session, order, offer_hours(session, order, minutes=60, by=manager, now=NOW))
    post_time(session, order, worked(60), person=manager, now=NOW)
    assert (order.support_minutes_used, order.support_minutes_limit) == (420, 420)
    assert len(letters(session, "hours_used")) == 3


def test_the_database_refuses_what_a_stale_page_overlooked(session: Session, order: Order) -> None:
    order.support_minutes_limit = 30
    session.flush()
    order.__dict__["support_minutes_limit"] = 360
    with pytest.raises(NoHoursLeft, match="Offer the customer more hours"):
        use(session, order, 60)
    session.rollback()


def test_whatever_staff_do_the_hours_are_the_sum_of_what_is_posted_and_charged(session: Session, order: Order) -> None:
    chance, manager = random.Random(7), manager_of(order)
    for _ in range(40):
        work = worked(6 * chance.randint(1, 12), chance.choice(list(TimeKind)))
        entries = list(session.scalars(select(TimeEntry).where(TimeEntry.order_id == order.id)))
        entry = chance.choice(entries) if entries else None
        actor = manager.actor
        try:
            match chance.randrange(5), entry:
                case 0, TimeEntry():
                    post_draft(session, order, entry, actor=actor, now=NOW)
                case 1, TimeEntry():
                    correct_time(session, order, entry, work, reason="Wrong", actor=actor, now=NOW)
                case 2, TimeEntry():
                    discard_draft(session, order, entry, actor=actor, now=NOW)
                case 3, _:
                    draft_time(session, order, work, person=manager, now=NOW)
                case _:
                    post_time(session, order, work, person=manager, now=NOW)
        except DomainError:
            pass
        found = session.scalars(select(TimeEntry).where(TimeEntry.order_id == order.id))
        charged = sum(one.minutes for one in found if one.state is EntryState.POSTED and one.is_charged)
        assert order.support_minutes_used == charged <= order.support_minutes_limit


def test_two_offers_at_once_leave_one_open(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        order = an_order_under_way(session)
        number, manager_id = order.number, manager_of(order).id

    def offering(minutes: int) -> object:
        return lambda session, order: offer_hours(
            session, order, minutes=minutes, by=session.get_one(Person, manager_id), now=NOW
        )

    refusals = at_once(app, number, offering(60), offering(66))  # type: ignore[arg-type]
    assert [type(refusal) for refusal in refusals] == [OfferedAlready]


def test_what_has_ended_stays_so(session: Session, order: Order) -> None:
    hours = offer_hours(session, order, minutes=60, by=order.placed_by, now=NOW)
    accept(session, hours, by=order.placed_by, now=NOW)
    end(session, hours, SupplementState.PAID, at=NOW)
    with pytest.raises(OfferEnded, match="paid already"):
        withdraw_supplement(session, order, hours, reason="No", actor=manager_of(order).actor, now=NOW)
