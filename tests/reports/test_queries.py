"""What reports count, on both databases: demand, answers, promises, pauses and checks (RULES C-003, M-043)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.orders.models import CustomerMessage
from migrator.policy.support import Firmness
from migrator.reports.queries import (
    NOBODY,
    access_checks,
    demand,
    first_answers,
    kept_answers,
    kept_deliveries,
    paused_seconds,
)
from migrator.reports.rules import Kept, Period, Typical
from migrator.support.categories import Category, Desk
from migrator.support.models import Ticket
from tests.factories.fulfilment import an_order_under_way
from tests.factories.people import a_customer, an_account_manager
from tests.factories.tickets import a_hosting_ticket, a_ticket

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "Europe/Kyiv")


@pytest.fixture
def ines(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def oksana(session: Session) -> Person:
    return an_account_manager(session, name="Oksana")


def answered(session: Session, ticket: Ticket, *, after: timedelta, by: Person | None = None) -> None:
    ticket.first_response_at = ticket.opened_at + after
    ticket.assignee_id = by.id if by else None
    session.flush()


def test_demand_is_counted_by_desk_category_and_hour_inside_the_period(
    session: Session, ines: Person, now: datetime
) -> None:
    for minutes in (0, 59, 60):
        a_ticket(session, person=ines, at=now + timedelta(minutes=minutes))
    a_hosting_ticket(session, person=ines, at=now)
    a_ticket(session, person=ines, at=now - 40 * DAY)
    found = sorted((each.desk.value, each.hour, each.tickets) for each in demand(session, NOVEMBER))
    assert found == [
        ("hosting", "2026-11-24 09", 1),
        ("migration", "2026-11-24 09", 2),
        ("migration", "2026-11-24 10", 1),
    ]


@pytest.mark.parametrize(("hours", "middle"), [([5], 5), ([1, 9], 1), ([3, 1, 8], 3), ([4, 2, 6, 8], 4)])
def test_the_typical_first_answer_is_the_middle_one(
    session: Session, ines: Person, now: datetime, hours: list[int], middle: int
) -> None:
    for count in hours:
        answered(session, a_ticket(session, person=ines, at=now), after=count * HOUR)
    a_ticket(session, person=ines, at=now)
    assert first_answers(session, NOVEMBER) == {Desk.MIGRATION: Typical(middle * 3_600, len(hours))}


def test_answers_are_kept_late_or_not_due_yet_and_targets_stand_apart(
    session: Session, ines: Person, oksana: Person, now: datetime
) -> None:
    answered(session, a_hosting_ticket(session, person=ines, at=now), after=timedelta(minutes=15), by=oksana)
    answered(session, a_hosting_ticket(session, person=ines, at=now), after=timedelta(minutes=15, seconds=1), by=oksana)
    a_hosting_ticket(session, person=ines, at=now - HOUR)
    a_hosting_ticket(session, person=ines, at=now)
    billing = a_hosting_ticket(session, person=ines, at=now, category=Category.BILLING)
    answered(session, billing, after=HOUR, by=oksana)
    found = {(each.person, each.firmness): each.kept for each in kept_answers(session, NOVEMBER, now=now)}
    assert found == {
        ("Oksana", Firmness.GUARANTEED): Kept(1, 1),
        ("Oksana", Firmness.TARGET): Kept(1, 0),
        (NOBODY, Firmness.GUARANTEED): Kept(0, 1),
    }


def test_deliveries_count_when_they_were_made_and_when_they_are_late(
    session: Session, ines: Person, oksana: Person, now: datetime
) -> None:
    for days, source in ((3, "wordpress"), (12, "joomla")):
        an_order_under_way(session, ines, oksana, now=now, source=source).delivered_at = now + days * DAY
    an_order_under_way(session, ines, oksana, now=now, source="drupal")
    session.flush()
    until = Period(date(2026, 11, 1), date(2026, 12, 31), "Europe/Kyiv")
    assert kept_deliveries(session, until, now=now + 2 * DAY) == {"Oksana": Kept(1, 1)}
    assert kept_deliveries(session, until, now=now + 20 * DAY) == {"Oksana": Kept(1, 2)}


def test_pauses_are_counted_inside_the_period_alone(
    session: Session, ines: Person, oksana: Person, now: datetime
) -> None:
    order = an_order_under_way(session, ines, oksana, now=now)
    message = a_message(session, order.id, ines.id, now)
    for started_at, ended_at in ((now - 40 * DAY, NOVEMBER.begins_at + DAY), (now, now + 2 * HOUR), (now, None)):
        reason = PauseReason.APPROVAL_MISSING if ended_at else PauseReason.DECISION_MISSING
        session.add(
            PauseRow(
                order_id=order.id, reason=reason, message_id=message, started_at=started_at, ended_at=ended_at
            )
        )  # fmt: skip
    session.flush()
    assert paused_seconds(session, NOVEMBER, now=now + 5 * HOUR) == {
        PauseReason.APPROVAL_MISSING: 26 * 3_600,
        PauseReason.DECISION_MISSING: 5 * 3_600,
    }


def test_the_check_of_access_is_measured_in_working_time(
    session: Session, ines: Person, oksana: Person, now: datetime
) -> None:
    order = an_order_under_way(session, ines, oksana, now=now)
    order.submitted_at, order.verified_at = now - 4 * DAY, now
    session.flush()
    # Fri 20 Nov, 11:00 to Tue 24 Nov, 11:00: the weekend counts nothing.
    assert access_checks(session, NOVEMBER) == Typical(48 * 3_600, 1)


def test_each_question_is_asked_once_however_much_there_is(session: Session, ines: Person, now: datetime) -> None:
    for _ in range(12):
        answered(session, a_ticket(session, person=ines, at=now), after=HOUR)
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    demand(session, NOVEMBER)
    first_answers(session, NOVEMBER)
    kept_answers(session, NOVEMBER, now=now)
    paused_seconds(session, NOVEMBER, now=now)
    assert len(asked) == 4


def a_message(session: Session, order_id: int, author_id: int, at: datetime) -> int:
    message = CustomerMessage(order_id=order_id, author_id=author_id, body="Please look", sent_at=at)
    session.add(message)
    session.flush()
    return message.id
