"""What a pause would do to the date, before anybody sends it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import due
from migrator.clock.pauses import Pause, settle
from migrator.fulfilment.rules import Facts, target_of

A_DAY = timedelta(days=1)


def date_if_answered_tomorrow(facts: Facts, calendar: Calendar, *, now: datetime) -> datetime | None:
    """This will return the date if a pause began now and everything were answered in 24 hours; none without a date.

    :raises YearNotFilled: when the date needs a year that is not filled
    """
    target = target_of(facts.terms, facts.agreed_at)
    if facts.verified_at is None or target is None:
        return None
    pauses = settle((*facts.pauses, Pause(now, None)), now + A_DAY)
    return due(calendar, facts.verified_at, target, pauses=pauses)
