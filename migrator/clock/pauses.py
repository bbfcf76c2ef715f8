"""Pauses: the stretches in which the count stands still because we wait (RULES C-063, X-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.clock.instants import to_seconds
from migrator.clock.table import Cuts
from migrator.errors import DomainError


class ReversedPause(DomainError):
    """A pause cannot end before it begins."""


class OpenPause(DomainError):
    """A pause that has not ended leaves the date open."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count: from inclusive, until exclusive (aware); until None = not ended yet.

    :param reason: what we waited for, fit to follow “while we waited for”
    :raises ReversedPause: when it ends before it begins
    :raises NaiveInstant: for an instant without an offset
    """

    from_at: datetime
    until_at: datetime | None
    reason: str = ""

    def __post_init__(self) -> None:
        begin = to_seconds(self.from_at)
        if self.until_at is not None and to_seconds(self.until_at) < begin:
            raise ReversedPause(f"A pause cannot end ({self.until_at}) before it begins ({self.from_at}).")


def settle(pauses: Iterable[Pause], now: datetime | None) -> tuple[Pause, ...]:
    """This will end every open pause at `now`, as if the answer came this moment.

    :raises OpenPause: when a pause is open and `now` is None
    """
    return tuple(pause if pause.until_at is not None else _ended(pause, now) for pause in pauses)


def _ended(pause: Pause, now: datetime | None) -> Pause:
    if now is None:
        raise OpenPause("A pause has not ended yet, so the date is open; say up to which moment it counts.")
    return replace(pause, until_at=max(now, pause.from_at))


def cuts_of(pauses: Iterable[Pause]) -> Cuts:
    """This will return the union of the pauses in UTC seconds: in order, apart, nothing empty (RULES X-07).

    :raises OpenPause: when one has not ended
    """
    pairs = []
    for pause in pauses:
        if pause.until_at is None:
            raise OpenPause("A pause has not ended yet, so the date is open; say up to which moment it counts.")
        pairs.append((to_seconds(pause.from_at), to_seconds(pause.until_at)))
    if len(pairs) < 2:
        return pairs
    return _united(sorted(pairs))


def _united(pairs: list[tuple[int, int]]) -> Cuts:
    united = [pairs[0]]
    for begin, end in pairs[1:]:
        last_begin, last_end = united[-1]
        if begin > last_end:
            united.append((begin, end))
        elif end > last_end:
            united[-1] = (last_begin, end)
    return united
