"""Posting what was before the ledger, statements, a kill between batches, and premiums in yen."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.database.session import transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.ledger.accounts import Account
from migrator.finance.ledger.invariants import invariants
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.ledger.past import post_some_of_the_past
from migrator.finance.ledger.statements import post_statements
from migrator.finance.reconciliation.models import ProviderPayout
from migrator.money import Money, calculation_text
from tests.factories.fulfilment import kyiv
from tests.factories.ledger import a_covered_order, a_movement, balances, cover_of, pay
from tests.factories.runs import a_done_order
from tests.factories.stages import an_unpaid_order

DONE = kyiv("2026-11-23 15:20")
LATER = kyiv("2027-01-10 09:00")
BOTH = 27_888


def test_a_demonstration_or_shop_from_before_is_posted_whole_and_only_once(session: Session) -> None:
    order = a_done_order(session, at=DONE)
    pay(session, order, posts=False)
    assert balances(session) == {}
    counts = []
    while counts[-1:] != [0]:
        counts.append(post_some_of_the_past(session, now=LATER))
    assert counts == [1, 1, 0]
    cover = cover_of(session, order)
    assert (cover.state, cover.starts_at) == (CoverState.OPEN, DONE)
    assert balances(session)[Account.REVENUE_MIGRATIONS] == 24_900
    wanted = select(JournalEntry.kind, JournalEntry.happened_on).order_by(JournalEntry.id)
    assert session.execute(wanted).all() == [("payment", date(2026, 11, 21)), ("delivery", date(2026, 11, 23))]


def test_fees_and_payouts_of_a_statement_are_posted_once_and_what_is_at_stripe_agrees(session: Session) -> None:
    payment = pay(session, an_unpaid_order(session))
    a_movement(session, "txn_1", gross=BOTH, fee=839, category="charge", payment=payment, at=DONE)
    a_movement(session, "txn_2", gross=-500, fee=0, category="fee", at=DONE)
    a_movement(session, "txn_3", gross=0, fee=1_500, category="dispute", payment=payment, at=DONE)
    session.add(ProviderPayout(provider_id="po_1", amount_minor=20_000, currency="USD", status="paid", created_at=DONE))
    session.flush()
    assert [law.name for law in invariants(session) if not law.holds] == []
    assert [post_statements(session, now=LATER, limit=2) for _ in range(3)] == [3, 1, 0]
    held = balances(session)
    assert (held[Account.PROCESSING_FEES], held[Account.DISPUTE_FEES], held[Account.BANK]) == (1_339, 1_500, 20_000)
    assert held[Account.STRIPE_CLEARING] == BOTH - 839 - 500 - 1_500 - 20_000
    at_stripe = next(law for law in invariants(session) if law.name == "At Stripe")
    assert dict(at_stripe.right)["not on a statement yet"] == Money(0)
    payout = session.scalars(select(ProviderPayout)).one()
    payout.status = "failed"
    assert post_statements(session, now=LATER, limit=9) == 1
    assert Account.BANK not in balances(session)


def test_money_at_stripe_that_we_know_nothing_of_is_seen(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction() as session:
        a_movement(session, "txn_1", gross=1_000, fee=0, category="charge", at=DONE)
        broken = [law for law in invariants(session) if not law.holds]
        assert [(law.name, law.difference) for law in broken] == [("At Stripe", Money(-1_000))]
        raise ZeroDivisionError("nothing of this is kept")


def test_a_kill_between_two_batches_loses_nothing_and_earns_nothing_twice(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            for _ in range(3):
                a_covered_order(session, at=DONE)
        with pytest.raises(ZeroDivisionError), transaction() as session:
            earn_some(session, now=LATER, limit=2)
            raise ZeroDivisionError("the worker is killed")
        counts = []
        while counts[-1:] != [0]:
            with transaction() as session:
                counts.append(earn_some(session, now=LATER, limit=2))
        with transaction() as session:
            earned = session.scalars(select(Cover.earned_minor)).all()
            assert (counts, list(earned)) == ([2, 1, 0], [2_988] * 3)
            assert balances(session)[Account.REVENUE_INSURANCE] == 3 * 2_988


def test_a_calendar_that_gets_another_closed_day_moves_the_pace_of_open_covers(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn_some(session, now=kyiv("2026-11-28 09:00"))
    before = cover_of(session, order).earned_minor
    session.execute(text("UPDATE covers SET ends_at = :later"), {"later": _stored(session, kyiv("2026-12-15 00:00"))})
    earn_some(session, now=kyiv("2026-12-01 09:00"))
    assert cover_of(session, order).earned_minor == 2_988 * 5 // 15 >= before
    earn_some(session, now=LATER)
    assert cover_of(session, order).earned_minor == 2_988


def test_a_premium_in_yen_is_earned_in_whole_yen(session: Session) -> None:
    order = a_done_order(session, at=DONE)
    for table in ("order_lines", "orders"):
        session.execute(text(f"UPDATE {table} SET currency = 'JPY'"))
    session.refresh(order)
    pay(session, order)
    while post_some_of_the_past(session, now=LATER):
        continue
    earn_some(session, now=LATER)
    assert balances(session, "JPY") == {
        Account.STRIPE_CLEARING: BOTH, Account.REVENUE_INSURANCE: 2_988, Account.REVENUE_MIGRATIONS: 24_900
    }  # fmt: skip
    assert balances(session) == {}


def test_the_calculation_shows_what_was_rounded() -> None:
    assert calculation_text(Money(6_950), 700) == "$69.50 × 7 % = 4.865 → $4.87"
    assert calculation_text(Money(6_900), 700) == "$69.00 × 7 % = $4.83"
    assert calculation_text(Money(9_950), 2_500) == "$99.50 × 25 % = 24.875 → $24.88"
    assert calculation_text(Money(995, "JPY"), 2_500) == "¥995 × 25 % = 248.75 → ¥249"


def _stored(session: Session, at: datetime) -> object:
    return at.isoformat(sep=" ")[:19] + ".000000" if session.get_bind().dialect.name == "sqlite" else at
