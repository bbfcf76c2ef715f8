"""How long each window lasts, and when an order is complete: tables of examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.wording import end_text
from migrator.fulfilment.changes.models import ChangeKind
from migrator.fulfilment.changes.rules import is_included, mode_words
from migrator.fulfilment.runs.models import RunState
from migrator.fulfilment.runs.result_rules import RestartFacts, why_no_restart
from migrator.fulfilment.windows.completion import (
    CompletionFacts,
    RequestFact,
    WindowFact,
    completed_at,
    hours_lapse_at,
    is_silence_held,
)
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.rules import access_may_last_to, ends_at
from migrator.fulfilment.windows.views import OpenWindow, Standing, open_views
from migrator.orders.lifecycle import OrderState
from migrator.orders.rules import frozen_terms
from migrator.orders.terms import InsuranceTerms, Terms
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Family
from tests.factories.fulfilment import kyiv
from tests.factories.selections import a_selection

CALENDAR = calendar_from_statute("kyiv", first_year=2026, last_year=2027)
REVIEW, CHANGES, INSURANCE, ACCESS = (
    WindowKind.REVIEW, WindowKind.CHANGES, WindowKind.INSURANCE, WindowKind.ACCESS
)  # fmt: skip
DONE = kyiv("2026-11-23 15:20")
SEVENTH, LAST_DAY = kyiv("2026-12-08 00:00"), kyiv("2027-01-01 00:00")
COVERS = {plan.plan: InsuranceTerms(plan.plan, plan.restarts, plan.business_days, plan.rate_bp)
          for plan in catalogue().insurance}  # fmt: skip


def terms_of(sku: str, plan: int) -> Terms:
    terms = frozen_terms(a_selection(sku), catalogue=catalogue(), desk=migration_desk())
    return replace(terms, insurance=COVERS[plan])


@pytest.mark.parametrize(
    ("done", "kind", "sku", "plan", "end"),
    [
        ("2026-11-23 15:20", REVIEW, "PACK-BASIC", 3, "end of Mon 7 Dec 2026"),
        ("2026-11-23 15:20", ACCESS, "ASSIST-BASIC", 3, "Tue 8 Dec 2026, 15:20"),
        ("2026-11-23 15:20", ACCESS, "PACK-BASIC", 3, "Mon 14 Dec 2026, 15:20"),
        ("2026-11-23 15:20", INSURANCE, "PACK-BASIC", 1, "end of Wed 2 Dec 2026"),
        ("2026-11-23 15:20", INSURANCE, "PACK-BASIC", 2, "end of Fri 11 Dec 2026"),
        ("2026-11-23 15:20", INSURANCE, "PACK-BASIC", 3, "end of Wed 6 Jan 2027"),
        ("2026-12-21 15:20", INSURANCE, "PACK-BASIC", 1, "end of Thu 31 Dec 2026"),
        ("2026-12-21 15:20", INSURANCE, "PACK-BASIC", 2, "end of Tue 12 Jan 2027"),
        ("2026-12-21 15:20", INSURANCE, "PACK-BASIC", 3, "end of Wed 3 Feb 2027"),
        ("2026-12-01 10:00", CHANGES, "PACK-BASIC", 1, "end of Thu 31 Dec 2026"),
    ],
)
def test_windows_end_as_the_worked_examples_say(done: str, kind: WindowKind, sku: str, plan: int, end: str) -> None:
    computed = ends_at(kind, kyiv(done), terms=terms_of(sku, plan), calendar=CALENDAR)
    assert end_text(computed, CALENDAR.zone) == end


def facts(family: Family, *windows: tuple[WindowKind, datetime | None], **more: object) -> CompletionFacts:
    return CompletionFacts(family, tuple(WindowFact(*window) for window in windows), **more)  # type: ignore[arg-type]


LATE = kyiv("2027-01-04 12:00")
IN_TIME_DONE_LATE = RequestFact(ChangeKind.CHANGE, is_included=True, ended_at=LATE)
IN_TIME_OPEN = RequestFact(ChangeKind.CHANGE, is_included=True)
TOO_LATE_OPEN = RequestFact(ChangeKind.CHANGE, is_included=False)
PROBLEM = RequestFact(ChangeKind.PROBLEM, is_included=True)


@pytest.mark.parametrize(
    ("stands", "complete_at"),
    [
        (facts(Family.ASSISTED), None),
        (facts(Family.ASSISTED, (REVIEW, None)), None),
        (facts(Family.ASSISTED, (REVIEW, SEVENTH), (INSURANCE, None), (ACCESS, None)), SEVENTH),
        (facts(Family.SELF_SERVICE, (REVIEW, DONE), (REVIEW, SEVENTH)), SEVENTH),
        (facts(Family.SELF_SERVICE, (REVIEW, SEVENTH), has_active_run=True), None),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH)), None),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH), (CHANGES, None)), None),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH), (CHANGES, LAST_DAY)), LAST_DAY),
        (facts(Family.PACKAGE, (REVIEW, None), (CHANGES, LAST_DAY)), None),
        (facts(Family.PACKAGE, (REVIEW, LATE), (CHANGES, LAST_DAY)), LATE),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH), (CHANGES, LAST_DAY), requests=(IN_TIME_OPEN,)), None),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH), (CHANGES, LAST_DAY), requests=(IN_TIME_DONE_LATE,)), LATE),
        (facts(Family.PACKAGE, (REVIEW, SEVENTH), (CHANGES, LAST_DAY), requests=(TOO_LATE_OPEN,)), LAST_DAY),
    ],
)
def test_an_order_is_complete_when_the_last_thing_that_was_promised_has_ended(
    stands: CompletionFacts, complete_at: datetime | None
) -> None:
    assert completed_at(stands) == complete_at


def test_hours_last_as_long_as_a_request_that_came_in_time() -> None:
    ended = ((REVIEW, None), (CHANGES, LAST_DAY))
    assert hours_lapse_at(facts(Family.PACKAGE, *ended)) == LAST_DAY
    assert hours_lapse_at(facts(Family.PACKAGE, *ended, requests=(IN_TIME_OPEN,))) is None
    assert hours_lapse_at(facts(Family.PACKAGE, *ended, requests=(IN_TIME_DONE_LATE, TOO_LATE_OPEN))) == LATE


def test_silence_means_nothing_while_we_owe_an_answer_or_run_again() -> None:
    reviewed = (REVIEW, None)
    assert not is_silence_held(facts(Family.ASSISTED, reviewed, requests=(TOO_LATE_OPEN,)))
    assert is_silence_held(facts(Family.ASSISTED, reviewed, requests=(PROBLEM,)))
    assert is_silence_held(facts(Family.ASSISTED, reviewed, has_active_run=True))


@pytest.mark.parametrize(
    ("family", "ends", "at", "included"),
    [
        (Family.PACKAGE, None, "2026-11-30 10:00", True),
        (Family.PACKAGE, LAST_DAY, "2026-12-31 23:59", True),
        (Family.PACKAGE, LAST_DAY, "2027-01-01 00:00", False),
        (Family.ASSISTED, None, "2026-11-30 10:00", False),
    ],
)
def test_a_change_is_included_until_the_last_midnight(
    family: Family, ends: datetime | None, at: str, included: bool
) -> None:
    assert is_included(family, ends, now=kyiv(at)) is included


def test_the_form_says_what_is_left_and_when_it_becomes_a_quote() -> None:
    words = mode_words(included=True, ends_text="end of Thu 31 Dec 2026", minutes_left=216)
    assert words == "Included until end of Thu 31 Dec 2026. You have 3.6 h left."
    assert mode_words(included=False, ends_text="", minutes_left=0).startswith("This will be a quote")


COVERED = RestartFacts(
    OrderState.IN_REVIEW, limit=2, used=1, window_ends_at=kyiv("2026-12-12 00:00"), is_window_open=True
)


@pytest.mark.parametrize(
    ("differences", "at", "why"),
    [
        ({}, "2026-12-11 23:59", ""),
        ({"state": OrderState.COMPLETED}, "2026-12-11 23:59", ""),
        ({}, "2026-12-12 00:00", "Your insurance ended: end of Fri 11 Dec 2026."),
        ({"limit": 0, "used": 0}, "2026-12-01 10:00", "This order has no insurance."),
        ({"used": 2}, "2026-12-01 10:00", "You have used all 2 restarts."),
        ({"limit": 1}, "2026-12-01 10:00", "You have used your 1 restart."),
        ({"active": RunState.RUNNING}, "2026-12-01 10:00", "The migration is running now."),
        ({"active": RunState.REQUESTED}, "2026-12-01 10:00", "A restart is asked for already."),
        ({"window_ends_at": None}, "2026-12-01 10:00", "Nothing has been migrated yet"),
        ({"state": OrderState.PAUSED}, "2026-12-01 10:00", "Your order is being worked on."),
    ],
)
def test_a_restart_that_cannot_be_asked_for_says_why(differences: dict[str, object], at: str, why: str) -> None:
    said = why_no_restart(replace(COVERED, **differences), now=kyiv(at), zone="Europe/Kyiv")  # type: ignore[arg-type]
    assert said.startswith(why)
    assert bool(said) is bool(why)


def test_access_may_last_as_long_as_the_last_other_window() -> None:
    assert access_may_last_to([(REVIEW, SEVENTH), (CHANGES, LAST_DAY), (ACCESS, LATE)]) == LAST_DAY
    assert access_may_last_to([(ACCESS, LATE)]) is None


def test_what_is_still_open_is_sorted_by_its_end_and_explains_it() -> None:
    terms = terms_of("PACK-BASIC", 3)
    opened = {REVIEW: DONE, ACCESS: DONE, INSURANCE: DONE, CHANGES: kyiv("2026-12-01 10:00")}
    windows = [OpenWindow(kind, at, ends_at(kind, at, terms=terms, calendar=CALENDAR)) for kind, at in opened.items()]
    standing = Standing(terms, minutes_left=216, restarts_left=3, restarts_limit=3)
    views = open_views(windows, standing, CALENDAR, now=kyiv("2026-12-01 10:00"))
    assert [(view.kind, view.ends_text) for view in views] == [
        (REVIEW, "end of Mon 7 Dec 2026"),
        (ACCESS, "Mon 14 Dec 2026, 15:20"),
        (CHANGES, "end of Thu 31 Dec 2026"),
        (INSURANCE, "end of Wed 6 Jan 2027"),
    ]
    assert views[2].sentence == "Included until end of Thu 31 Dec 2026. You have 3.6 h left; then they lapse."
    assert views[3].derivation
    assert views[3].derivation.counted_seconds == 30 * 86_400
    held = replace(standing, has_problem=True)
    later = open_views(windows, held, CALENDAR, now=kyiv("2026-12-15 10:00"))
    assert [view.kind for view in later] == [REVIEW, CHANGES, INSURANCE]
    assert "Nothing is accepted" in later[0].sentence
