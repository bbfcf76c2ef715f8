"""What a package includes, and how far each of it has come: made from facts alone, kept nowhere (RULES C-055). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.fulfilment.checks.rules import Standing
from migrator.orders.lifecycle import OrderState

SET_UP_LATER = frozenset({OrderState.AWAITING_PAYMENT, OrderState.AWAITING_ACCESS, OrderState.VERIFYING})


class Progress(StrEnum):
    """How far an inclusion has come."""

    TO_COME = "to_come"
    UNDER_WAY = "under_way"
    DONE = "done"


PROGRESS_WORDS = {Progress.TO_COME: "To come", Progress.UNDER_WAY: "Under way", Progress.DONE: "Done"}


@dataclass(frozen=True, slots=True)
class InclusionFacts:
    """What the inclusions of a package follow from.

    :ivar customisation_minutes: posted time of that kind; `minutes_left` is what the package has left for all kinds
    :ivar options: the additional options that were chosen, which cost nothing in a package
    :ivar preview_number: of the latest preview; none before the first
    """

    state: OrderState
    manager: str
    validation: Standing
    preview_number: int | None
    is_approved: bool
    customisation_minutes: int
    minutes_left: int
    options: tuple[str, ...]
    validated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """One line of the checklist."""

    label: str
    progress: Progress
    words: str

    @property
    def progress_words(self) -> str:
        """How far it has come, in words."""
        return PROGRESS_WORDS[self.progress]


def inclusions_of(labels: tuple[str, ...], facts: InclusionFacts) -> tuple[Inclusion, ...]:
    """This will tell how far each inclusion of a package has come (RULES C-055a to C-055h).

    :param labels: of the order's terms, in the order of the rules; none for what is no package
    """
    told = (
        (Progress.UNDER_WAY, "Regular priority, as for every package."),
        _manager(facts),
        _validation(facts),
        _set_up(facts),
        _customisation(facts),
        _options(facts),
        _preview(facts),
        _results(facts),
    )
    return tuple(Inclusion(label, progress, words) for label, (progress, words) in zip(labels, told, strict=False))


def _manager(facts: InclusionFacts) -> tuple[Progress, str]:
    if not facts.manager:
        return Progress.TO_COME, "Named as soon as the order is paid, before the set-up."
    return Progress.DONE, f"{facts.manager} looks after your order."


def _validation(facts: InclusionFacts) -> tuple[Progress, str]:
    standing = facts.validation
    said = f"{standing.done} of {standing.total} checks recorded"
    if standing.is_complete:
        return Progress.DONE, f"{said}, all in order."
    if not standing.done:
        return Progress.TO_COME, f"{standing.total} checks before the set-up."
    return Progress.UNDER_WAY, f"{said}, {standing.failed} failed." if standing.failed else f"{said}."


def _set_up(facts: InclusionFacts) -> tuple[Progress, str]:
    if facts.preview_number:
        return Progress.DONE, "Set up, as the preview shows."
    if facts.state in SET_UP_LATER or facts.state is OrderState.CANCELLED:
        return Progress.TO_COME, "Begins when your access details are found right."
    return Progress.UNDER_WAY, "Our engineers set the migration up."


def _customisation(facts: InclusionFacts) -> tuple[Progress, str]:
    left = f"{_hours(facts.minutes_left)} hours are left in your package."
    if not facts.customisation_minutes:
        return Progress.TO_COME, f"Nothing was needed so far; {left}"
    used = f"{_hours(facts.customisation_minutes)} hours used for it; {left}"
    return (Progress.DONE if facts.validated_at else Progress.UNDER_WAY), used


def _options(facts: InclusionFacts) -> tuple[Progress, str]:
    if not facts.options:
        return Progress.TO_COME, "Included: you have chosen none. Ask your account manager for any of them."
    done = Progress.DONE if facts.validated_at else Progress.UNDER_WAY
    return done, f"Included: {', '.join(facts.options)}."


def _preview(facts: InclusionFacts) -> tuple[Progress, str]:
    if facts.is_approved:
        return Progress.DONE, f"Preview {facts.preview_number} approved by you."
    if facts.preview_number is None:
        return Progress.TO_COME, "You look at it before anything is moved in full."
    if facts.state is OrderState.PREVIEW_READY:
        return Progress.UNDER_WAY, f"Preview {facts.preview_number} waits for you."
    return Progress.UNDER_WAY, f"Preview {facts.preview_number} came back; the next one follows."


def _results(facts: InclusionFacts) -> tuple[Progress, str]:
    if facts.validated_at:
        return Progress.DONE, "Our engineers have checked the result."
    if facts.state is OrderState.IN_REVIEW:
        return Progress.UNDER_WAY, "Our engineers are checking the result."
    return Progress.TO_COME, "After the full migration."


def _hours(minutes: int) -> str:
    return f"{minutes // 60}.{minutes % 60 // 6}"
