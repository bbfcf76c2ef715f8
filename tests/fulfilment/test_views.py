"""The promise in words, for every state an order can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from migrator.calendars.filling import statutory_closed_days
from migrator.catalogue.rules import Selection
from migrator.clock.calendar import WEEKDAYS_WHOLE_DAY, Calendar
from migrator.clock.pauses import Pause
from migrator.fulfilment.preview import date_if_answered_tomorrow
from migrator.fulfilment.rules import Facts, dates_of
from migrator.fulfilment.views import PromiseKind, earliest, promise, promise_in_short
from migrator.orders.lifecycle import OrderState
from migrator.orders.rules import frozen_terms
from migrator.orders.terms import Terms
from migrator.policy.loading import catalogue, migration_desk
from tests.factories.fulfilment import FAMILIES, kyiv

NOW = kyiv("2026-11-24 11:00")
WAITED = Pause(kyiv("2026-11-27 15:00"), kyiv("2026-12-01 12:00"), "the FTP or SFTP login of the old site")


@pytest.fixture(scope="module")
def kyiv_calendar() -> Calendar:
    days = statutory_closed_days([2026, 2027, 2028])
    return Calendar(
        key="kyiv",
        name="Statutory, Kyiv",
        zone="Europe/Kyiv",
        week=WEEKDAYS_WHOLE_DAY,
        closed_days={day.on: day for day in days},
        exceptions={},
        exceptions_win=False,
        filled_from=date(2026, 1, 1),
        filled_until=date(2028, 12, 31),
    )


def terms(sku: str = "PACK-BASIC", **differences: object) -> Terms:
    selection = Selection(FAMILIES[sku.split("-")[0]], sku, 800, "wordpress", "shopify")
    return replace(frozen_terms(selection, catalogue=catalogue(), desk=migration_desk()), **differences)


def facts(state: OrderState, **differences: object) -> Facts:
    under_way = {"submitted_at": NOW, "verified_at": NOW} if state not in BEFORE_COUNT else {}
    return Facts(**{"state": state, "terms": terms(), "placed_at": NOW, **under_way, **differences})


BEFORE_COUNT = {OrderState.AWAITING_PAYMENT, OrderState.AWAITING_ACCESS, OrderState.VERIFYING}


@pytest.mark.parametrize(
    ("sku", "words"),
    [
        ("PACK-BASIC", "If everything is in today and checked by Wed 25 Nov: ready by Fri 4 Dec."),
        ("ASSIST-BASIC", "If everything is in today and checked by Wed 25 Nov: preview ready by Mon 30 Nov."),
        ("SELF-1000", "If everything is in today and checked by Wed 25 Nov, you can start."),
        ("PACK-ULTIMATE", "If everything is in today and checked by Wed 25 Nov, we agree on a date with you."),
    ],
)
def test_before_the_access_is_there_only_the_earliest_date_is_named(
    kyiv_calendar: Calendar, sku: str, words: str
) -> None:
    view = promise(facts(OrderState.AWAITING_ACCESS, terms=terms(sku)), kyiv_calendar, now=NOW)
    assert (view.kind, view.line, view.due_at) == (PromiseKind.NONE, None, None)
    assert view.sentence == f"The count has not started. {words}"


def test_while_we_check_the_check_is_an_aim(kyiv_calendar: Calendar) -> None:
    view = promise(facts(OrderState.VERIFYING, submitted_at=NOW), kyiv_calendar, now=NOW)
    assert str(view.line) == "We aim: checked by Wed 25 Nov 2026, 11:00 Kyiv. 1 working day from Tue 24 Nov, 11:00."
    assert view.kind is PromiseKind.CHECK


def test_under_way_the_promise_line_gives_date_and_reason(kyiv_calendar: Calendar) -> None:
    under_way = facts(OrderState.IN_PROGRESS, pauses=(WAITED,))
    view = promise(under_way, kyiv_calendar, now=kyiv("2026-12-02 09:00"), viewer_zone="Europe/Berlin")
    assert str(view.line) == (
        "Ready by Mon 7 Dec 2026, 08:00 Kyiv (07:00 your time). 7 working days from Tue 24 Nov, 11:00, plus 45 "
        "working hours while we waited for the FTP or SFTP login of the old site."
    )
    assert view.due_at == view.stored_due_at == dates_of(under_way, kyiv_calendar).due_at
    assert (view.sentence, view.is_late) == ("", False)


def test_while_paused_the_line_says_what_an_answer_now_would_give(kyiv_calendar: Calendar) -> None:
    paused = facts(OrderState.PAUSED, pauses=(replace(WAITED, until_at=None),))
    view = promise(paused, kyiv_calendar, now=kyiv("2026-12-01 12:00"))
    assert view.line is not None
    assert view.line.headline == "If you answer now: ready by Mon 7 Dec 2026, 08:00"
    assert view.stored_due_at == kyiv("2026-12-03 11:00")
    assert view.sentence == "Your date moves by the working time this takes."


def test_an_assisted_order_promises_the_preview(kyiv_calendar: Calendar) -> None:
    view = promise(facts(OrderState.IN_PROGRESS, terms=terms("ASSIST-BASIC")), kyiv_calendar, now=NOW)
    assert view.line is not None
    assert view.line.headline == "Preview ready by Fri 27 Nov 2026, 11:00"


def test_a_date_to_be_agreed_says_by_when_and_then_what_is_proposed(kyiv_calendar: Calendar) -> None:
    waiting = facts(OrderState.IN_PROGRESS, terms=terms("PACK-ULTIMATE"))
    view = promise(waiting, kyiv_calendar, now=NOW)
    assert view.line is not None
    assert view.line.headline == "Date to be agreed by Fri 27 Nov 2026, 11:00"
    proposed = promise(replace(waiting, proposed_at=kyiv("2026-12-28 11:00")), kyiv_calendar, now=NOW)
    assert proposed.sentence == "We propose Mon 28 Dec 2026, 11:00. Accept it, or write to us."


def test_an_agreed_date_is_called_agreed(kyiv_calendar: Calendar) -> None:
    agreed = facts(OrderState.IN_PROGRESS, terms=terms("PACK-ULTIMATE"), agreed_at=kyiv("2026-12-28 11:00"))
    view = promise(agreed, kyiv_calendar, now=NOW)
    assert view.line is not None
    assert view.line.headline == "Agreed with you: ready by Mon 28 Dec 2026, 11:00"


def test_lateness_counts_working_time_and_waiting_since_does_not_heal_it(kyiv_calendar: Calendar) -> None:
    late = facts(OrderState.IN_PROGRESS)
    view = promise(late, kyiv_calendar, now=kyiv("2026-12-07 11:00"))
    assert (view.late_seconds, view.expected_at) == (48 * 3_600, None)
    assert view.sentence == "We have missed this date by 48 working hours."
    waited = Pause(kyiv("2026-12-04 11:00"), kyiv("2026-12-07 11:00"), "the bridge")
    view = promise(replace(late, pauses=(waited,)), kyiv_calendar, now=kyiv("2026-12-07 15:00"))
    assert view.due_at == kyiv("2026-12-03 11:00")
    assert view.late_seconds == 52 * 3_600
    assert view.expected_at == kyiv("2026-12-04 11:00")


def test_a_pause_after_the_missed_date_neither_hides_nor_moves_it(kyiv_calendar: Calendar) -> None:
    asked = Pause(kyiv("2026-12-04 11:00"), None, "the bridge")
    view = promise(facts(OrderState.PAUSED, pauses=(asked,)), kyiv_calendar, now=kyiv("2026-12-07 11:00"))
    assert view.line is not None
    assert view.line.headline == "Ready by Thu 3 Dec 2026, 11:00"
    assert view.sentence.startswith("We have missed this date by 48 working hours. Moved by the time we have waited")
    assert "Your date moves" not in view.sentence


@pytest.mark.parametrize("sku", ["PACK-BASIC", "PACK-ULTIMATE", "ASSIST-BASIC", "SELF-1000"])
@pytest.mark.parametrize("state", list(OrderState))
def test_the_list_says_what_the_tracker_says(kyiv_calendar: Calendar, sku: str, state: OrderState) -> None:
    order = facts(state, terms=terms(sku), **({"submitted_at": NOW} if state is OrderState.VERIFYING else {}))
    short = promise_in_short(order, dates_of(order, kyiv_calendar), zone=kyiv_calendar.zone)
    view = promise(order, kyiv_calendar, now=NOW)
    if view.line:
        assert short.removesuffix(", before this pause").lower() in view.line.headline.lower()
    else:
        assert short == "–" or view.sentence.startswith(short)


@pytest.mark.parametrize(
    ("sku", "words"),
    [
        ("PACK-BASIC", "Ready by Thu 3 Dec 2026, 11:00"),
        ("PACK-ULTIMATE", "Date to be agreed by Fri 27 Nov 2026, 11:00"),
        ("ASSIST-BASIC", "Preview ready by Fri 27 Nov 2026, 11:00"),
        ("SELF-1000", "You start the migration yourself, so no date is promised."),
    ],
)
def test_the_list_names_what_each_family_promises(kyiv_calendar: Calendar, sku: str, words: str) -> None:
    order = facts(OrderState.IN_PROGRESS, terms=terms(sku))
    assert promise_in_short(order, dates_of(order, kyiv_calendar), zone=kyiv_calendar.zone) == words


def test_nothing_is_owed_while_a_proposed_date_waits_for_the_customer(kyiv_calendar: Calendar) -> None:
    order = facts(OrderState.IN_PROGRESS, terms=terms("PACK-ULTIMATE"))
    assert dates_of(order, kyiv_calendar).promise_at == kyiv("2026-11-27 11:00")
    proposed = dates_of(replace(order, proposed_at=kyiv("2026-12-28 11:00")), kyiv_calendar)
    assert (proposed.agree_by_at, proposed.promise_at) == (kyiv("2026-11-27 11:00"), None)


@pytest.mark.parametrize("state", [OrderState.COMPLETED, OrderState.CANCELLED])
def test_an_ended_order_promises_nothing(kyiv_calendar: Calendar, state: OrderState) -> None:
    view = promise(facts(state), kyiv_calendar, now=NOW)
    assert (view.kind, view.line) == (PromiseKind.NONE, None)


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_has_something_to_say(kyiv_calendar: Calendar, state: OrderState) -> None:
    view = promise(facts(state, submitted_at=NOW), kyiv_calendar, now=NOW)
    assert view.line or view.sentence


def test_a_preview_of_a_pause_says_where_the_date_would_go(kyiv_calendar: Calendar) -> None:
    under_way = facts(OrderState.IN_PROGRESS)
    asked_at = kyiv("2026-11-26 15:00")
    assert date_if_answered_tomorrow(under_way, kyiv_calendar, now=asked_at) == kyiv("2026-12-04 11:00")
    assert date_if_answered_tomorrow(facts(OrderState.VERIFYING), kyiv_calendar, now=asked_at) is None


def test_the_earliest_date_follows_the_quoted_one_while_it_lies_far_enough_off(kyiv_calendar: Calendar) -> None:
    far, near = kyiv("2027-01-20 11:00"), kyiv("2026-12-10 11:00")
    quoted = terms("PACK-ULTIMATE", agreed_at=far.isoformat())
    assert earliest(quoted, kyiv_calendar, now=NOW).ready_at == far
    assert earliest(replace(quoted, agreed_at=near.isoformat()), kyiv_calendar, now=NOW).ready_at is None
