"""By when a request is answered: every boundary of every clock of both desks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from migrator.clock.calendar import Calendar
from migrator.clock.instants import read_instant, zone_named
from migrator.clock.wording import instant_text
from migrator.policy.support import Firmness, support_policy
from migrator.support.categories import OFFERED, TAKEN, Category, Desk
from migrator.support.rules import (
    Asked,
    Promised,
    amber_from,
    answer_by,
    closes_at,
    dates_of,
    derivation_of,
    is_late,
    promised_for,
    reopen_until,
)
from tests.clock.examples import always, kyiv

KYIV = zone_named("Europe/Kyiv")
CALENDARS = {"kyiv": kyiv, "always": always}


def at(text: str) -> datetime:
    return read_instant(text, KYIV)


def promise(desk: Desk, category: Category, plan_minutes: int | None = 15) -> Promised:
    return promised_for(support_policy(desk).response_for(category), plan_minutes=plan_minutes)


def calendar_of(promised: Promised) -> Calendar:
    return CALENDARS[promised.calendar]()


def due_text(desk: Desk, category: Category, asked: str) -> str:
    promised = promise(desk, category)
    return instant_text(answer_by(calendar_of(promised), promised, at(asked)), "Europe/Kyiv")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-11-24T11:00", "Fri 27 Nov 2026, 11:00"),
        ("2026-11-27T17:00", "Wed 2 Dec 2026, 17:00"),
        ("2026-11-28T12:00", "Thu 3 Dec 2026, 00:00"),
        ("2026-11-29T23:59", "Thu 3 Dec 2026, 00:00"),
        ("2026-12-23T10:00", "Tue 29 Dec 2026, 10:00"),
        ("2026-12-31T16:00", "Wed 6 Jan 2027, 16:00"),
        ("2026-03-27T12:00", "Wed 1 Apr 2026, 12:00"),
        ("2026-10-23T12:00", "Wed 28 Oct 2026, 12:00"),
    ],
    ids=[
        "weekdays",
        "weekend",
        "sent on Saturday",
        "sent on Sunday",
        "Christmas",
        "New Year",
        "clocks forward",
        "back",
    ],
)
def test_the_migration_desk_answers_within_72_working_hours(asked: str, expected: str) -> None:
    """RULES C-021, X-01; holidays C-017, clock changes D-2."""
    assert due_text(Desk.MIGRATION, Category.TROUBLESHOOTING, asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-11-27T17:00", "Mon 30 Nov 2026, 17:00"),
        ("2026-12-24T09:00", "Sun 27 Dec 2026, 09:00"),
        ("2026-03-27T12:00", "Mon 30 Mar 2026, 13:00"),
        ("2026-10-23T12:00", "Mon 26 Oct 2026, 11:00"),
    ],
    ids=["weekend", "Christmas", "clocks forward", "back"],
)
def test_the_hosting_desk_means_72_hours_by_the_clock_for_billing(asked: str, expected: str) -> None:
    """RULES M-044, X-01: as many hours as pass, also where the clocks change."""
    assert due_text(Desk.HOSTING, Category.BILLING, asked) == expected


@pytest.mark.parametrize(
    ("taken", "late"),
    [
        (timedelta(minutes=14, seconds=59, milliseconds=999), False),
        (timedelta(minutes=15), False),
        (timedelta(minutes=15, microseconds=1), True),
        (timedelta(minutes=15, milliseconds=1), True),
    ],
)
@pytest.mark.parametrize("asked", ["2026-11-24T11:00:00", "2026-11-29T03:07:59.999999", "2026-10-25T03:50:00.5"])
def test_fifteen_minutes_to_the_instant_are_in_time(asked: str, taken: timedelta, late: bool) -> None:
    """RULES M-018: late only when more than 15 minutes have passed, at any hour of any day."""
    promised = promise(Desk.HOSTING, Category.TECHNICAL)
    due_at = answer_by(always(), promised, at(asked))
    assert is_late(due_at, at(asked) + taken) is late


@pytest.mark.parametrize(
    ("desk", "category", "asked", "expected"),
    [
        (Desk.HOSTING, Category.TECHNICAL, "2026-11-24T11:00", "Tue 24 Nov 2026, 11:12"),
        (Desk.HOSTING, Category.BILLING, "2026-11-27T17:00", "Sun 29 Nov 2026, 17:00"),
        (Desk.MIGRATION, Category.REQUEST, "2026-11-27T17:00", "Tue 1 Dec 2026, 17:00"),
    ],
)
def test_the_desk_is_warned_before_an_answer_is_due(desk: Desk, category: Category, asked: str, expected: str) -> None:
    """RULES M-018 (12 of 15 minutes), M-044 (48 of 72 hours)."""
    promised = promise(desk, category)
    assert instant_text(amber_from(calendar_of(promised), promised, at(asked)), "Europe/Kyiv") == expected


@pytest.mark.parametrize(
    ("desk", "category", "firmness"),
    [
        (Desk.MIGRATION, Category.SERVICE_QUESTION, Firmness.GUARANTEED),
        (Desk.MIGRATION, Category.BILLING, Firmness.GUARANTEED),
        (Desk.MIGRATION, Category.FORUM, Firmness.AIM),
        (Desk.MIGRATION, Category.IDEA, Firmness.NONE),
        (Desk.MIGRATION, Category.SALES, Firmness.NONE),
        (Desk.HOSTING, Category.TECHNICAL, Firmness.GUARANTEED),
        (Desk.HOSTING, Category.BILLING, Firmness.TARGET),
        (Desk.HOSTING, Category.SALES, Firmness.NONE),
    ],
)
def test_a_date_is_as_firm_as_the_policy_says(desk: Desk, category: Category, firmness: Firmness) -> None:
    """RULES C-007, C-014, C-021, M-018, M-043, M-045."""
    assert promise(desk, category).firmness is firmness


def test_a_plan_without_a_response_promise_promises_none() -> None:
    """RULES M-018."""
    promised = promise(Desk.HOSTING, Category.TECHNICAL, plan_minutes=None)
    asked = Asked(at("2026-11-24T11:00"), at("2026-11-24T11:00"))
    assert dates_of(None, promised, asked).promise_at is None


@pytest.mark.parametrize("desk", Desk)
def test_every_category_of_a_desk_has_its_response(desk: Desk) -> None:
    policy = support_policy(desk)
    assert set(OFFERED[desk]) <= TAKEN[desk]
    assert {name for response in policy.responses for name in response.categories} == set(TAKEN[desk])


def test_a_forum_question_is_aimed_at_within_five_working_days() -> None:
    """RULES C-014."""
    assert due_text(Desk.MIGRATION, Category.FORUM, "2026-11-27T17:00") == "Fri 4 Dec 2026, 17:00"


def test_nothing_is_owed_once_answered_and_the_first_date_stays() -> None:
    """RULES C-023."""
    promised = promise(Desk.MIGRATION, Category.REQUEST)
    dates = dates_of(kyiv(), promised, Asked(at("2026-11-24T11:00"), None))
    assert (dates.respond_by_at, dates.promise_at, dates.amber_at) == (at("2026-11-27T11:00"), None, None)


def test_the_count_of_an_answer_ends_at_its_date() -> None:
    """RULES X-15: the explanation and the column are one."""
    promised = promise(Desk.MIGRATION, Category.REQUEST)
    derivation = derivation_of(kyiv(), promised, at("2026-11-27T17:00:40"))
    assert derivation.due_at == answer_by(kyiv(), promised, at("2026-11-27T17:00:40")) == at("2026-12-02T17:00")
    assert [row.kind.value for row in derivation.rows] == [
        "counted", "weekend", "weekend", "counted", "counted", "counted",
    ]  # fmt: skip


def test_a_request_closes_three_working_days_after_the_last_question_and_reopens_for_fourteen_days() -> None:
    """RULES C-031, D-4."""
    closed = closes_at(kyiv(), clarified_at=at("2026-11-27T17:00"), business_days=3)
    assert closed == at("2026-12-02T17:00")
    assert reopen_until(kyiv(), closed_at=closed, calendar_days=14) == at("2026-12-17T00:00")
