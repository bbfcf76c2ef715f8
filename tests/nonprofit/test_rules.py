"""Who has the discount, until when, and who may apply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.wording import end_text
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.nonprofit.rules import (
    AlreadyApplied,
    DiscountStillRuns,
    answer_by,
    check_may_apply,
    is_discounted,
    renewal_opens_at,
    standing_of,
    valid_until,
)
from migrator.policy.loading import migration_desk

KYIV = ZoneInfo("Europe/Kyiv")
APPLIED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DECIDED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENDS = datetime(2027, 11, 25, 0, 0, tzinfo=KYIV).astimezone(UTC)
DAYS = calendar_from_statute("kyiv", first_year=2026, last_year=2027)
DESK = migration_desk()
A_SECOND = timedelta(seconds=1)


def an_application(number: int = 1, **differences: object) -> NonprofitApplication:
    """This will return an application that waits for its answer."""
    facts = {"id": number, "state": ApplicationState.PENDING, "applied_at": APPLIED, "answer_by_at": DECIDED}
    return NonprofitApplication(**{**facts, **differences})


def approved(number: int = 1, *, at: datetime = DECIDED, until: datetime = ENDS) -> NonprofitApplication:
    """This will return an application that was approved."""
    return an_application(number, state=ApplicationState.APPROVED, decided_at=at, valid_until_at=until)


DECLINED = an_application(2, state=ApplicationState.DECLINED, decided_at=DECIDED, reason="Not in the register.")


@pytest.mark.parametrize(
    ("applications", "at", "expected"),
    [
        ([], DECIDED, False),
        ([an_application()], DECIDED, False),
        ([DECLINED], DECIDED, False),
        ([an_application(state=ApplicationState.WITHDRAWN, decided_at=DECIDED)], DECIDED, False),
        ([approved()], DECIDED - A_SECOND, False),
        ([approved()], DECIDED, True),
        ([approved(), DECLINED, an_application(3)], DECIDED, True),
        ([approved()], ENDS - A_SECOND, True),
        ([approved()], ENDS, False),
    ],
)
def test_the_discount_is_given_from_approval_to_the_end_of_its_last_day(
    applications: list[NonprofitApplication], at: datetime, expected: bool
) -> None:
    assert is_discounted(applications, at) is expected
    assert standing_of(applications, at).is_discounted is expected


def test_the_aim_is_the_end_of_the_seventh_day() -> None:
    assert end_text(answer_by(DAYS, desk=DESK, now=APPLIED), DAYS.zone) == "end of Sun 29 Nov 2026"


@pytest.mark.parametrize(
    ("running_until", "expected"),
    [
        (None, "end of Wed 24 Nov 2027"),
        (datetime(2026, 12, 10, 0, 0, tzinfo=KYIV), "end of Thu 9 Dec 2027"),
    ],
)
def test_approval_holds_a_year_and_renewal_takes_no_day_away(running_until: datetime | None, expected: str) -> None:
    until = valid_until(DAYS, desk=DESK, running_until=running_until, now=DECIDED)
    assert end_text(until, DAYS.zone) == expected


def test_one_application_at_a_time_waits() -> None:
    standing = standing_of([DECLINED, an_application(3)], DECIDED)
    with pytest.raises(AlreadyApplied, match="We aim to answer by"):
        check_may_apply(standing, calendar=DAYS, desk=DESK, now=DECIDED)
    check_may_apply(standing_of([DECLINED], DECIDED), calendar=DAYS, desk=DESK, now=DECIDED)


def test_renewal_opens_thirty_days_before_the_last_day() -> None:
    opens_at = renewal_opens_at(ENDS, calendar=DAYS, desk=DESK)
    assert opens_at == datetime(2027, 10, 25, 0, 0, tzinfo=KYIV)
    early = opens_at - A_SECOND
    with pytest.raises(DiscountStillRuns, match="from Mon 25 Oct 2027"):
        check_may_apply(standing_of([approved()], early), calendar=DAYS, desk=DESK, now=early)
    check_may_apply(standing_of([approved()], opens_at), calendar=DAYS, desk=DESK, now=opens_at)
