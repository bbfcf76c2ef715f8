"""The promise that counts now, in words: one view behind tracker, e-mail, API and calendar feed (RULES D-9). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, add, due, elapsed, lateness_seconds
from migrator.clock.explanation import Derivation, explain
from migrator.clock.instants import to_the_minute
from migrator.clock.pauses import settle
from migrator.clock.wording import (
    Ladder,
    PromiseLine,
    duration_text,
    end_text,
    ended_on,
    local_time,
    promise_line,
    short_day_text,
)
from migrator.fulfilment.rules import Dates, Facts, agreement_counts, awaits_agreement, dates_of, target_of
from migrator.orders.lifecycle import OrderState
from migrator.orders.rules import stands_until
from migrator.orders.terms import Terms
from migrator.policy.types import Family


class PromiseKind(StrEnum):
    """Which promise counts now."""

    NONE = "none"
    CHECK = "check"
    AGREE = "agree"
    DELIVERY = "delivery"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class PromiseView:
    """The promise as people read it.

    :ivar line: the promise line; none where nothing is promised yet
    :ivar sentence: what is to be said beside the line, or instead of it; may be empty
    :ivar due_at: the promised instant; while paused, as if the answer came now
    :ivar stored_due_at: the promised instant by closed pauses alone, as the order keeps it
    :ivar late_seconds: working time by which the promise is missed, 0 when it is not (RULES X-09)
    :ivar expected_at: the missed date moved by the waiting since then, shown beside it; none without such waiting
    """

    kind: PromiseKind
    sentence: str
    line: PromiseLine | None = None
    derivation: Derivation | None = None
    due_at: datetime | None = None
    stored_due_at: datetime | None = None
    late_seconds: int = 0
    expected_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether the promise is missed."""
        return self.late_seconds > 0

    @property
    def is_kept(self) -> bool:
        """Whether what was promised is done, in time or late; that leads then, not the date that was promised."""
        return self.kind is PromiseKind.DELIVERED


@dataclass(frozen=True, slots=True)
class Earliest:
    """When an order could be checked and ready if everything came this moment. `ready_at` is none without a promise."""

    checked_at: datetime
    ready_at: datetime | None


COUNT_NOT_STARTED = "The count has not started."
STARTS_WHEN_RIGHT = "The count starts when all your access details are found right."
NO_DATE_PROMISED = "You start the migration yourself, so no date is promised."
YOUR_DATE_MOVES = "Your date moves by the working time this takes."
ACCESS_AGAIN = (
    "We have destroyed the access details that you gave us, so we ask for them once more. Your restart was asked for "
    "in time: it stays included, however long this takes."
)
ENDED = {
    OrderState.COMPLETED: "This order is completed; nothing is promised any more.",
    OrderState.CANCELLED: "This order was cancelled; nothing is promised.",
}
BEFORE = {
    OrderState.AWAITING_PAYMENT: "If you pay and send everything today",
    OrderState.AWAITING_ACCESS: "If everything is in today",
}


def promise(facts: Facts, calendar: Calendar, *, now: datetime, viewer_zone: str | None = None) -> PromiseView:
    """This will return which promise counts now and how it is said (RULES C-043, C-059 to C-064).

    :param viewer_zone: the reader's zone; none or empty adds nothing
    """
    now = to_the_minute(now)
    if facts.state in ENDED:
        return PromiseView(PromiseKind.NONE, ENDED[facts.state])
    if facts.state in BEFORE:
        return PromiseView(PromiseKind.NONE, not_started_sentence(facts, calendar, now=now))
    if facts.verified_at is None or facts.state is OrderState.VERIFYING:
        return _check(facts, calendar, now=now, viewer_zone=viewer_zone)
    target = target_of(facts.terms, facts.agreed_at)
    if target is not None and facts.delivered_at is not None:
        return _delivered(facts, target, facts.delivered_at, calendar, viewer_zone=viewer_zone)
    if target is not None:
        return _delivery(facts, target, calendar, now=now, viewer_zone=viewer_zone)
    if awaits_agreement(facts.terms, facts.agreed_at):
        return _agree(facts, calendar, now=now, viewer_zone=viewer_zone)
    return PromiseView(PromiseKind.NONE, NO_DATE_PROMISED)


