"""The worked example of the policy page, made by the clock itself on the calendar of 2026 (RULES, worked examples)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.deadline import Target, Unit
from migrator.clock.explanation import Derivation, explain
from migrator.clock.pauses import Pause

KYIV = ZoneInfo("Europe/Kyiv")
VERIFIED_AT = datetime(2026, 11, 24, 11, 0, tzinfo=KYIV)
ASKED_AT = datetime(2026, 11, 27, 15, 0, tzinfo=KYIV)
ANSWERED_AT = datetime(2026, 12, 1, 12, 0, tzinfo=KYIV)


@cache
def worked_example() -> Derivation:
    """This will derive the date of a Package Basic that waited over a weekend for a password."""
    return explain(
        calendar_from_statute("kyiv", first_year=2026, last_year=2026),
        VERIFIED_AT,
        Target(Unit.BUSINESS_DAYS, 7),
        pauses=(Pause(ASKED_AT, ANSWERED_AT, "the FTP password"),),
    )
