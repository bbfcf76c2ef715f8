"""Working time of a calendar as sorted whole seconds with running totals, looked up by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.errors import DomainError

Cuts = Sequence[tuple[int, int]]
"""Pauses in UTC seconds: half-open, in order, apart from each other."""


class YearNotFilled(DomainError):
    """The answer needs a day whose closed days are not recorded; it is refused, never guessed (RULES D-6)."""


@dataclass(frozen=True, slots=True)
class WorkingTable:
    """Working intervals in UTC seconds, half-open, in order and apart; `first` and `last` bound what is known.

    `total[i]` is the working time up to the end of interval i, `shift[i]` what turns such a total into an instant.
    """

    opens: list[int]
    closes: list[int]
    total: list[int]
    shift: list[int]
    first: int
    last: int
    outside: str

    def position(self, at: int) -> int:
        """This will return the working seconds between the beginning of the table and `at`.

        :raises YearNotFilled: when `at` lies outside the table
        """
        if not self.first <= at <= self.last:
            raise YearNotFilled(self.outside)
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        close = self.closes[index]
        return (at if at < close else close) - self.shift[index]

    def landing(self, position: int) -> int:
        """This will return the earliest instant at which `position` (above 0) working seconds have run.

        An amount used up at closing lands at closing, not at the next opening.
        """
        index = bisect_left(self.total, position)
        if index == len(self.total):
            raise YearNotFilled(self.outside)
        return position + self.shift[index]

    def opening(self, at: int) -> int:
        """This will return `at` where it is working time, otherwise the next opening."""
        index = bisect_right(self.closes, at)
        if index == len(self.closes) or at < self.first:
            raise YearNotFilled(self.outside)
        return max(at, self.opens[index])

    def advance(self, start: int, amount: int, cuts: Cuts = ()) -> int:
        """This will return the instant at which `amount` working seconds outside the cuts have run since `start`.

        With amount 0 it is the next working instant. A cut that begins when the amount is used up moves nothing.
        """
        if amount == 0:
            return self._next_uncut(start, cuts)
        position = self.position(start) + amount
        if not cuts:
            return self.landing(position)
        for begin, end in cuts:
            if end <= start:
                continue
            begun = self.position(start if begin < start else min(begin, self.last))
            if begun >= position:
                break
            position += self.position(min(end, self.last)) - begun
        return self.landing(position)

    def between(self, start: int, end: int, cuts: Cuts = ()) -> int:
        """This will return the working seconds from `start` to `end` outside the cuts."""
        seconds = self.position(end) - self.position(start)
        for begin, finish in cuts:
            if begin < end and finish > start:
                until = finish if finish < end else end
                seconds -= self.position(until) - self.position(begin if begin > start else start)
        return seconds

    def _next_uncut(self, start: int, cuts: Cuts) -> int:
        at = self.opening(start)
        for begin, end in cuts:
            if begin <= at < end:
                at = self.opening(end)
        return at


def build_table(intervals: Iterable[tuple[int, int]], *, first: int, last: int, outside: str) -> WorkingTable:
    """This will build the table of the intervals, which come in order of their beginnings and may touch or overlap.

    :param outside: the sentence that refuses whatever lies outside `first` to `last`
    """
    opens: list[int] = []
    closes: list[int] = []
    for begin, end in intervals:
        if closes and begin <= closes[-1]:
            closes[-1] = max(closes[-1], end)
        elif begin < end:
            opens.append(begin)
            closes.append(end)
    total: list[int] = []
    shift: list[int] = []
    running = 0
    for begin, end in zip(opens, closes, strict=True):
        shift.append(begin - running)
        running += end - begin
        total.append(running)
    return WorkingTable(opens, closes, total, shift, first, last, outside)