def promise_in_short(facts: Facts, dates: Dates, *, zone: str) -> str:
    """This will return the promise in a few words for a list, from the stored dates; it never contradicts `promise`."""
    if facts.state in ENDED:
        return "–"
    if facts.verified_at is None or facts.state is OrderState.VERIFYING:
        return f"Checked by {end_text(dates.check_by_at, zone)}" if dates.check_by_at else COUNT_NOT_STARTED
    if facts.delivered_at:
        return f"{_done(facts.terms)} since {end_text(facts.delivered_at, zone)}"
    if dates.due_at:
        before = ", before this pause" if waits_for_answer(facts) else ""
        return f"{_verb(facts.terms, capital=True)} {end_text(dates.due_at, zone)}{before}"
    return f"Date to be agreed by {end_text(dates.agree_by_at, zone)}" if dates.agree_by_at else NO_DATE_PROMISED


def earliest(terms: Terms, calendar: Calendar, *, now: datetime, agreed_at: datetime | None = None) -> Earliest:
    """This will return when an order could be ready if it were paid and everything sent now, and checked in time."""
    checked_at = due(calendar, now, Target(Unit.BUSINESS_DAYS, terms.access_check_business_days))
    quoted_at = agreed_at or (datetime.fromisoformat(terms.agreed_at) if terms.agreed_at else None)
    if quoted_at and not agreement_counts(terms, checked_at, quoted_at, calendar):
        quoted_at = None
    target = target_of(terms, quoted_at)
    return Earliest(checked_at, due(calendar, checked_at, target) if target else None)


def not_started_sentence(facts: Facts, calendar: Calendar, *, now: datetime) -> str:
    """This will say that nothing is counted yet, and when the order could be ready (RULES C-043, C-064)."""
    if facts.verified_at is not None:
        return ACCESS_AGAIN
    if standing := _standing_agreement(facts.terms, calendar, now=now):
        return f"{COUNT_NOT_STARTED} {standing}"
    soonest = earliest(facts.terms, calendar, now=now)
    start = f"{COUNT_NOT_STARTED} {BEFORE[facts.state]} and checked by {_day(soonest.checked_at, calendar)}"
    if soonest.ready_at:
        return f"{start}: {_verb(facts.terms, capital=False)} {_day(soonest.ready_at, calendar)}."
    if awaits_agreement(facts.terms, None):
        return f"{start}, we agree on a date with you."
    return f"{start}, you can start."


def _standing_agreement(terms: Terms, calendar: Calendar, *, now: datetime) -> str:
    if not terms.agreed_at:
        return ""
    agreed_at = datetime.fromisoformat(terms.agreed_at)
    days = terms.agreed_minimum_business_days
    until = stands_until(calendar, agreed_at, business_days=days, now=now)
    if until is None:
        return ""
    return (
        f"Agreed with you: {_verb(terms, capital=False)} {end_text(agreed_at, calendar.zone)}. That date stands if "
        f"your access details are found right by {end_text(until, calendar.zone)}; "
        "later, we agree on another one with you."
    )


def _check(facts: Facts, calendar: Calendar, *, now: datetime, viewer_zone: str | None) -> PromiseView:
    target = Target(Unit.BUSINESS_DAYS, facts.terms.access_check_business_days)
    derivation = explain(calendar, facts.resubmitted_at or facts.submitted_at or now, target)
    return PromiseView(
        kind=PromiseKind.CHECK,
        sentence="" if facts.verified_at else STARTS_WHEN_RIGHT,
        line=promise_line(derivation, viewer_zone=viewer_zone or None, verb="Checked by", ladder=Ladder.AIM),
        derivation=derivation,
        due_at=derivation.due_at,
        stored_due_at=derivation.due_at,
        late_seconds=lateness_seconds(calendar, derivation.due_at, now),
    )


