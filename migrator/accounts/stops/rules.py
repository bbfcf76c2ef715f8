"""Who may do what to a stop, and what the stopped person is told (RULES C-032). Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.errors import DomainError

# Neutral words: what it means, what goes on, where to turn.
STOPPED = (
    "We take no new tickets or messages from you at present. Your orders, documents and data are not affected. "
    "If you think that this is wrong, ask us to look at it again on your account page, under “Writing to us”."
)


class StopState(StrEnum):
    """Where a stop stands: nothing is blocked before a second person has confirmed it."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    PUT_AWAY = "put_away"
    LIFTED = "lifted"


class ContactStopped(DomainError):
    """The person's tickets and messages are not taken at present."""


class NotThisState(DomainError):
    """The stop is not where this can be done to it."""


class SecondPersonNeeded(DomainError):
    """Nobody confirms what they have proposed themselves."""


class WordsMissing(DomainError):
    """What must be said was left empty."""


def refuse_other_state(state: StopState, wanted: StopState) -> None:
    """This will refuse what cannot be done to a stop where it stands.

    :raises NotThisState: when it stands elsewhere
    """
    if state is not wanted:
        raise NotThisState("Somebody has decided this already. Look at what it says now.")


def refuse_same_person(proposed_by_id: int, person_id: int | None) -> None:
    """This will refuse a confirmation by the one who proposed.

    :raises SecondPersonNeeded: when both are one person
    """
    if proposed_by_id == person_id:
        raise SecondPersonNeeded("A second person must confirm this. Ask a colleague to look at it.")


def said(text: str, sentence: str) -> str:
    """This will return what was said without spaces around it.

    :raises WordsMissing: with the sentence, when nothing was said
    """
    if not text.strip():
        raise WordsMissing(sentence)
    return text.strip()
