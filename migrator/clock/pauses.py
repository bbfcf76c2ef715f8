"""Pauses: the stretches in which the count stands still because we wait (RULES C-063, X-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from migrator.clock.instants import to_seconds
from migrator.clock.table import Cuts
from migrator.errors import DomainError

STILL_OPEN = "A pause has not ended yet, so the date is open; say up to which moment it counts."


class ReversedPause(DomainError):
    """A pause cannot end before it begins."""


class OpenPause(DomainError):
    """A pause that has not ended leaves the date open."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count: from inclusive, until exclusive (aware); until None = not ended yet.

    `begin` and `span` are the same in UTC seconds; `span` is None while the pause is open.

    :param reason: what we waited for, fit to follow “while we waited for”
    :raises ReversedPause: when it ends before it begins
    :raises NaiveInstant: for an instant without an offset
    """

    from_at: datetime
    until_at: datetime | None
    reason: str = ""
    begin: int = field(init=False, repr=False, compare=False)
    span: tuple[int, int] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        begin = to_seconds(self.from_at)
        span = None if self.until_at is None else (begin, to_seconds(self.until_at))
        if span is not None and span[1] < begin:
            raise ReversedPause(f"A pause cannot end ({self.until_at}) before it begins ({self.from_at}).")
        object.__setattr__(self, "begin", begin)
        object.__setattr__(self, "span", span)

    def within(self, begin: int, end: int) -> tuple[int, int] | None:
        """This will return the part of the pause between two UTC seconds; None when there is none."""
        since = max(begin, self.begin)
        until = end if self.span is None else min(end, self.span[1])
        return (since, until) if since < until else None


def settle(pauses: Iterable[Pause], now: datetime | None) -> tuple[Pause, ...]:
    """This will end every open pause at `now`, as if the answer came this moment, and order all by their beginning.

    :raises OpenPause: when a pause is open and `now` is None
    """
    ended = [pause if pause.until_at is not None else _ended(pause, now) for pause in pauses]
    return tuple(sorted(ended, key=lambda pause: pause.begin))


def _ended(pause: Pause, now: datetime | None) -> Pause:
    if now is None:
        raise OpenPause(STILL_OPEN)
    return replace(pause, until_at=now if to_seconds(now) > pause.begin else pause.from_at)


def cuts_of(pauses: Iterable[Pause], *, open_until: int | None = None) -> Cuts:
    """This will return the union of the pauses in UTC seconds: in order and apart (RULES X-07).

    :param open_until: the UTC second at which a pause that has not ended is cut off
    :raises OpenPause: when one has not ended and `open_until` is None
    """
    cuts: list[tuple[int, int]] = []
    for begin, end in sorted([pause.span or _cut_off(pause, open_until) for pause in pauses]):
        if not cuts or begin > cuts[-1][1]:
            cuts.append((begin, end))
        elif end > cuts[-1][1]:
            cuts[-1] = (cuts[-1][0], end)
    return cuts


def _cut_off(pause: Pause, open_until: int | None) -> tuple[int, int]:
    if open_until is None:
        raise OpenPause(STILL_OPEN)
    return pause.begin, max(pause.begin, open_until)
