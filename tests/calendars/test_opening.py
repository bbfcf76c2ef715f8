"""The desk's hours in words (RULES C-013)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from migrator.calendars.filling import calendar_from_statute
from migrator.calendars.opening import opening, whole_days_opening

KYIV = ZoneInfo("Europe/Kyiv")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


@pytest.mark.parametrize(
    ("now", "viewer_zone", "expected"),
    [
        (at("2026-11-24T11:00"), "", "Open now, closes 19:00 Kyiv"),
        (at("2026-11-24T18:59"), "Europe/Berlin", "Open now, closes 19:00 Kyiv (18:00 your time)"),
        (at("2026-11-24T19:00"), "", "Closed now, opens Wed 25 Nov, 11:00 Kyiv"),
        (at("2026-11-24T10:59"), "", "Closed now, opens Tue 24 Nov, 11:00 Kyiv"),
        (at("2026-11-27T19:00"), "America/New_York", "Closed now, opens Mon 30 Nov, 11:00 Kyiv (04:00 your time)"),
        (at("2026-12-24T20:00"), "", "Closed now, opens Mon 28 Dec, 11:00 Kyiv"),
        (at("2027-04-30T20:00"), "", "Closed now, opens Wed 5 May, 11:00 Kyiv"),
    ],
)
def test_the_desk_says_whether_it_is_open(now: datetime, viewer_zone: str, expected: str) -> None:
    days = calendar_from_statute("kyiv", first_year=2026, last_year=2027)
    assert opening(days, opens="11:00", closes="19:00", now=now).text(viewer_zone) == expected


@pytest.mark.parametrize(
    ("now", "viewer_zone", "expected"),
    [
        (at("2026-11-24T03:00"), "", "Open now, to the end of Fri 27 Nov Kyiv"),
        (at("2026-11-27T23:59"), "Europe/Berlin", "Open now, to the end of Fri 27 Nov Kyiv (23:00 your time)"),
        (at("2026-11-28T00:00"), "", "Closed now, opens Mon 30 Nov, 00:00 Kyiv"),
        (at("2026-12-24T12:00"), "", "Open now, to the end of Thu 24 Dec Kyiv"),
        (at("2027-04-30T20:00"), "", "Open now, to the end of Fri 30 Apr Kyiv"),
    ],
)
def test_what_is_open_on_whole_working_days_closes_after_the_last_in_a_row(
    now: datetime, viewer_zone: str, expected: str
) -> None:
    days = calendar_from_statute("kyiv", first_year=2026, last_year=2027)
    assert whole_days_opening(days, now=now).text(viewer_zone) == expected
