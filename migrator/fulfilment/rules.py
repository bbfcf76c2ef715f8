"""Which promise an order is under and when it falls due, from its recorded facts alone (RULES D-7). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due, elapsed
from migrator.clock.pauses import Pause
from migrator.clock.wording import end_text
from migrator.errors import DomainError
from migrator.orders.lifecycle import OrderState
from migrator.orders.terms import Terms

DAY_SECONDS = 86_400


class NotThisMoment(DomainError):
    """A corrected time contradicts the other facts of the order."""


class ReasonMissing(DomainError):
    """What is recorded by hand needs its reason."""


class TooEarlyToAgree(DomainError):
    """An agreed date lies nearer than the terms allow."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an order's dates follow from. Instants are aware; a pause without an end is still open.

    :ivar resubmitted_at: when access was sent again for a restart; the check of it is promised anew
    :ivar delivered_at: when the delivery promise was met; from then on nothing of it is owed
    """

    state: OrderState
    terms: Terms
    placed_at: datetime
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    agreed_at: datetime | None = None
    proposed_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    resubmitted_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """What is kept for sorting; equal to what the facts give at all times."""

    check_by_at: datetime | None = None
    agree_by_at: datetime | None = None
    due_at: datetime | None = None
    promise_at: datetime | None = None


def target_of(terms: Terms, agreed_at: datetime | None) -> Target | None:
    """This will return what was promised from verification on; none without a promise or before a date is agreed."""
    if not terms.promise_unit:
        return None
    unit = Unit(terms.promise_unit)
    if unit is not Unit.AGREED:
        return Target(unit, terms.promise_amount)
    return Target(unit, agreed_at=agreed_at) if agreed_at else None


def awaits_agreement(terms: Terms, agreed_at: datetime | None) -> bool:
    """This will tell whether the date is still to be agreed (RULES C-059)."""
    return terms.promise_unit == Unit.AGREED and agreed_at is None


def closed_as_of_nothing(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """This will end open pauses where they began: they count as nothing until the customer has answered."""
    return tuple(pause if pause.until_at else replace(pause, until_at=pause.from_at) for pause in pauses)


def dates_of(facts: Facts, calendar: Calendar) -> Dates:
    """This will compute every kept date of an order (RULES D-7, C-043, C-056 to C-063).

    :raises YearNotFilled: when a date needs a year that is not filled
    """
    sent_at = facts.resubmitted_at or facts.submitted_at
    check_by_at = _days_after(calendar, sent_at, facts.terms.access_check_business_days)
    agree_by_at = None
    if awaits_agreement(facts.terms, facts.agreed_at):
        agree_by_at = _days_after(calendar, facts.verified_at, facts.terms.agree_by_business_days)
    target = target_of(facts.terms, facts.agreed_at)
    due_at = None
    if facts.verified_at and target:
        due_at = due(calendar, facts.verified_at, target, pauses=closed_as_of_nothing(facts.pauses))
    to_agree_by_at = None if facts.proposed_at else agree_by_at
    owed = {OrderState.VERIFYING: check_by_at}
    if facts.delivered_at is None:
        owed |= {OrderState.IN_PROGRESS: due_at or to_agree_by_at, OrderState.MIGRATING: due_at}
    return Dates(check_by_at, agree_by_at, due_at, owed.get(facts.state))


def agreement_counts(terms: Terms, verified_at: datetime, agreed_at: datetime, calendar: Calendar) -> bool:
    """This will tell whether a date lies far enough after verification to be agreed on (RULES C-059)."""
    if agreed_at < verified_at:
        return False
    return elapsed(calendar, verified_at, agreed_at) >= terms.agreed_minimum_business_days * DAY_SECONDS


def refuse_early_agreement(terms: Terms, verified_at: datetime, agreed_at: datetime, calendar: Calendar) -> None:
    """This will refuse a date that is nearer than the terms allow.

    :raises TooEarlyToAgree: naming the earliest date
    """
    if agreement_counts(terms, verified_at, agreed_at, calendar):
        return
    earliest = due(calendar, verified_at, Target(Unit.BUSINESS_DAYS, terms.agreed_minimum_business_days))
    raise TooEarlyToAgree(
        f"The date must be at least {terms.agreed_minimum_business_days} working days after the access details were "
        f"checked: {end_text(earliest, calendar.zone)} or later."
    )


def reason_given(reason: str) -> str:
    """This will return the reason without surrounding spaces.

    :raises ReasonMissing: when there is none
    """
    if not reason.strip():
        raise ReasonMissing("Give a reason: the customer reads it in the history.")
    return reason.strip()


def refuse_verification_at(facts: Facts, verified_at: datetime, *, now: datetime) -> None:
    """This will refuse a corrected verification time that contradicts the record (RULES D-10).

    :raises NotThisMoment: before the details were sent, after a pause began, after the agreed date, or in the future
    """
    if verified_at > now:
        raise NotThisMoment("The check cannot lie in the future. Enter the time at which it was done.")
    if verified_at < (facts.submitted_at or facts.placed_at):
        raise NotThisMoment("The check cannot lie before the access details were sent. Enter a later time.")
    if any(pause.from_at < verified_at for pause in facts.pauses):
        raise NotThisMoment("The check cannot lie after a pause began. Enter an earlier time, or correct the pause.")
    if facts.agreed_at and facts.agreed_at < verified_at:
        raise NotThisMoment("The check cannot lie after the agreed date. Enter an earlier time.")


def refuse_pause_between(
    verified_at: datetime, started_at: datetime, ended_at: datetime | None, *, now: datetime
) -> None:
    """This will refuse corrected times of a pause that contradict the record (RULES D-10).

    :raises NotThisMoment: reversed, in the future, or begun before the count started
    """
    if started_at > now or (ended_at and ended_at > now):
        raise NotThisMoment("A pause cannot lie in the future. Enter the times at which it began and ended.")
    if started_at < verified_at:
        raise NotThisMoment("A pause cannot begin before the count started. Enter a later time.")
    if ended_at and ended_at < started_at:
        raise NotThisMoment("A pause cannot end before it begins. Exchange the two times.")


def _days_after(calendar: Calendar, start: datetime | None, days: int) -> datetime | None:
    return due(calendar, start, Target(Unit.BUSINESS_DAYS, days)) if start else None
