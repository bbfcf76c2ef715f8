"""Whether a run may be restarted, ended at a time, or corrected, and why not, in words (RULES C-070 to C-078). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.clock.instants import to_the_minute
from migrator.clock.wording import counted_text, end_text
from migrator.errors import DomainError
from migrator.fulfilment.rules import NotThisMoment
from migrator.fulfilment.runs.models import RunState
from migrator.orders.lifecycle import AFTER_A_RUN, OrderState

LARGEST_COUNT = 1_000_000_000


class NoRestart(DomainError):
    """A restart cannot be asked for now; the message says why."""


class WordsMissing(DomainError):
    """What the customer reads needs words."""


class NotACount(DomainError):
    """A number of pages cannot be that."""


@dataclass(frozen=True, slots=True)
class RestartFacts:
    """What a restart depends on.

    :ivar limit: restarts that were bought, 0 without insurance
    :ivar active: the state of a requested or running run; none without one
    :ivar window_ends_at: the first instant after the insurance window; none before the first full run has ended
    :ivar is_window_open: whether the window has not been closed, such as by its last restart
    :ivar suspension: why the insurance does not count now, such as a dispute about its payment; empty where it does
    """

    state: OrderState
    limit: int
    used: int
    active: RunState | None = None
    window_ends_at: datetime | None = None
    is_window_open: bool = False
    suspension: str = ""


def why_no_restart(facts: RestartFacts, *, now: datetime, zone: str) -> str:
    """This will say why no restart can be asked for now; empty when it can (RULES C-070 to C-078)."""
    if not facts.limit:
        return "This order has no insurance. It is sold until the full migration starts."
    if facts.suspension:
        return facts.suspension
    if facts.active is RunState.REQUESTED:
        return "A restart is asked for already. It starts as soon as your access details are checked."
    if facts.active is RunState.RUNNING:
        return "The migration is running now. Wait for its result."
    if facts.window_ends_at is None:
        return "Nothing has been migrated yet, so there is nothing to restart."
    if facts.used >= facts.limit:
        return f"You have used {used_words(facts.used, facts.limit)}."
    if not facts.is_window_open or now >= facts.window_ends_at:
        return f"Your insurance ended: {end_text(facts.window_ends_at, zone)}. A restart after it is a new purchase."
    if facts.state not in AFTER_A_RUN:
        return "Your order is being worked on. Wait for its result."
    return ""


def refuse_restart(facts: RestartFacts, *, now: datetime, zone: str) -> None:
    """This will refuse a restart that cannot be asked for now.

    :raises NoRestart: saying why
    """
    if why := why_no_restart(facts, now=now, zone=zone):
        raise NoRestart(why)


def refuse_finish_at(started_at: datetime, finished_at: datetime, *, now: datetime) -> None:
    """This will refuse the end of a run that contradicts the record, to the minute.

    :raises NotThisMoment: in the future, or before the run started
    """
    if finished_at > now:
        raise NotThisMoment("The end of the run cannot lie in the future. Enter the time at which it ended.")
    if to_the_minute(finished_at) < to_the_minute(started_at):
        raise NotThisMoment("The end of the run cannot lie before its start. Enter a later time.")


def refuse_after(finished_at: datetime, followed: Iterable[datetime]) -> None:
    """This will refuse an end of a run that lies after something which followed from it (RULES D-10).

    :raises NotThisMoment: when it does
    """
    if any(to_the_minute(finished_at) > at for at in followed):
        raise NotThisMoment("The end of the run cannot lie after what followed from it. Enter an earlier time.")


def refuse_validation_at(finished_at: datetime, validated_at: datetime, *, now: datetime) -> None:
    """This will refuse a time of validation that contradicts the record (RULES D-10).

    :raises NotThisMoment: in the future, or before the result was there
    """
    if validated_at > now:
        raise NotThisMoment("The check cannot lie in the future. Enter the time at which it was done.")
    if to_the_minute(validated_at) < to_the_minute(finished_at):
        raise NotThisMoment("The check cannot lie before the migration was done. Enter a later time.")


def words_given(words: str, missing: str) -> str:
    """This will return the words without surrounding spaces.

    :raises WordsMissing: with the sentence `missing`, when there are none
    """
    if not words.strip():
        raise WordsMissing(missing)
    return words.strip()


def refuse_count(pages: int) -> None:
    """This will refuse a number of moved pages that cannot be.

    :raises NotACount: below 0 or beyond all reason
    """
    if not 0 <= pages <= LARGEST_COUNT:
        raise NotACount("Enter how many pages were moved, as a number from 0 on.")


def used_words(used: int, limit: int) -> str:
    """This will say how many restarts are used: `your restart`, `1 of your 2 restarts`, `all 2 restarts`."""
    if limit == 1:
        return "your 1 restart"
    return f"all {counted_text(limit, 'restart')}" if used >= limit else f"{used} of your {limit} restarts"
