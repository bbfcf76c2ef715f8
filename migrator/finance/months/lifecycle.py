"""The states of a month of the books, and who may move it on. Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.errors import DomainError


class MonthState(StrEnum):
    """Where a month stands: written into, being checked, or closed for good (PAYMENTS, month close)."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    LOCKED = "locked"


class MonthStep(StrEnum):
    """What can be done to a month."""

    REVIEW = "review"
    STOP = "stop"
    LOCK = "lock"
    ASK = "ask"
    CONFIRM = "confirm"
    KEEP = "keep"


class MonthNotNow(DomainError):
    """The month's state does not allow it."""


WORDS = {MonthState.OPEN: "Open", MonthState.IN_REVIEW: "In review", MonthState.LOCKED: "Locked"}
REFUSALS = {
    MonthStep.REVIEW: "Only an open month can be taken into review.",
    MonthStep.STOP: "Only a month in review can be given back.",
    MonthStep.LOCK: "Take the month into review first; then it can be locked.",
    MonthStep.ASK: "Only a locked month can be opened again, and it was not asked for yet.",
    MonthStep.CONFIRM: "Nobody has asked to open this month again.",
    MonthStep.KEEP: "Nobody has asked to open this month again.",
}


def steps_of(state: MonthState, *, is_asked: bool) -> frozenset[MonthStep]:
    """This will return what can be done to a month.

    :param is_asked: whether somebody has asked to open it again
    """
    match state:
        case MonthState.OPEN:
            return frozenset({MonthStep.REVIEW})
        case MonthState.IN_REVIEW:
            return frozenset({MonthStep.STOP, MonthStep.LOCK})
    return frozenset({MonthStep.CONFIRM, MonthStep.KEEP}) if is_asked else frozenset({MonthStep.ASK})


def refuse_step(step: MonthStep, state: MonthState, *, is_asked: bool) -> None:
    """This will refuse what the month's state does not allow.

    :raises MonthNotNow: saying what does
    """
    if step not in steps_of(state, is_asked=is_asked):
        raise MonthNotNow(REFUSALS[step])
