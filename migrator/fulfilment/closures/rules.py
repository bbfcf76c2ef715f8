"""What a changed calendar does to one order: its dates before and after (RULES C-020, D-7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import elapsed
from migrator.clock.wording import counted_text
from migrator.fulfilment.rules import DAY_SECONDS, Dates, Facts, dates_of
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.rules import ends_at
from migrator.orders.lifecycle import ENDED, OrderState

DUE, AGREE_BY, CHECK_BY, INSURANCE = "due", "agree_by", "check_by", "insurance"
Pair = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Cover:
    """The insurance window of an order. `extended_to_at` is a later end that was given by hand."""

    opened_at: datetime
    ends_at: datetime
    extended_to_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as its row says it, with the facts that its dates follow from."""

    order_id: int
    version: int
    facts: Facts
    dates: Dates
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class Change:
    """A calendar before and after. `whole` is the one of the two on which the days in question count."""

    before: Calendar
    after: Calendar
    whole: Calendar
    since: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves. `pairs` are old and new dates by name; `open_names` those that still concern the customer."""

    new: Dates
    cover_ends_at: datetime | None
    pairs: dict[str, Pair]
    open_names: tuple[str, ...]
    business_days: int


def moved(standing: Standing, change: Change) -> Moved | None:
    """This will compute an order's dates under the changed calendar; none where all stay.

    :raises YearNotFilled: when a date would need a day that is not filled
    """
    old, new = standing.dates, dates_of(standing.facts, change.after)
    cover_ends_at = _cover_end(standing, change.after)
    pairs: dict[str, Pair] = {
        DUE: (old.due_at, new.due_at),
        AGREE_BY: (old.agree_by_at, new.agree_by_at),
        CHECK_BY: (old.check_by_at, new.check_by_at),
        INSURANCE: (standing.cover.ends_at if standing.cover else None, cover_ends_at),
    }
    pairs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not pairs and new.promise_at == old.promise_at:
        return None
    open_names = tuple(name for name in pairs if _is_open(name, standing))
    leading = next(iter(open_names or pairs), "")
    days = business_days_moved(pairs[leading], change.whole) if leading else 0
    return Moved(new, cover_ends_at, pairs, open_names, days)


def group_text(business_days: int) -> str:
    """This will say by how much promises move: `by 1 working day`, `by less than a working day`."""
    if not business_days:
        return "by less than a working day"
    earlier = " earlier" if business_days < 0 else ""
    return f"by {counted_text(abs(business_days), 'working day')}{earlier}"


def business_days_moved(pair: Pair, whole: Calendar) -> int:
    """This will return by how many whole working days a date moves; earlier is negative.

    :param whole: the calendar on which the days in question count
    """
    old_at, new_at = pair
    if old_at is None or new_at is None:
        return 0
    days = elapsed(whole, min(old_at, new_at), max(old_at, new_at)) // DAY_SECONDS
    return days if new_at >= old_at else -days


def _cover_end(standing: Standing, calendar: Calendar) -> datetime | None:
    cover, terms = standing.cover, standing.facts.terms
    if cover is None or terms.insurance is None:
        return None
    computed = ends_at(WindowKind.INSURANCE, cover.opened_at, terms=terms, calendar=calendar)
    return max(computed, cover.extended_to_at) if cover.extended_to_at else computed


def _is_open(name: str, standing: Standing) -> bool:
    facts = standing.facts
    match name:
        case "check_by":
            return facts.state is OrderState.VERIFYING
        case "insurance":
            return standing.cover is not None and standing.cover.is_open
        case "agree_by":
            return facts.state in {OrderState.IN_PROGRESS, OrderState.PAUSED} and facts.proposed_at is None
    return facts.state not in ENDED and facts.delivered_at is None
