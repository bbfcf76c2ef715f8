"""Which requests look the same, and which can be joined (RULES M-021). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.clock.wording import listed_text, local_time
from migrator.errors import DomainError
from migrator.support.lifecycle import TicketState

UNDO_DAYS = 30
LEAST_COMMON = 2
MOST_NAMED = 4
MOST_SHOWN = 3
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORD = re.compile(r"[^\W_]{3,}")
# What every request says tells nothing about whether two are the same.
SAY_NOTHING = frozenset(
    [
        "about",
        "after",
        "again",
        "all",
        "and",
        "any",
        "are",
        "been",
        "before",
        "but",
        "can",
        "cannot",
        "could",
        "did",
        "does",
        "doing",
        "done",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "hello",
        "help",
        "her",
        "here",
        "how",
        "its",
        "just",
        "know",
        "like",
        "may",
        "more",
        "must",
        "need",
        "not",
        "now",
        "only",
        "our",
        "out",
        "please",
        "problem",
        "question",
        "regards",
        "see",
        "she",
        "should",
        "site",
        "some",
        "still",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "this",
        "was",
        "website",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "work",
        "working",
        "works",
        "would",
        "you",
        "your",
    ]
)


class CannotMerge(DomainError):
    """These two cannot be joined."""


class CannotUndo(DomainError):
    """The joining can no longer be taken back, or not yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request as it is compared.

    :ivar text: its subject and first message together
    """

    number: str
    order_number: str
    text: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """A request that looks the same, and why."""

    number: str
    reason: str
    common: int


def telling_words(text: str) -> frozenset[str]:
    """This will return the words of a text that tell what it is about, in lower case."""
    return frozenset(WORD.findall(text.casefold())) - SAY_NOTHING


def alike(
    text: str, order_number: str, candidates: Iterable[Candidate], *, now: datetime, zone: str
) -> tuple[Likeness, ...]:
    """This will return which open requests of the same customer look the same, the most alike first.

    Two are alike when they are about the same migration (or both about none) and share half of the telling words of
    the shorter one, and at least two.
    """
    words = telling_words(text)
    found = [
        Likeness(each.number, _reason(each, sorted(common), now=now, zone=zone), len(common))
        for each in candidates
        if each.order_number == order_number
        and len(common := words & (theirs := telling_words(each.text))) >= LEAST_COMMON
        and 2 * len(common) >= min(len(words), len(theirs))
    ]
    return tuple(sorted(found, key=lambda each: (-each.common, each.number))[:MOST_SHOWN])


def refuse_merge(
    *, same: bool, states: Iterable[TicketState], organisations: tuple[int | None, int | None], desks_agree: bool
) -> None:
    """This will refuse to join two requests that must stay apart.

    :param same: whether it is one and the same
    :raises CannotMerge: saying why
    """
    if same:
        raise CannotMerge("A request cannot be joined with itself. Enter the number of the other one.")
    if not desks_agree:
        raise CannotMerge("The two desks answer under different policies, so these stay apart.")
    if None in organisations or organisations[0] != organisations[1]:
        raise CannotMerge("Both must be requests of the same customer.")
    if {TicketState.CLOSED, TicketState.MERGED} & set(states):
        raise CannotMerge("Only open requests are joined. Reopen it first, or leave it closed.")


def earliest(*moments: datetime | None) -> datetime | None:
    """This will return the first of the moments that are there; the earlier clock counts."""
    return min((moment for moment in moments if moment is not None), default=None)


def _reason(candidate: Candidate, common: list[str], *, now: datetime, zone: str) -> str:
    about = f"the same migration, {candidate.order_number}" if candidate.order_number else "no migration in either"
    quoted = listed_text([f"“{word}”" for word in common[:MOST_NAMED]])
    return f"Asked {_when(candidate.opened_at, now=now, zone=zone)}: {about}, and the words {quoted}."


def _when(opened_at: datetime, *, now: datetime, zone: str) -> str:
    days = (local_time(now, zone).date() - local_time(opened_at, zone).date()).days
    if days <= 1:
        return "yesterday" if days else "today"
    return f"on {WEEKDAYS[local_time(opened_at, zone).weekday()]}" if days < 7 else f"{days} days ago"
