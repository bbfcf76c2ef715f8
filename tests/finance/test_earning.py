"""The earning of many covers at once: to the cent what the rule says of each, once, and nothing lost by a kill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar
from migrator.catalogue.rules import LineKind
from migrator.database.session import reading, transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.covers.operations import earning_cause
from migrator.finance.covers.rules import WorkingDays, earned_by, steps, stretch_of
from migrator.finance.ledger.accounts import EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.orders.models import OrderLine
from tests.factories.fulfilment import kyiv
from tests.factories.ledger import a_covered_order, cover_of

# Both changes of the hour, a change of the year, whole days and halves of minutes.
OPENINGS = ("2026-10-23 15:20", "2026-10-25 03:30", "2026-11-23 00:00", "2026-11-27 23:59", "2026-12-24 00:01")
LOOKED_AT = kyiv("2027-02-03 09:00")
THROUGH = date(2027, 2, 2)


class Killed(BaseException):
    """The process ended before the batch was kept."""


@pytest.fixture(autouse=True)
def _books_balance() -> None:
    """Covers are written here as they may stand, without what was posted for them before."""


def many_covers(session: Session, count: int) -> Sequence[Cover]:
    """This will write covers of all kinds of windows, some of them partly earned, refunded or prolonged."""
    chance = Random(7)
    order = a_covered_order(session, at=kyiv("2026-11-23 15:20"))
    pattern = cover_of(session, order)
    pattern.earned_through = THROUGH
    covers = []
    for _number in range(count):
        starts_at = kyiv(chance.choice(OPENINGS)) + timedelta(seconds=chance.choice((0, 1, 86_399, 3 * 86_400)))
        ends_at = datetime.combine(starts_at.date(), starts_at.timetz()) + timedelta(days=chance.randint(1, 90))
        premium = chance.choice((0, 1, 99, 2_988, 1_999_999))
        refunded = chance.choice((0, 0, premium // 3, premium))
        line = OrderLine(
            order_id=order.id, kind=LineKind.INSURANCE, sku="INS-2", name="Insurance", amount_minor=premium,
            currency="USD", plan=2, base_minor=premium, rate_bp=10_000,
        )  # fmt: skip
        session.add(line)
        session.flush()
        covers.append(
            Cover(
                order_id=order.id, order_line_id=line.id, plan=2, base_minor=premium, rate_bp=10_000,
                premium_minor=premium, currency="USD", restarts_allowed=2, business_days=14, state=CoverState.OPEN,
                sold_at=starts_at, starts_at=starts_at, ends_at=ends_at, refunded_minor=refunded,
                earned_minor=chance.choice((0, 0, (premium - refunded) // 2)),
                earned_through=starts_at.date() + timedelta(days=chance.randint(-1, 70)),
            )
        )  # fmt: skip
    session.add_all(covers)
    session.flush()
    return covers


def expected_of(session: Session, cover: Cover) -> list[tuple[str, date, int]]:
    """This will return what the rule earns of a cover, one step after the other."""
    assert cover.starts_at
    assert cover.ends_at
    assert cover.earned_through
    days = WorkingDays(calendar(session, "kyiv"))
    stretch, earned, found = stretch_of(cover.starts_at, cover.ends_at, days.calendar.zone), cover.earned_minor, []
    for on, dated_on in steps(cover.earned_through, THROUGH, stretch.last_on):
        due = earned_by(cover.premium_minor, cover.refunded_minor, on=on, stretch=stretch, days=days)
        if due > earned:
            found.append((earning_cause(cover.id, cover.version, dated_on), dated_on, due - earned))
            earned = due
    return found


def posted(session: Session) -> list[tuple[str, date, int]]:
    wanted = select(JournalEntry.cause, JournalEntry.happened_on, Posting.amount_minor).join(Posting)
    rows = session.execute(wanted.where(JournalEntry.kind == EntryKind.EARNING))
    return sorted((cause, on, amount) for cause, on, amount in rows)


def earn_all(app: Flask, *, limit: int) -> None:
    more = 1
    while more:
        with transaction() as session:
            more = earn_some(session, now=LOOKED_AT, limit=limit)


def test_many_covers_earn_at_once_what_the_rule_says_of_each_to_the_cent(session: Session) -> None:
    covers = many_covers(session, 300)
    before = {cover.id: cover.earned_minor for cover in covers}
    expected = sorted(row for cover in covers for row in expected_of(session, cover))
    while earn_some(session, now=LOOKED_AT, limit=120):
        pass
    assert len(expected) > 200
    assert posted(session) == expected
    session.expire_all()
    assert all(cover.earned_through and cover.earned_through >= THROUGH for cover in covers)
    wanted = select(Posting.cover_id, func.sum(Posting.amount_minor)).group_by(Posting.cover_id)
    booked = {cover_id: amount for cover_id, amount in session.execute(wanted) if cover_id is not None}
    assert all(cover.earned_minor == before[cover.id] + booked.get(cover.id, 0) for cover in covers)


def test_a_kill_between_and_inside_of_batches_loses_nothing_and_posts_nothing_twice(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            covers = many_covers(session, 60)
            expected = sorted(row for cover in covers for row in expected_of(session, cover))
        for _each in range(2):
            with pytest.raises(Killed), transaction() as session:
                earn_some(session, now=LOOKED_AT, limit=25)
                raise Killed
            with transaction() as session:
                assert earn_some(session, now=LOOKED_AT, limit=25) == 25
        earn_all(app, limit=25)
        with reading() as session:
            assert posted(session) == expected


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_earnings_at_the_same_time_share_the_covers(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            covers = many_covers(session, 60)
            expected = sorted(row for cover in covers for row in expected_of(session, cover))
        with transaction() as first, transaction() as second:
            taken = earn_some(first, now=LOOKED_AT, limit=25)
            rest = earn_some(second, now=LOOKED_AT)
        with reading() as session:
            assert posted(session) == expected
            behind = select(func.count()).where(Cover.earned_through < THROUGH)
            assert (taken, session.scalar(behind)) == (25, 0)
            assert rest > 0
