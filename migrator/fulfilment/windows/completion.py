"""When an order is complete, what holds its acceptance by silence, and when unused hours lapse. Pure.

(RULES C-066, C-067, C-080)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.fulfilment.changes.models import ChangeKind
from migrator.fulfilment.windows.models import WindowKind
from migrator.policy.types import Family


@dataclass(frozen=True, slots=True)
class WindowFact:
    """A window as far as completion looks at it; `closed_at` is empty while it is open."""

    kind: WindowKind
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestFact:
    """A request of the customer; `ended_at` is empty while we owe an answer."""

    kind: ChangeKind
    is_included: bool
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """What completion follows from."""

    family: Family
    windows: tuple[WindowFact, ...]
    requests: tuple[RequestFact, ...] = ()
    has_active_run: bool = False


def is_complete(facts: CompletionFacts) -> bool:
    """This will tell whether nothing of what was promised is open any more."""
    return completed_at(facts) is not None


def completed_at(facts: CompletionFacts) -> datetime | None:
    """This will return the instant with which the last open thing ended; none while something is open.

    Self-service and assisted orders are complete with the acceptance of the result. A package is complete when its
    changes window has ended, no request raised in time is open, and no review is (RULES C-066, C-080).
    """
    reviews = _closings(facts, WindowKind.REVIEW)
    if facts.has_active_run or not reviews or None in reviews:
        return None
    if facts.family is not Family.PACKAGE:
        return _last(reviews)
    lapsed_at = hours_lapse_at(facts)
    return _last((*reviews, lapsed_at)) if lapsed_at else None


def hours_lapse_at(facts: CompletionFacts) -> datetime | None:
    """This will return when a package's unused hours lapse: with its changes window, or with the last request that
    was raised in time and done later; none before (RULES C-067).
    """
    changes = _closings(facts, WindowKind.CHANGES)
    in_time = [one.ended_at for one in facts.requests if one.is_included and one.kind is ChangeKind.CHANGE]
    if not changes or None in changes or None in in_time:
        return None
    return _last((*changes, *in_time))


def is_silence_held(facts: CompletionFacts) -> bool:
    """This will tell whether silence means nothing now: we owe an answer to a problem, or a run is active (C-080)."""
    return facts.has_active_run or any(
        one.kind is ChangeKind.PROBLEM and one.ended_at is None for one in facts.requests
    )


def _closings(facts: CompletionFacts, kind: WindowKind) -> list[datetime | None]:
    return [window.closed_at for window in facts.windows if window.kind is kind]


def _last(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)
