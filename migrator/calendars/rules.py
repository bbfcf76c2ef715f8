"""Which years must be filled, when a missing one becomes pressing, and the closed days of a year (RULES D-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from migrator.clock.calendar import Calendar, ClosedDay
from migrator.errors import DomainError

YEARS_AHEAD = 2
FURTHEST_YEARS_AHEAD = 5
PRESSING_FROM_MONTH = 11


class GapBetweenYears(DomainError):
    """Filled years follow each other without a gap, so that a calendar is known from its first day to its last."""


class YearTooFarAhead(DomainError):
    """A year is frozen once it is filled, so it is not filled long before the law for it is certain."""


def wanted_years(today: date) -> range:
    """This will return the years that must be filled: the current one and the next two."""
    return range(today.year, today.year + YEARS_AHEAD + 1)


def years_to_fill(filled: Collection[int], today: date) -> list[int]:
    """This will return the years that close every gap up to the wanted ones, in order."""
    wanted = wanted_years(today)
    first, last = min([wanted[0], *filled]), max([wanted[-1], *filled])
    return [year for year in range(first, last + 1) if year not in filled]


def next_year(filled: Iterable[Collection[int]], today: date) -> int:
    """This will return the first year after the last one that every calendar has.

    :param filled: the filled years of each calendar
    """
    return min((max(years) for years in filled), default=today.year - 1) + 1


def furthest_year(today: date) -> int:
    """This will return the last year that may be filled by now."""
    return today.year + FURTHEST_YEARS_AHEAD


def refuse_unfit_year(year: int, *, filled: Collection[int], today: date) -> None:
    """This will check that a single year may be filled next.

    :raises GapBetweenYears: when the years between are not filled
    :raises YearTooFarAhead: more than five years from now
    """
    if year > furthest_year(today):
        raise YearTooFarAhead(f"{year} is too far ahead: fill years up to {furthest_year(today)}.")
    if filled and not min(filled) - 1 <= year <= max(filled) + 1:
        neighbour = max(filled) + 1 if year > max(filled) else min(filled) - 1
        raise GapBetweenYears(f"{year} would leave a gap: fill {neighbour} first.")


def is_pressing(missing: Collection[int], today: date) -> bool:
    """This will say whether a missing year cannot wait: the current one, or from November the next one."""
    return today.year in missing or (today.month >= PRESSING_FROM_MONTH and today.year + 1 in missing)


def closed_days_of(calendar: Calendar, year: int) -> tuple[ClosedDay, ...]:
    """This will return the closed days of one year in order of date."""
    return tuple(day for on, day in sorted(calendar.closed_days.items()) if on.year == year)
