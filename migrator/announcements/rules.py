"""What a piece of news is for its readers, whether it was written or follows from a closure (RULES C-020). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

Place = tuple[datetime, int]


class Kind(StrEnum):
    """Where a piece of news comes from."""

    WRITTEN = "written"
    CLOSED = "closed"
    OPEN_AFTER_ALL = "open_after_all"


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news.

    :ivar id: of the announcement or the closure
    :ivar at: from when it is told
    :ivar days: first and last day of a closure; none for written news
    """

    kind: Kind
    id: int
    title: str
    body: str
    at: datetime
    changed_at: datetime
    days: tuple[date, date] | None = None

    @property
    def place(self) -> Place:
        """Where it stands in the list: by its moment, and among those of one moment by a number of its own."""
        return self.at, self.id * len(KINDS) + KINDS.index(self.kind)


class Written(Protocol):
    """What written news is made of."""

    id: int
    title: str
    body: str
    shown_from_at: datetime
    changed_at: datetime


class Announced(Protocol):
    """What a closure's news is made of."""

    id: int
    name: str
    reason: str
    first_on: date
    last_on: date
    announced_at: datetime | None
    withdrawn_at: datetime | None


def news_of_announcement(written: Written) -> News:
    """This will return written news; a change before it was shown is none that readers saw."""
    changed_at = max(written.changed_at, written.shown_from_at)
    return News(Kind.WRITTEN, written.id, written.title, written.body, written.shown_from_at, changed_at)


def news_of_closure(closure: Announced, kind: Kind) -> News:
    """This will return what is told of a closure: that it was announced, or that it was withdrawn.

    :param closure: announced; for `OPEN_AFTER_ALL` withdrawn as well
    """
    at = closure.announced_at if kind is Kind.CLOSED else closure.withdrawn_at
    assert at is not None, "what is told has its moment"
    return News(kind, closure.id, closure.name, closure.reason, at, at, (closure.first_on, closure.last_on))
