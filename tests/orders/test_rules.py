"""An agreed date stands as long as access is found right early enough before it (C-059)."""

from __future__ import annotations

from datetime import datetime

import pytest

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.deadline import Target, Unit, due
from migrator.clock.instants import read_instant
from migrator.orders.rules import stands_until

KYIV = calendar_from_statute("kyiv", first_year=2026, last_year=2027)


def at(local: str) -> datetime:
    return read_instant(local, KYIV.zone_info)


@pytest.mark.parametrize(
    ("agreed", "until"),
    [
        ("2026-12-29T19:00", "2026-11-26T19:00"),  # 25 Dec is closed
        ("2026-12-24T12:00", "2026-11-24T12:00"),
        ("2026-12-24T11:00", "2026-11-24T11:00"),
        ("2026-12-28T00:00", "2026-11-25T00:00"),
    ],
)
def test_an_agreed_date_stands_until_22_business_days_before_it(agreed: str, until: str) -> None:
    now = at("2026-11-24T11:00")
    stands = stands_until(KYIV, at(agreed), business_days=22, now=now)
    assert stands == at(until)
    assert due(KYIV, stands, Target(Unit.BUSINESS_DAYS, 22)) <= at(agreed)


@pytest.mark.parametrize("agreed", ["2026-12-24T10:59", "2026-11-24T11:00", "2026-11-23T11:00"])
def test_a_date_that_is_too_near_stands_no_more(agreed: str) -> None:
    assert stands_until(KYIV, at(agreed), business_days=22, now=at("2026-11-24T11:00")) is None
