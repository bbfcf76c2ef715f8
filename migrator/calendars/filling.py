"""The closed days that the law gives, read from the `holidays` library; rows are filled from here (RULES D-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

import holidays

from migrator.clock.calendar import ALWAYS, WEEKDAYS_WHOLE_DAY, Calendar, ClosedDay, ClosedKind
from migrator.errors import DomainError
from migrator.policy.loading import calendar_plans
from migrator.policy.types import CalendarPlan

FIRST_YEAR = 2024
LAST_YEAR = 2099
STATUTE = "Labour Code of Ukraine, article 73"
TRANSFER = "Labour Code of Ukraine, article 67"
SATURDAY = 5
WEEKS = {"weekdays": WEEKDAYS_WHOLE_DAY, "always": ALWAYS}

# The library words its names anew from time to time; what customers read stays: English, Ukrainian.
NAMES = {
    "New Year's Day": ("New Year", "Новий рік"),
    "International Women's Day": ("International Women's Day", "Міжнародний жіночий день"),
    "Easter Sunday (Pascha)": ("Easter (Pascha)", "Великдень (Пасха)"),
    "Labor Day": ("Labour Day", "День праці"),
    "Day of Remembrance and Victory over Nazism in World War II 1939-1945": (
        "Remembrance & Victory Day (WWII)",
        "День пам'яті та перемоги над нацизмом у Другій світовій війні 1939–1945 років",
    ),
    "Pentecost": ("Trinity (Pentecost)", "Трійця"),
    "Day of the Constitution of Ukraine": ("Constitution Day", "День Конституції України"),
    "Ukrainian Statehood Day": ("Statehood Day", "День Української Державності"),
    "Independence Day": ("Independence Day", "День Незалежності України"),
    "Day of defenders of Ukraine": ("Defenders Day", "День захисників і захисниць України"),
    "Christmas Day": ("Christmas", "Різдво Христове"),
}


class YearOutOfReach(DomainError):
    """The statutory list is known for a stretch of years only."""


class UnknownCalendar(DomainError):
    """No calendar has this key."""


def statutory_closed_days(years: Collection[int]) -> list[ClosedDay]:
    """This will return the statutory closed days of the years in order of date (RULES C-017, C-018).

    A holiday on a weekend closes the next day that is neither a day off nor a holiday; two in a row move one after
    the other. A substitute belongs to the year it falls in.

    :raises YearOutOfReach: for a year before `FIRST_YEAR` or after `LAST_YEAR`
    """
    for year in years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise YearOutOfReach(f"Closed days are known from {FIRST_YEAR} to {LAST_YEAR}; {year} is outside.")
    if not years:
        return []
    found = {day.on: day for day in _holidays(range(min(years) - 1, max(years) + 2))}
    for holiday in list(found.values()):
        if holiday.on.weekday() >= SATURDAY:
            substitute = _substitute(holiday, taken=found)
            found[substitute.on] = substitute
    return sorted((day for day in found.values() if day.on.year in years), key=lambda day: day.on)


def calendar_from_statute(key: str, *, first_year: int, last_year: int) -> Calendar:
    """This will return the calendar `key` with the statutory closed days of the years, both included.

    :raises UnknownCalendar: for a key that the policy does not know
    :raises YearOutOfReach: for years whose closed days are not known
    """
    plan = plan_named(key)
    years = range(first_year, last_year + 1)
    return planned_calendar(plan, closed_days=statutory_closed_days(years) if plan.holidays else [], years=years)


def plan_named(key: str) -> CalendarPlan:
    """This will return the plan of the calendar `key`.

    :raises UnknownCalendar: for a key that the policy does not know
    """
    plans = {plan.key: plan for plan in calendar_plans()}
    if key not in plans:
        raise UnknownCalendar(f"There is no calendar “{key}”; choose one of: {', '.join(sorted(plans))}.")
    return plans[key]


def planned_calendar(plan: CalendarPlan, *, closed_days: Collection[ClosedDay], years: range) -> Calendar:
    """This will return the calendar that the plan describes, filled for the years with exactly these closed days."""
    return Calendar(
        key=plan.key,
        name=plan.name,
        zone=plan.zone,
        week=WEEKS[plan.week],
        closed_days={day.on: day for day in closed_days},
        exceptions={},
        exceptions_win=False,
        filled_from=date(years[0], 1, 1),
        filled_until=date(years[-1], 12, 31),
    )


def _holidays(years: range) -> Iterator[ClosedDay]:
    listed = holidays.country_holidays("UA", years=years, categories=("workday",), language="en_US")
    for on in sorted(listed):
        names = [NAMES.get(name, (name, name)) for name in listed.get_list(on)]
        english, ukrainian = (" / ".join(column) for column in zip(*names, strict=True))
        yield ClosedDay(on, english, ClosedKind.HOLIDAY, STATUTE, name_uk=ukrainian)


def _substitute(holiday: ClosedDay, *, taken: dict[date, ClosedDay]) -> ClosedDay:
    on = holiday.on
    while on in taken or on.weekday() >= SATURDAY:
        on += timedelta(days=1)
    return ClosedDay(
        on,
        f"Day off for {holiday.name}",
        ClosedKind.SUBSTITUTE,
        TRANSFER,
        substitute_for=holiday.on,
        name_uk=f"Вихідний за: {holiday.name_uk}",
    )
