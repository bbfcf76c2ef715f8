"""What a run compares with: the mode, the price list, how far the statements reach, and the calendar's days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendars
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, window_end
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import local_time
from migrator.finance.reconciliation.models import ProviderCursor, ProviderTransaction
from migrator.finance.reconciliation.rules import Tariff
from migrator.finance.whole_sets import as_kept
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.policy.loading import catalogue, migration_desk

TRANSACTIONS = "transactions"
# What is captured in the minutes around a statement's edge may stand in the next one.
EDGE = timedelta(hours=1)
# A window opens with the run that it follows; an hour later the worker has looked many times.
WINDOW_WITHIN = timedelta(hours=1)
BANK_DAYS = 3
# Earned each night through yesterday; one night may fail.
EARNED_WITHIN_DAYS = 3
A_DAY = timedelta(days=1)
MATCHABLE = "('charge', 'refund', 'refund_failure', 'dispute', 'dispute_reversal', 'payout', 'payout_reversal')"


@dataclass(frozen=True, slots=True)
class Expectations:
    """What is expected at one moment.

    :ivar since: before it no statement has come to us; `until` is how far they reach
    :ivar bank_day: what was to arrive before it is late; `earned_day` the same for what was to be earned
    :ivar days: for each calendar, plan length and local day, when a window opened on that day ends
    :ivar worked: for each calendar and local day, how many working days there were up to it
    """

    now: datetime
    livemode: bool
    tariff: Tariff
    since: datetime
    until: datetime
    bank_day: date
    earned_day: date
    days: str = field(repr=False)
    worked: str = field(repr=False)

    def values(self) -> dict[str, object]:
        """This will return the values that the checks' statements name."""
        return {
            "now": self.now,
            "since": self.since,
            "until": self.until,
            "overdue": self.now - WINDOW_WITHIN,
            "livemode": self.livemode,
            "bank_day": self.bank_day,
            "earned_day": self.earned_day,
            "days": self.days,
            "worked": self.worked,
        }

    def expressions(self) -> dict[str, str]:
        """This will return what the words of the price list stand for in a statement on movements `t`."""
        fees = [f"(t.gross_minor * {fee.rate_bp} + 5000) / 10000 + {fee.fixed_minor}" for fee in self.tariff.card_fees]
        dispute = self.tariff.dispute_minor
        unexpected = f"""(t.reporting_category = 'charge' AND t.fee_minor NOT IN ({", ".join(fees)}))
            OR (t.reporting_category = 'dispute' AND t.fee_minor NOT IN (0, {dispute}))
            OR (t.reporting_category = 'dispute_reversal' AND t.fee_minor NOT IN (0, -{dispute}))
            OR (t.reporting_category IN ('refund', 'refund_failure', 'payout', 'payout_reversal') AND t.fee_minor <> 0)
            OR (t.reporting_category NOT IN {MATCHABLE} AND t.net_minor <> 0)"""
        expected = f"""(CASE t.reporting_category WHEN 'charge' THEN {fees[0]} WHEN 'dispute' THEN {dispute}
            WHEN 'dispute_reversal' THEN -{dispute} ELSE 0 END)"""
        # What is neither ours nor a payout is a fee as a whole.
        difference = (
            f"(CASE WHEN t.reporting_category IN {MATCHABLE} THEN t.fee_minor - {expected} ELSE -t.net_minor END)"
        )
        return {"UNEXPECTED_FEE": unexpected, "EXPECTED_FEE": expected, "FEE_DIFFERENCE": difference}


def expectations(session: Session, *, livemode: bool, tariff: Tariff, now: datetime) -> Expectations:
    """This will gather what holds at `now`: how far the statements reach, and the days of all insurance windows."""
    days, worked = _days(session, now)
    written = as_kept(session)
    first, last = session.execute(
        select(func.min(ProviderTransaction.created_at), func.max(ProviderTransaction.created_at))
    ).one()
    pulled = session.get(ProviderCursor, TRANSACTIONS)
    reached = max((at for at in (last, pulled.through_at if pulled else None) if at), default=None)
    today = local_time(now, calendars(session)[migration_desk().calendar].zone).date()
    return Expectations(
        now=now,
        livemode=livemode,
        tariff=tariff,
        since=(first or now) - EDGE,
        until=(reached or first or now) - EDGE if reached else now - timedelta(days=36_500),
        bank_day=today - timedelta(days=BANK_DAYS),
        earned_day=today - timedelta(days=EARNED_WITHIN_DAYS),
        days=json.dumps(days, default=written),
        worked=json.dumps(worked, default=written),
    )


def _days(session: Session, now: datetime) -> tuple[list[list[object]], list[list[object]]]:
    first = session.scalar(select(func.min(Window.opened_at)).where(Window.kind == WindowKind.INSURANCE))
    days: list[list[object]] = []
    worked: list[list[object]] = []
    for key, calendar in calendars(session).items() if first else ():
        for on, count in _worked(calendar, first=first or now, now=now):
            worked.append([key, on, count])
            days += ([key, *row] for row in _day(calendar, on, count))
    return days, worked


def _worked(calendar: Calendar, *, first: datetime, now: datetime) -> Iterator[tuple[date, int]]:
    """This will yield each local day from the first window on, with the working days so far."""
    on, last = (local_time(at, calendar.zone).date() for at in (first, now))
    on, count = on - A_DAY, 0
    while on <= last:
        count += bool(calendar.hours_on(on))
        yield on, count
        on += A_DAY


def _day(calendar: Calendar, on: date, worked: int) -> Iterator[list[object]]:
    after, until = (to_instant(wall_seconds(calendar.zone_info, each)) for each in (on, on + A_DAY))
    noon = to_instant(wall_seconds(calendar.zone_info, on, minute=12 * 60))
    for length in sorted({plan.business_days for plan in catalogue().insurance}):
        ends = window_end(calendar, noon, Target(Unit.BUSINESS_DAYS, length))
        # A local day touches two days of UTC, by which windows are looked up.
        for utc_day in {after.date(), until.date()}:
            yield [length, utc_day, after, until, ends, worked]