def _agree(facts: Facts, calendar: Calendar, *, now: datetime, viewer_zone: str | None) -> PromiseView:
    target = Target(Unit.BUSINESS_DAYS, facts.terms.agree_by_business_days)
    derivation = explain(calendar, facts.verified_at or now, target)
    proposed = facts.proposed_at
    waiting = f"We propose {end_text(proposed, calendar.zone)}. Accept it, or write to us." if proposed else ""
    return PromiseView(
        kind=PromiseKind.AGREE,
        sentence=waiting or "We propose a date to you by then; work starts when you have accepted it.",
        line=promise_line(derivation, viewer_zone=viewer_zone or None, verb="Date to be agreed by"),
        derivation=derivation,
        due_at=derivation.due_at,
        stored_due_at=derivation.due_at,
        late_seconds=0 if proposed else lateness_seconds(calendar, derivation.due_at, now),
    )


def _delivery(
    facts: Facts, target: Target, calendar: Calendar, *, now: datetime, viewer_zone: str | None
) -> PromiseView:
    derivation = explain(calendar, facts.verified_at or now, target, pauses=facts.pauses, now=now)
    late = lateness_seconds(calendar, derivation.due_at, now)
    moves = waits_for_answer(facts) and not late
    verb = f"If you answer now: {_verb(facts.terms, capital=False)}" if moves else _verb(facts.terms, capital=True)
    expected_at = _moved_by_later_waiting(facts, calendar, derivation.due_at, now=now) if late else None
    return PromiseView(
        kind=PromiseKind.DELIVERY,
        sentence=YOUR_DATE_MOVES if moves else _late_sentence(derivation, late, expected_at),
        line=promise_line(derivation, viewer_zone=viewer_zone or None, verb=verb),
        derivation=derivation,
        due_at=derivation.due_at,
        stored_due_at=dates_of(facts, calendar).due_at,
        late_seconds=late,
        expected_at=expected_at,
    )


def waits_for_answer(facts: Facts) -> bool:
    """This will tell whether the count stands still until the customer answers."""
    return any(pause.until_at is None for pause in facts.pauses)


def _delivered(
    facts: Facts, target: Target, delivered_at: datetime, calendar: Calendar, *, viewer_zone: str | None
) -> PromiseView:
    until = delivered_at if delivered_at >= (facts.verified_at or delivered_at) else facts.verified_at
    derivation = explain(calendar, facts.verified_at or delivered_at, target, pauses=facts.pauses, now=until)
    late = lateness_seconds(calendar, derivation.due_at, delivered_at)
    said = f"{_done(facts.terms)} since {end_text(delivered_at, calendar.zone)}"
    kept = f", {duration_text(late)} later than promised." if late else ", as promised."
    return PromiseView(
        kind=PromiseKind.DELIVERED,
        sentence=said + kept,
        line=promise_line(
            derivation, viewer_zone=viewer_zone or None, verb=f"Promised: {_verb(facts.terms, capital=False)}"
        ),
        derivation=derivation,
        due_at=derivation.due_at,
        stored_due_at=dates_of(facts, calendar).due_at,
    )


def _moved_by_later_waiting(facts: Facts, calendar: Calendar, due_at: datetime, *, now: datetime) -> datetime | None:
    settled = settle(facts.pauses, now)
    waited = elapsed(calendar, due_at, now) - elapsed(calendar, due_at, now, pauses=settled)
    return add(calendar, due_at, working_seconds=waited) if waited else None


def _late_sentence(derivation: Derivation, late_seconds: int, expected_at: datetime | None) -> str:
    if not late_seconds:
        return ""
    missed = f"We have missed this date by {duration_text(late_seconds)}."
    if expected_at is None:
        return missed
    return (
        f"{missed} Moved by the time we have waited for you since then, it is {end_text(expected_at, derivation.zone)}."
    )


def _verb(terms: Terms, *, capital: bool) -> str:
    verb = "preview ready by" if terms.family is Family.ASSISTED else "ready by"
    return verb.capitalize() if capital else verb


def _done(terms: Terms) -> str:
    return "Preview ready" if terms.family is Family.ASSISTED else "Migrated"


def _day(at: datetime, calendar: Calendar) -> str:
    return short_day_text(ended_on(local_time(at, calendar.zone)))
