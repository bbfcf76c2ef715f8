"""Insurance: four numbers that add up, every cover with its calculation, and first what does not fit (UX 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.clock.wording import counted_text, day_text, short_day_text
from migrator.database.session import reading
from migrator.finance.covers.lifecycle import WORDS, CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.covers.page_queries import (
    PAGE,
    CoverSums,
    WantedCovers,
    cover_sums,
    covers_page,
    exceptions_of_insurance,
    months_sold,
    payments_of,
)
from migrator.finance.covers.rules import WorkingDays, earning_days, stretch_of
from migrator.finance.desk_days import desk_day, month_text
from migrator.finance.ledger.invariants import invariants
from migrator.history.actor import Role
from migrator.money import Money, calculation_text, rate_text
from migrator.policy.loading import catalogue
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.finance import pages
from migrator.web.finance.showing import ExceptionRow, rows_of
from migrator.web.request import now

TONES = {
    CoverState.SOLD: "neutral",
    CoverState.OPEN: "info",
    CoverState.SUSPENDED: "attention",
    CoverState.ENDED: "done",
    CoverState.VOID: "neutral",
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One working day of a window with what it earns."""

    day: str
    number: str
    earned: Money
    through: Money
    is_over: bool


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One cover as the table shows it.

    :ivar calculation: the premium as it was computed: `$69.50 × 7 % = 4.865 → $4.87`
    :ivar standing: what is earned, still covered and refunded, in a sentence
    """

    id: int
    number: str
    plan: str
    base: Money
    rate: str
    premium: Money
    sold: str
    starts: str
    ends: str
    restarts: str
    state: str
    tone: str
    charge: str
    calculation: str
    standing: str
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class InsurancePage:
    """All that the page shows.

    :ivar balances: whether the laws of the whole ledger hold
    """

    sums: tuple[CoverSums, ...]
    balances: bool
    exceptions: list[ExceptionRow]
    rows: tuple[CoverRow, ...]
    next_url: str
    first_url: str


@pages.get("/finance/insurance")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def insurance() -> str:
    """This will show what insurance was sold, earned, is still covered and went back, and every cover behind it."""
    with reading() as session:
        months = months_sold(session, now=now())
        wanted = _wanted(months)
        page = _page(session, wanted)
    return render_template(
        "finance/insurance.html",
        page=page,
        wanted=wanted,
        months=[(month, month_text(month)) for month in months],
        plans=[(plan.plan, f"Plan {plan.plan}, {rate_text(plan.rate_bp)}") for plan in catalogue().insurance],
        states=[(state.value, words) for state, words in WORDS.items()],
        is_filtered=wanted != WantedCovers(),
    )


def _wanted(months: Sequence[str]) -> WantedCovers:
    asked = request.args
    plans = {str(plan.plan): plan.plan for plan in catalogue().insurance}
    return WantedCovers(
        month=asked["month"] if asked.get("month") in months else None,
        plan=plans.get(asked.get("plan", "")),
        state=next((state for state in CoverState if state.value == asked.get("state")), None),
    )


def _page(session: Session, wanted: WantedCovers) -> InsurancePage:
    at, row_id = read_cursor(request.args.get("after")) or (None, 0)
    found = covers_page(session, wanted, before=(at, row_id) if at else None)
    shown = found[:PAGE]
    payments = payments_of(session, shown)
    state = wanted.state.value if wanted.state else None
    kept: dict[str, Any] = {"month": wanted.month, "plan": wanted.plan, "state": state}
    after = cursor_of(shown[-1].sold_at, shown[-1].id) if len(found) > PAGE else ""
    charges = {cover_id: payment.charge_id for cover_id, payment in payments.items()}
    return InsurancePage(
        sums=cover_sums(session, wanted),
        balances=all(law.holds for law in invariants(session)),
        exceptions=rows_of(exceptions_of_insurance(session)),
        rows=tuple(_row(session, cover, charges.get(cover.id, "")) for cover in shown),
        next_url=url_for("finance.insurance", **kept, after=after) if after else "",
        first_url=url_for("finance.insurance", **kept) if at else "",
    )


def _row(session: Session, cover: Cover, charge: str) -> CoverRow:
    base = Money(cover.base_minor, cover.currency)
    return CoverRow(
        id=cover.id,
        number=cover.order.number,
        plan=f"Plan {cover.plan}: {counted_text(cover.business_days, 'working day')}",
        base=base,
        rate=rate_text(cover.rate_bp),
        premium=cover.premium,
        sold=_day(cover.sold_at),
        starts=_day(cover.starts_at),
        ends=_last_day(session, cover),
        restarts=f"{cover.order.restarts_used} of {cover.order.restarts_limit}",
        state=WORDS[cover.state],
        tone=TONES[cover.state],
        charge=charge,
        calculation=calculation_text(base, cover.rate_bp),
        standing=_standing(cover),
        days=_days(session, cover),
    )


def _day(at: datetime | None) -> str:
    return day_text(desk_day(at)) if at else ""


def _last_day(session: Session, cover: Cover) -> str:
    if cover.starts_at is None or cover.ends_at is None:
        return ""
    zone = calendar_of(session, cover.order.calendar_row).zone
    return day_text(stretch_of(cover.starts_at, cover.ends_at, zone).last_on)


def _standing(cover: Cover) -> str:
    parts = [f"{Money(cover.earned_minor, cover.currency)} earned"]
    if cover.earned_minor and cover.earned_through:
        parts[0] += f" through {day_text(cover.earned_through)}"
    parts.append(f"{Money(cover.unearned_minor, cover.currency)} still covered")
    if cover.refunded_minor:
        parts.append(f"{Money(cover.refunded_minor, cover.currency)} refunded")
    return ", ".join(parts) + "."


def _days(session: Session, cover: Cover) -> tuple[DayLine, ...]:
    if cover.starts_at is None or cover.ends_at is None:
        return ()
    days = WorkingDays(calendar_of(session, cover.order.calendar_row))
    stretch = stretch_of(cover.starts_at, cover.ends_at, days.calendar.zone)
    through = cover.earned_through
    return tuple(
        DayLine(
            day=short_day_text(each.on),
            number=f"{each.number} of {each.of}",
            earned=Money(each.earned_minor, cover.currency),
            through=Money(each.through_minor, cover.currency),
            is_over=through is not None and each.on <= through,
        )
        for each in earning_days(cover.premium_minor, cover.refunded_minor, stretch, days)
    )
