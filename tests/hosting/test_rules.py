"""What can be brought back and from when, and which minutes of maintenance do not count (M-006 to M-013, M-046)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.errors import DomainError
from migrator.hosting.maintenance_rules import (
    InterruptionUnusable,
    NotOverYet,
    WindowUnusable,
    check_interruption,
    check_window,
    excluded_minutes,
)
from migrator.hosting.restore_rules import (
    FilesMissing,
    NoCopyOfThatDay,
    OutcomeMissing,
    OwnBackupMissing,
    PartOfDatabase,
    RestoreKind,
    RestoreState,
    Wish,
    check_outcome,
    check_wish,
    gone_at,
    is_old,
    restorable_days,
)
from migrator.policy.hosting import hosting_policy

KYIV, TODAY = "Europe/Kyiv", date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
START = datetime(2026, 12, 5, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=2)


def wish(**differences: object) -> Wish:
    facts: dict[str, object] = {
        "kind": "files_whole", "wanted_on": date(2026, 11, 20), "paths": "", "own_backup_on": TODAY,
    }  # fmt: skip
    return Wish(**{**facts, **differences})  # type: ignore[arg-type]


def checked(asked: Wish, *, now: datetime = NOW, zone: str = KYIV) -> RestoreKind:
    return check_wish(asked, now=now, zone=zone, days=7)


def test_the_list_holds_the_last_seven_days_newest_first() -> None:
    days = restorable_days(NOW, KYIV, days=7)
    assert (days[0], days[-1], len(days)) == (TODAY, date(2026, 11, 17), 8)
    # A day begins where the host is.
    assert restorable_days(datetime(2026, 11, 24, 22, 30, tzinfo=UTC), KYIV, days=7)[0] == date(2026, 11, 25)


@pytest.mark.parametrize(("back", "fine"), [(0, True), (1, True), (7, True), (8, False), (30, False), (-1, False)])
def test_day_seven_can_be_had_and_day_eight_cannot(back: int, fine: bool) -> None:
    asked = wish(wanted_on=TODAY - timedelta(days=back))
    if fine:
        assert checked(asked) is RestoreKind.FILES_WHOLE
        return
    with pytest.raises(NoCopyOfThatDay):
        checked(asked)


def test_the_refusal_of_day_eight_says_why_and_what_there_is() -> None:
    with pytest.raises(NoCopyOfThatDay, match=r"kept for 7 days\. The oldest is of Tue 17 Nov 2026"):
        checked(wish(wanted_on=date(2026, 11, 16)))


@pytest.mark.parametrize("days_old", range(8))
def test_a_copy_can_be_asked_for_until_it_disappears(days_old: int) -> None:
    day = TODAY - timedelta(days=days_old)
    gone = gone_at(day, KYIV, days=7)
    assert checked(wish(wanted_on=day), now=gone - timedelta(seconds=1)) is RestoreKind.FILES_WHOLE
    with pytest.raises(NoCopyOfThatDay):
        checked(wish(wanted_on=day), now=gone)


def test_a_copy_lasts_whole_days_over_a_clock_change() -> None:
    assert gone_at(date(2026, 10, 20), KYIV, days=7) == datetime(2026, 10, 27, 22, 0, tzinfo=UTC)
    assert gone_at(date(2026, 10, 17), KYIV, days=7) == datetime(2026, 10, 24, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("differences", "error"),
    [
        ({"kind": "database_part"}, PartOfDatabase),
        ({"kind": "the moon"}, PartOfDatabase),
        ({"wanted_on": None}, NoCopyOfThatDay),
        ({"kind": "files_part"}, FilesMissing),
        ({"kind": "files_part", "paths": " \n"}, FilesMissing),
        ({"own_backup_on": None}, OwnBackupMissing),
        ({"own_backup_on": TODAY + timedelta(days=1)}, OwnBackupMissing),
    ],
)
def test_what_cannot_be_brought_back_is_refused(differences: dict[str, object], error: type[DomainError]) -> None:
    with pytest.raises(error):
        checked(wish(**differences))


def test_a_part_of_a_database_names_the_copy_that_is_possible() -> None:
    with pytest.raises(PartOfDatabase, match="a copy of that day beside the live database"):
        checked(wish(kind="database_part"))
    assert checked(wish(kind="database_copy")) is RestoreKind.DATABASE_COPY


@pytest.mark.parametrize(("days_old", "warns"), [(0, False), (7, False), (8, True)])
def test_an_own_backup_older_than_seven_days_earns_a_warning(days_old: int, warns: bool) -> None:
    assert is_old(TODAY - timedelta(days=days_old), today=TODAY, days=7) is warns


@pytest.mark.parametrize(
    ("kind", "state", "outcome", "link", "fine"),
    [
        (RestoreKind.FILES_WHOLE, RestoreState.DONE, "", "", True),
        (RestoreKind.FILES_WHOLE, RestoreState.DONE_IN_PART, "", "", False),
        (RestoreKind.FILES_WHOLE, RestoreState.NOT_POSSIBLE, "Unreadable.", "", True),
        (RestoreKind.FILES_WHOLE, RestoreState.DONE, "", "https://copy.example", False),
        (RestoreKind.DATABASE_COPY, RestoreState.DONE, "", "", False),
        (RestoreKind.DATABASE_COPY, RestoreState.DONE, "", "https://copy.example", True),
        (RestoreKind.DATABASE_COPY, RestoreState.NOT_POSSIBLE, "Unreadable.", "", True),
    ],
)
def test_less_than_done_is_explained_and_a_copy_has_its_link(
    kind: RestoreKind, state: RestoreState, outcome: str, link: str, fine: bool
) -> None:
    if fine:
        check_outcome(kind, state, outcome=outcome, copy_address=link)
        return
    with pytest.raises(OutcomeMissing):
        check_outcome(kind, state, outcome=outcome, copy_address=link)


def test_a_plan_says_its_promise_in_words() -> None:
    plans = {plan.key: plan.promise for plan in hosting_policy().plans}
    assert plans["start"] == "No response promise on this plan"
    assert plans["business"] == "First answer within 15 minutes, day and night"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "fine"),
    [
        (START, END, True),
        (NOW, END, False),
        (START, START, False),
        (START, START + timedelta(hours=48), True),
        (START, START + timedelta(hours=48, seconds=1), False),
    ],
)
def test_a_window_is_announced_beforehand_and_is_two_days_long_at_most(
    starts_at: datetime, ends_at: datetime, fine: bool
) -> None:
    if fine:
        check_window(starts_at, ends_at, now=NOW)
        return
    with pytest.raises(WindowUnusable):
        check_window(starts_at, ends_at, now=NOW)


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [(20, 32, 12), (-30, 10, 10), (110, 150, 10), (-30, 150, 120), (130, 150, 0), (-30, -10, 0)],
)
def test_only_what_lies_inside_the_window_does_not_count(begins: int, ends: int, minutes: int) -> None:
    down = START + timedelta(minutes=begins), START + timedelta(minutes=ends)
    found = excluded_minutes(starts_at=START, ends_at=END, down_from_at=down[0], down_until_at=down[1])
    assert found == minutes
    assert excluded_minutes(starts_at=START, ends_at=END, down_from_at=None, down_until_at=None) == 0


@given(st.integers(-90_000, 90_000), st.integers(1, 90_000))
def test_never_more_is_excluded_than_was_announced_or_was_interrupted(begins: int, length: int) -> None:
    down_from = START + timedelta(seconds=begins)
    down_until = down_from + timedelta(seconds=length)
    found = excluded_minutes(starts_at=START, ends_at=END, down_from_at=down_from, down_until_at=down_until)
    assert 0 <= found <= min(120, -(-length // 60))


def test_minutes_are_recorded_when_the_window_is_over_and_make_sense() -> None:
    late = END + timedelta(hours=1)
    check_interruption(ends_at=END, down_from_at=None, down_until_at=None, now=END)
    for now, down_from, down_until, error in (
        (END - timedelta(seconds=1), None, None, NotOverYet),
        (late, START, None, InterruptionUnusable),
        (late, END, START, InterruptionUnusable),
        (late, START, late + timedelta(seconds=1), InterruptionUnusable),
    ):
        with pytest.raises(error):
            check_interruption(ends_at=END, down_from_at=down_from, down_until_at=down_until, now=now)
