"""Whether a change is included, what may follow in each state, and the words for it (RULES C-066, C-067). Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from migrator.errors import DomainError
from migrator.fulfilment.changes.models import ChangeKind, ChangeState
from migrator.policy.types import Family


class NotNow(DomainError):
    """The request's state does not allow this."""


class WordsMissing(DomainError):
    """A request and an answer need words."""


class Step(StrEnum):
    """What is done to a request."""

    TAKE_UP = "take_up"
    QUOTE = "quote"
    FINISH = "finish"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


STATE_WORDS = {
    ChangeState.RAISED: "Sent – we look at it",
    ChangeState.QUOTED: "Price sent – your turn",
    ChangeState.IN_WORK: "We work on it",
    ChangeState.DONE: "Done",
    ChangeState.DECLINED: "Declined",
    ChangeState.WITHDRAWN: "Withdrawn",
}
KIND_WORDS = {
    ChangeKind.PREVIEW_PROBLEM: "Problem with the preview",
    ChangeKind.PROBLEM: "Problem with the result",
    ChangeKind.CHANGE: "Change",
}
OPEN_STATES = frozenset({ChangeState.RAISED, ChangeState.QUOTED, ChangeState.IN_WORK})
ALLOWED = {
    Step.TAKE_UP: frozenset({ChangeState.RAISED}),
    Step.QUOTE: frozenset({ChangeState.RAISED}),
    Step.FINISH: frozenset({ChangeState.RAISED, ChangeState.IN_WORK}),
    Step.DECLINE: OPEN_STATES,
    Step.WITHDRAW: OPEN_STATES,
}
NOT_PAID_FOR = "This came after the included changes had ended. Send a price first; work starts when it is paid."


def is_included(family: Family, window_ends_at: datetime | None, *, now: datetime) -> bool:
    """This will tell whether a change asked for now is included: with a package, until the changes window ends.

    Before our engineers have checked the result the window has not begun, and the request is in time (RULES C-066).

    :param window_ends_at: the first instant after the window; none before it opened
    """
    return family is Family.PACKAGE and (window_ends_at is None or now < window_ends_at)


def allows(step: Step, state: ChangeState, *, is_included: bool) -> bool:
    """This will tell whether a step may be taken; a late change that was not priced is only priced or declined."""
    if state is ChangeState.RAISED and not is_included and step in {Step.TAKE_UP, Step.FINISH}:
        return False
    return state in ALLOWED[step]


def refuse_step(step: Step, state: ChangeState, *, is_included: bool) -> None:
    """This will refuse a step that the request's state does not allow.

    :raises NotNow: saying what the state is
    """
    if allows(step, state, is_included=is_included):
        return
    if state is ChangeState.RAISED:
        raise NotNow(NOT_PAID_FOR)
    raise NotNow(f"This cannot be done now: the request is “{STATE_WORDS[state]}”.")


def words_given(words: str, missing: str) -> str:
    """This will return the words without surrounding spaces.

    :raises WordsMissing: with the sentence `missing`, when there are none
    """
    if not words.strip():
        raise WordsMissing(missing)
    return words.strip()


def hours_words(minutes: int) -> str:
    """This will return support time as people read it: `3.6 h`."""
    return f"{minutes // 60}.{minutes % 60 // 6} h"


def mode_words(*, included: bool, ends_text: str, minutes_left: int) -> str:
    """This will say whether a change is included and how much is left, or that it will be priced (RULES C-067).

    :param ends_text: the end of the included changes in words; empty before our engineers have checked the result
    """
    if not included:
        return "This will be a quote: we send you a price, and start when you have paid it."
    until = f"Included until {ends_text}." if ends_text else "Included."
    return f"{until} You have {hours_words(minutes_left)} left."
