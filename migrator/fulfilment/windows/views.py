"""What is still open after a full migration, in words: one panel for page and daily letter (X-04). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit
from migrator.clock.explanation import Derivation, explain
from migrator.clock.wording import counted_text, end_text, instant_text
from migrator.fulfilment.changes.rules import hours_words
from migrator.fulfilment.windows.models import WindowKind
from migrator.orders.terms import Terms
from migrator.policy.types import Family

TITLES = {
    WindowKind.REVIEW: "Look at the result",
    WindowKind.CHANGES: "Included changes",
    WindowKind.INSURANCE: "Insurance",
    WindowKind.ACCESS: "Our copy of your access details",
}


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window that has not been closed, as the panel needs it."""

    kind: WindowKind
    opened_at: datetime
    ends_at: datetime
    extended_to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sentences about windows depend on beside the windows.

    :ivar has_problem: whether we owe an answer to a problem that was reported
    :ivar is_running: whether a run is requested or running
    """

    terms: Terms
    minutes_left: int = 0
    restarts_left: int = 0
    restarts_limit: int = 0
    has_problem: bool = False
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window as people read it.

    :ivar sentence: what may be done and until when
    :ivar because: what its end follows from
    :ivar derivation: the days behind an end that counts working days; none for the others
    """

    kind: WindowKind
    title: str
    ends_at: datetime
    ends_text: str
    sentence: str
    because: str
    derivation: Derivation | None = None


def open_views(
    windows: Iterable[OpenWindow], standing: Standing, calendar: Calendar, *, now: datetime
) -> tuple[WindowView, ...]:
    """This will return what is still open now, what ends first before the rest; one that silence cannot end stays."""
    views = [_view(window, standing, calendar) for window in windows if _stands(window, standing, now=now)]
    return tuple(sorted(views, key=lambda view: view.ends_at))


def sentence_of(window: OpenWindow, standing: Standing, *, zone: str) -> str:
    """This will say what may be done in a window that is open and what follows from its end."""
    until = end_text(window.ends_at, zone)
    match window.kind:
        case WindowKind.REVIEW:
            return _review(until, standing)
        case WindowKind.CHANGES:
            return f"Included until {until}. You have {hours_words(standing.minutes_left)} left; then they lapse."
        case WindowKind.INSURANCE:
            of_all = counted_text(standing.restarts_limit, "restart")
            return f"{standing.restarts_left} of {of_all} left until {until}."
    return (
        f"We destroy it {_moment(until)}. Change the passwords that you gave us; "
        "if we need access later, we ask you again."
    )


def ended_sentence(kind: WindowKind, ends_at: datetime, *, family: Family, zone: str) -> str:
    """This will say that a window has ended by itself, and by which rule (RULES C-066, C-067, C-074, C-080, C-084)."""
    ended = end_text(ends_at, zone)
    match kind:
        case WindowKind.REVIEW if family is Family.PACKAGE:
            return f"The review ended: {ended}. We heard nothing, so the result counts as accepted (C-080)."
        case WindowKind.REVIEW:
            return f"The review ended: {ended}. We heard nothing, so your order is accepted and completed (C-080)."
        case WindowKind.CHANGES:
            return f"The included changes ended: {ended}. Every later one has a price of its own (C-066, C-067)."
        case WindowKind.INSURANCE:
            return f"Your insurance ended: {ended} (C-074)."
    return (
        f"Our copy of your access details was due to be destroyed {_moment(ended)}, and is (C-084). "
        "Change your passwords."
    )


def _moment(text: str) -> str:
    return f"at the {text}" if text.startswith("end of") else f"on {text}"


def _stands(window: OpenWindow, standing: Standing, *, now: datetime) -> bool:
    is_held = window.kind is WindowKind.REVIEW and (standing.has_problem or standing.is_running)
    return is_held or now < window.ends_at


def _view(window: OpenWindow, standing: Standing, calendar: Calendar) -> WindowView:
    is_counted = window.kind is WindowKind.INSURANCE and window.extended_to_at is None
    return WindowView(
        kind=window.kind,
        title=TITLES[window.kind],
        ends_at=window.ends_at,
        ends_text=end_text(window.ends_at, calendar.zone),
        sentence=sentence_of(window, standing, zone=calendar.zone),
        because=_because(window, standing.terms, calendar.zone),
        derivation=_derivation(window, standing.terms, calendar) if is_counted else None,
    )


def _review(until: str, standing: Standing) -> str:
    if standing.has_problem:
        return "We work on the problem that you reported. Nothing is accepted before we have answered it."
    if standing.is_running:
        return "A restart is on its way. A new review begins with its result."
    if standing.terms.family is Family.PACKAGE:
        return f"Until {until}. If we hear nothing, the review ends then; the included changes run on."
    return f"Until {until}; after that we treat the result as accepted."


def _because(window: OpenWindow, terms: Terms, zone: str) -> str:
    opened = instant_text(window.opened_at, zone)
    if window.extended_to_at is not None and window.extended_to_at >= window.ends_at:
        by_whom = "as you asked" if window.kind is WindowKind.ACCESS else "by us"
        return f"Opened {opened}; prolonged {by_whom}."
    match window.kind:
        case WindowKind.REVIEW:
            return f"{counted_text(terms.review_calendar_days, 'day')} from {opened}, to the end of the last."
        case WindowKind.CHANGES:
            days = counted_text(terms.change_calendar_days, "day")
            return f"{days} from our engineers’ check, {opened}, to the end of the last."
        case WindowKind.INSURANCE:
            days = counted_text(terms.insurance.business_days if terms.insurance else 0, "working day")
            return f"{days} from the end of the first full migration, {opened}, to the end of the last."
    return f"{counted_text(terms.purge_calendar_days, 'day')} from the end of the migration, {opened}."


def _derivation(window: OpenWindow, terms: Terms, calendar: Calendar) -> Derivation | None:
    if terms.insurance is None:
        return None
    return explain(calendar, window.opened_at, Target(Unit.BUSINESS_DAYS, terms.insurance.business_days))
