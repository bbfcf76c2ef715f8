"""What happened to an order, in the customer's words: made from the history's verbs and facts (UX, screen 4). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from migrator.clock.wording import clock_text, day_text, listed_text, local_time
from migrator.orders.timeline_words import Deed, item_of, words_of
from migrator.orders.timeline_words_results import RESULT_DATE_CHANGES, RESULTS_NEED_YOU


class Filter(StrEnum):
    """Which part of the timeline is looked at."""

    ALL = "all"
    NEEDS_YOU = "needs-you"
    DATE_CHANGES = "date-changes"


VERBS = {
    Filter.NEEDS_YOU: (
        "payment.failed",
        "access.item_problem",
        "order.paused",
        "order.date_proposed",
        "preview.published",
        *RESULTS_NEED_YOU,
        "supplement.offered",
    ),
    Filter.DATE_CHANGES: (
        "access.verified",
        "access.verification_corrected",
        "order.paused",
        "order.resumed",
        "order.pause_corrected",
        "order.upgraded",
        "order.date_proposed",
        "order.date_agreed",
        "preview.returned",
        "run.started",
        "order.closure_moved",
        *RESULT_DATE_CHANGES,
    ),
}
# Deeds that come in a row, one for each item: a row by one person on one day is told at once, with these words.
TOLD_TOGETHER = {
    "access.saved": ("{count} items saved.", "By {who}: {items}. Passwords and tokens are encrypted."),
    "access.item_verified": ("{count} items checked.", "They work: {items}."),
}
CARRYING_A_MESSAGE = ("order.paused", "preview.published")
ANSWERS = ("order.resumed", "order.pause_ended")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `quote` are somebody's own words; `tone` is attention, problem or empty."""

    at: datetime
    time_text: str
    title: str
    body: str
    quote: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, the newest first."""

    heading: str
    entries: tuple[Entry, ...]


def timeline(deeds: Iterable[Deed], *, zone: str) -> tuple[Day, ...]:
    """This will tell deeds (the newest first) day by day, at the times that the clocks in `zone` show."""
    rows = groupby(_told_once(tuple(deeds)), key=lambda deed: _row(deed, zone))
    entries = (_told_together(tuple(row), zone) for _, row in rows)
    by_day = groupby(entries, key=lambda one: local_time(one.at, zone).date())
    return tuple(Day(day_text(on), tuple(found)) for on, found in by_day)


def _told_once(deeds: tuple[Deed, ...]) -> Iterator[Deed]:
    at_once: dict[datetime, list[Deed]] = defaultdict(list)
    for deed in deeds:
        at_once[deed.happened_at].append(deed)
    return (deed for deed in deeds if not any(_tells(other, deed) for other in at_once[deed.happened_at]))


def _tells(other: Deed, deed: Deed) -> bool:
    """This will say whether another entry of the same instant says all that this one says."""
    match deed.verb:
        case "message.sent":
            return other.verb in CARRYING_A_MESSAGE and other.facts.get("message_id") == deed.facts.get("message_id")
        case "access.item_problem":
            return bool(deed.reason) and deed.reason in other.message
        case "access.saved":
            return other.verb in ANSWERS and other.facts.get("item") == deed.facts.get("item")
    return False


def _row(deed: Deed, zone: str) -> Hashable:
    if deed.verb not in TOLD_TOGETHER:
        return id(deed)
    return deed.verb, deed.actor_name, local_time(deed.happened_at, zone).date()


def _told_together(row: Sequence[Deed], zone: str) -> Entry:
    newest, oldest = entry(row[0], zone=zone), entry(row[-1], zone=zone)
    times = dict.fromkeys((oldest.time_text, newest.time_text))
    told = replace(newest, time_text="–".join(times))
    items = list(dict.fromkeys(item_of(deed) for deed in reversed(row)))
    if len(items) == 1:
        return told
    title, body = TOLD_TOGETHER[row[0].verb]
    words = {"count": len(items), "who": row[0].actor_name, "items": listed_text(items)}
    return replace(told, title=title.format_map(words), body=body.format_map(words))


def entry(deed: Deed, *, zone: str) -> Entry:
    """This will tell one deed with its reason, and old and new dates where it moved one (RULES D-10)."""
    words = words_of(deed, zone)
    return Entry(
        at=deed.happened_at,
        time_text=clock_text(local_time(deed.happened_at, zone)),
        title=words.title,
        body=words.body,
        quote=deed.message,
        icon=words.icon,
        tone=words.tone,
    )
