"""A report of some time, gathered in a fixed number of questions (RULES C-003)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.clock.wording import WEEKDAYS, counted_text, hours_text
from migrator.fulfilment.models import PauseReason
from migrator.hosting.maintenance_queries import InstanceMinutes, minutes_since
from migrator.policy.support import Firmness
from migrator.reports import queries
from migrator.reports.queries import Demand, KeptBy
from migrator.reports.rules import (
    HOURS_A_DAY,
    Kept,
    Period,
    Typical,
    by_week,
    by_weekday_and_hour,
    local_hour,
    week_text,
)
from migrator.support.categories import CATEGORY_WORDS, DESK_WORDS, Category, Desk
from migrator.web.plots import Plot, Series, columns, heat, ranking

REASONS = {
    PauseReason.ACCESS_WRONG: "Access details are wrong",
    PauseReason.INFORMATION_MISSING: "Information is missing",
    PauseReason.APPROVAL_MISSING: "The preview waits for approval",
    PauseReason.DECISION_MISSING: "Pages wait for a decision",
}
FIRMNESS = {Firmness.TARGET: "Target", Firmness.AIM: "Aim"}
MINUTE, HOUR = 60, 3_600
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows, as the page shows them and the file holds them."""

    headers: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows of a period."""

    period: Period
    facts: tuple[tuple[str, str, None], ...]
    weeks: Plot
    hours: Plot
    categories: Plot
    pauses: Plot
    demand: Table
    answers: Table
    outside: Table
    deliveries: Table
    maintenance: Table


def report_of(session: Session, period: Period, *, now: datetime) -> Report:
    """This will gather everything of a period; the number of questions does not depend on what there is."""
    came = queries.demand(session, period)
    answers = queries.kept_answers(session, period, now=now)
    deliveries = queries.kept_deliveries(session, period, now=now)
    paused = queries.paused_seconds(session, period, now=now)
    typical = queries.first_answers(session, period)
    checks = queries.access_checks(session, period)
    excluded = minutes_since(session, period.begins_at, until=period.ends_at)
    return Report(
        period=period,
        facts=_facts(came, typical, answers, deliveries, checks),
        weeks=_weeks(came, period),
        hours=_hours(came, period),
        categories=_categories(came),
        pauses=_pauses(paused),
        demand=demand_table(came, period),
        answers=answers_table([each for each in answers if each.firmness is Firmness.GUARANTEED]),
        outside=outside_table([each for each in answers if each.firmness in FIRMNESS]),
        deliveries=deliveries_table(deliveries),
        maintenance=maintenance_table(excluded),
    )


def demand_table(came: Sequence[Demand], period: Period) -> Table:
    """This will return the tickets of each desk and category, week by week."""
    weeks = [week_text(monday) for monday in period.mondays]
    rows = []
    for desk, category in sorted({(each.desk, each.category) for each in came}):
        counts = [
            (local_hour(each.hour, period.zone), each.tickets)
            for each in came
            if (each.desk, each.category) == (desk, category)
        ]
        of_weeks = by_week(counts, period)
        rows.append((CATEGORY_WORDS[category], DESK_WORDS[desk], *map(str, of_weeks), str(sum(of_weeks))))
    return Table(("Category", "Desk", *weeks, "All"), tuple(rows))


def answers_table(answers: Sequence[KeptBy]) -> Table:
    """This will return guaranteed first answers by desk and person, each desk with its sum first (RULES M-043)."""
    rows: list[Row] = []
    for desk in Desk:
        of_desk = [each for each in answers if each.desk is desk]
        if of_desk:
            rows.append((DESK_WORDS[desk], "All", *_kept(_sum(of_desk))))
            rows += [(DESK_WORDS[desk], each.person, *_kept(each.kept)) for each in of_desk]
    return Table(("Desk", "Person", "In time", "Late", "Kept"), tuple(rows))


def outside_table(answers: Sequence[KeptBy]) -> Table:
    """This will return what is a target or an aim alone, which no figure of kept promises holds (RULES M-043)."""
    rows = tuple((DESK_WORDS[each.desk], FIRMNESS[each.firmness], each.person, *_kept(each.kept)) for each in answers)
    return Table(("Desk", "How firm", "Person", "In time", "Late", "Reached"), rows)


def deliveries_table(deliveries: Mapping[str, Kept]) -> Table:
    """This will return delivery dates by account manager."""
    rows = tuple((person, *_kept(kept)) for person, kept in deliveries.items())
    return Table(("Person", "In time", "Late", "Kept"), rows)


def maintenance_table(excluded: Sequence[InstanceMinutes]) -> Table:
    """This will return the minutes of announced maintenance, which do not count against us (RULES M-046)."""
    rows = tuple((each.instance, each.customer, str(each.windows), str(each.minutes)) for each in excluded)
    return Table(("Instance", "Customer", "Windows", "Minutes"), rows)


def pauses_table(paused: Mapping[PauseReason, int]) -> Table:
    """This will return for how long deliveries waited, by reason, the longest first."""
    rows = tuple((REASONS[reason], days_text(seconds), str(seconds // HOUR)) for reason, seconds in _longest(paused))
    return Table(("Reason", "Days", "Hours"), rows)


def typical_text(typical: Typical | None) -> str:
    """This will say what is usual: `5 h, of 31`; a dash without any."""
    if typical is None or typical.seconds is None:
        return "–"
    return f"{short_text(typical.seconds)}, of {typical.samples:,}"


def short_text(seconds: int) -> str:
    """This will return a duration to the minute below an hour, to the hour above: `12 min`, `5 h`."""
    if seconds < HOUR:
        return f"{max(1, seconds // MINUTE)} min"
    return hours_text((seconds + HOUR // 2) // HOUR * HOUR)


def days_text(seconds: int) -> str:
    """This will return a duration in days and hours: `3 days 4 h`."""
    days, hours = divmod(seconds // HOUR, HOURS_A_DAY)
    parts = (counted_text(days, "day") if days else "", f"{hours} h" if hours or not days else "")
    return " ".join(part for part in parts if part)


def percent_text(kept: Kept) -> str:
    """This will return the share that was kept: `97 %`; a dash where nothing came due."""
    return "–" if kept.percent is None else f"{kept.percent} %"


def _facts(
    came: Sequence[Demand],
    typical: Mapping[Desk, Typical],
    answers: Sequence[KeptBy],
    deliveries: Mapping[str, Kept],
    checks: Typical,
) -> tuple[tuple[str, str, None], ...]:
    guaranteed = [each for each in answers if each.firmness is Firmness.GUARANTEED]
    rows = [("Requests", f"{sum(each.tickets for each in came):,}")]
    for desk in Desk:
        name = DESK_WORDS[desk].lower()
        rows.append((f"Typical first answer, {name}", typical_text(typical.get(desk))))
        kept = _sum([each for each in guaranteed if each.desk is desk])
        rows.append((f"Guaranteed answers kept, {name}", percent_text(kept)))
    rows.append(("Delivery dates kept", percent_text(sum(deliveries.values(), Kept()))))
    rows.append(("Typical check of access details, working time", typical_text(checks)))
    return tuple((key, value, None) for key, value in rows)


def _weeks(came: Sequence[Demand], period: Period) -> Plot:
    series = [
        Series(DESK_WORDS[desk], by_week(_local(came, period, desk=desk), period))
        for desk in Desk
        if any(each.desk is desk for each in came)
    ]
    labels = [week_text(monday) for monday in period.mondays]
    return columns("weeks", "Requests a week", labels=labels, series=series, first_header="Week from")


def _hours(came: Sequence[Demand], period: Period) -> Plot:
    return heat(
        "hours",
        "Requests by hour of the day, in Kyiv",
        row_names=WEEKDAYS,
        column_names=[f"{hour:02}" for hour in range(HOURS_A_DAY)],
        values=by_weekday_and_hour(_local(came, period)),
        first_header="Day",
    )


def _categories(came: Sequence[Demand]) -> Plot:
    counts = Counter[Category]()
    for each in came:
        counts[each.category] += each.tickets
    items = [(CATEGORY_WORDS[category], count) for category, count in counts.most_common()]
    return ranking("categories", "Requests by category", items=items, headers=("Category", "Requests"))


def _pauses(paused: Mapping[PauseReason, int]) -> Plot:
    items = [(REASONS[reason], seconds) for reason, seconds in _longest(paused)]
    return ranking(
        "pauses", "How long deliveries waited", items=items, value_text=days_text, headers=("Reason", "Days")
    )


def _longest(paused: Mapping[PauseReason, int]) -> list[tuple[PauseReason, int]]:
    return sorted(paused.items(), key=lambda pair: pair[1], reverse=True)


def _local(came: Sequence[Demand], period: Period, *, desk: Desk | None = None) -> list[tuple[datetime, int]]:
    return [(local_hour(each.hour, period.zone), each.tickets) for each in came if desk is None or each.desk is desk]


def _sum(answers: Sequence[KeptBy]) -> Kept:
    return sum((each.kept for each in answers), Kept())


def _kept(kept: Kept) -> Row:
    return str(kept.kept), str(kept.broken), percent_text(kept)
