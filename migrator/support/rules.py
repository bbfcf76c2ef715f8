"""By when a ticket is answered, how firm that is, and whether it is late (RULES C-021, C-023, M-018, M-044). Pure.

A response clock never pauses: what we wait for ends at the customer's message, not before (RULES X-05). Nothing here
knows when a problem is solved, for that is never promised (RULES M-019).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due, window_end
from migrator.clock.explanation import Derivation, explain
from migrator.clock.instants import to_instant, to_seconds, to_the_minute
from migrator.policy.support import Firmness, Response
from migrator.support.categories import Category

MOST_PERCENT = 100


class Rank(IntEnum):
    """Which of the tickets in one group of the list comes first (RULES C-014, C-041)."""

    PREMIUM = 0
    USUAL = 1
    FORUM = 2


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised about the answers to one ticket, frozen when it was opened (RULES D-8).

    :ivar amount: 0 where nothing is promised: only the age is shown
    :ivar amber_amount: after how much of it the desk is warned
    """

    firmness: Firmness
    rule: str
    calendar: str = ""
    unit: Unit = Unit.MINUTES
    amount: int = 0
    amber_amount: int = 0

    @property
    def is_dated(self) -> bool:
        """Whether there is a date at all."""
        return self.amount > 0

    @property
    def target(self) -> Target:
        """The amount as the clock takes it."""
        return Target(self.unit, self.amount)

    @property
    def amber_target(self) -> Target:
        """The amount after which the desk is warned."""
        return Target(self.unit, self.amber_amount)


@dataclass(frozen=True, slots=True)
class Asked:
    """The recorded facts that a ticket's dates follow from.

    :ivar opened_at: when the first message reached us
    :ivar asked_at: when the first message came that nobody has answered yet; none while no answer is owed
    """

    opened_at: datetime
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dates:
    """What is computed from the facts: when the first answer was due, what we owe next, and when that turns amber."""

    respond_by_at: datetime | None = None
    promise_at: datetime | None = None
    amber_at: datetime | None = None


def promised_for(response: Response, *, plan_minutes: int | None = None) -> Promised:
    """This will return what is promised about the answers to a new ticket.

    :param plan_minutes: of the hosting plan; none where it promises no response (RULES M-018)
    """
    if response.from_plan and not plan_minutes:
        return Promised(Firmness.NONE, response.rule)
    if response.firmness is Firmness.NONE:
        return Promised(Firmness.NONE, response.rule)
    amount = plan_minutes or 0 if response.from_plan else response.amount
    amber = amount * response.amber_percent // MOST_PERCENT if response.from_plan else response.amber_amount
    return Promised(response.firmness, response.rule, response.calendar, Unit(response.unit), amount, amber)


def answer_by(calendar: Calendar, promised: Promised, asked_at: datetime) -> datetime:
    """This will return the last instant at which an answer to a message of `asked_at` is in time.

    Minutes run from the very instant, so that 15:00.000 is in time and nothing after it (RULES M-018); hours and days
    from its whole minute (RULES D-4).
    """
    return _after(calendar, promised.target, asked_at)


def amber_from(calendar: Calendar, promised: Promised, asked_at: datetime) -> datetime:
    """This will return the instant from which the desk is warned that an answer is due soon (RULES M-018, M-044)."""
    return _after(calendar, promised.amber_target, asked_at)


def dates_of(calendar: Calendar | None, promised: Promised, asked: Asked) -> Dates:
    """This will compute all dates of a ticket from its facts (RULES D-7).

    :param calendar: of the promise; none where nothing is promised
    """
    if calendar is None or not promised.is_dated:
        return Dates()
    first = answer_by(calendar, promised, asked.opened_at)
    if asked.asked_at is None:
        return Dates(first)
    return Dates(first, answer_by(calendar, promised, asked.asked_at), amber_from(calendar, promised, asked.asked_at))


def is_late(due_at: datetime | None, at: datetime) -> bool:
    """This will tell whether an answer at `at` comes too late: late only when late (RULES M-018)."""
    return due_at is not None and at > due_at


def derivation_of(calendar: Calendar, promised: Promised, asked_at: datetime) -> Derivation:
    """This will return why the answer is due when it is, day by day (RULES D-9, X-15)."""
    return explain(calendar, _start(promised.unit, asked_at), promised.target)


def rank_of(category: Category, *, is_premium: bool) -> Rank:
    """This will return which comes first within a group of the list: Assisted Premium, then all, the forum last.

    (RULES C-014, C-041)
    """
    if category is Category.FORUM:
        return Rank.FORUM
    return Rank.PREMIUM if is_premium else Rank.USUAL


def closes_at(calendar: Calendar, *, clarified_at: datetime, business_days: int) -> datetime:
    """This will return when a ticket is closed unless the customer writes after the last question (RULES C-031)."""
    return due(calendar, to_the_minute(clarified_at), Target(Unit.BUSINESS_DAYS, business_days))


def reopen_until(calendar: Calendar, *, closed_at: datetime, calendar_days: int) -> datetime:
    """This will return the first instant at which a closed ticket can no longer be reopened: its last day is whole.

    (RULES C-031, D-4)
    """
    return window_end(calendar, closed_at, Target(Unit.CALENDAR_DAYS, calendar_days))


def _start(unit: Unit, asked_at: datetime) -> datetime:
    return asked_at if unit is Unit.MINUTES else to_the_minute(asked_at)


def _after(calendar: Calendar, target: Target, asked_at: datetime) -> datetime:
    start = _start(target.unit, asked_at)
    # The clock counts whole seconds; what it drops is put back, so that a quarter of an hour is exactly that.
    rest: timedelta = start - to_instant(to_seconds(start))
    return due(calendar, start, target) + rest
