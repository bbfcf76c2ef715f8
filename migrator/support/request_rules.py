"""What a request must contain, what is missing, and how often we ask for it (RULES C-026 to C-031). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.errors import DomainError
from migrator.support.categories import Category, Channel, Desk, needs_verdict
from migrator.support.lifecycle import TicketState


class Missing(StrEnum):
    """An item that a request must contain (RULES C-026, C-028, C-029)."""

    LOGIN_EMAIL = "login_email"
    MIGRATION_ID = "migration_id"
    DESCRIPTION = "description"


class Verdict(StrEnum):
    """What an investigation of the hosting desk found (RULES M-026)."""

    HOSTING = "hosting"
    NOT_HOSTING = "not_hosting"
    UNDETERMINED = "undetermined"


class DescriptionTooShort(DomainError):
    """A request needs a clear description (RULES C-029)."""


class OrderMissing(DomainError):
    """The request must say which migration it is about (RULES C-028)."""


class ChannelNotTaken(DomainError):
    """The desk takes no requests on this channel (RULES C-006, M-014)."""


class NothingMissing(DomainError):
    """A clarification names an item that is missing (RULES C-030)."""


class NoMoreClarifications(DomainError):
    """What is missing was asked for as often as we ask (RULES C-030)."""


class CannotClose(DomainError):
    """Something must happen before the ticket can be closed."""


class TooLateToReopen(DomainError):
    """The days in which a closed request can be reopened are over (RULES C-031)."""


class WordsMissing(DomainError):
    """A message, a note or a reason needs words."""


MISSING_WORDS = {
    Missing.LOGIN_EMAIL: "the e-mail address of your account",
    Missing.MIGRATION_ID: "your migration number",
    Missing.DESCRIPTION: "a clear description of what happens",
}
MISSING_STAFF_WORDS = {
    Missing.LOGIN_EMAIL: "Login e-mail",
    Missing.MIGRATION_ID: "Migration number",
    Missing.DESCRIPTION: "Clear description",
}
VERDICT_WORDS = {
    Verdict.HOSTING: "The hosting is the cause",
    Verdict.NOT_HOSTING: "The hosting is not the cause",
    Verdict.UNDETERMINED: "The cause could not be determined",
}
# Calls are logged by our people for both desks; whatever else comes must be on the desk's list (RULES C-002, C-009).
LOGGED = frozenset({Channel.CHAT, Channel.CALL})


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a ticket says which items it has."""

    is_identified: bool
    has_order: bool
    needs_order: bool
    is_unclear: bool


def missing_items(contents: Contents) -> tuple[Missing, ...]:
    """This will return what is missing, in the order in which we ask for it (RULES C-026, C-028, C-029)."""
    lacking = {
        Missing.LOGIN_EMAIL: not contents.is_identified,
        Missing.MIGRATION_ID: contents.needs_order and not contents.has_order,
        Missing.DESCRIPTION: contents.is_unclear,
    }
    return tuple(item for item, lacks in lacking.items() if lacks)


def words_given(words: str, missing: str) -> str:
    """This will return the words without surrounding spaces.

    :raises WordsMissing: with the sentence `missing`, when there are none
    """
    if not words.strip():
        raise WordsMissing(missing)
    return words.strip()


def refuse_short_description(description: str, *, least: int) -> None:
    """This will refuse a description that cannot say what happens (RULES C-029).

    :raises DescriptionTooShort: saying how long it must be
    """
    if len(" ".join(description.split())) < least:
        raise DescriptionTooShort(f"Describe what happens in at least {least} characters.")


def refuse_channel(channel: Channel, *, taken: tuple[str, ...]) -> None:
    """This will refuse a channel on which the desk takes no requests (RULES C-006, M-014).

    What our people log after a chat or a call is theirs to file.

    :raises ChannelNotTaken: saying where to ask
    """
    if channel not in taken and channel not in LOGGED:
        raise ChannelNotTaken("Requests to this desk come through the portal alone. Sign in and ask there.")


def refuse_clarification(item: Missing, missing: tuple[Missing, ...], *, asked: int, most: int) -> None:
    """This will refuse to ask for what is not missing, or once more than we ask (RULES C-030).

    :param asked: how often it was asked for already
    :raises NothingMissing: when the item is there
    :raises NoMoreClarifications: when it was asked for `most` times
    """
    if item not in missing:
        raise NothingMissing("A clarification names what is missing, and this is not. Write a usual answer instead.")
    if asked >= most:
        raise NoMoreClarifications(
            f"We have asked {most} times. The request closes by itself unless the customer writes."
        )


def why_not_close(
    *, state: TicketState, desk: Desk, category: Category, verdict: Verdict | None, is_answer_owed: bool
) -> str:
    """This will return why our people cannot close a ticket now; empty when they can (RULES C-021, M-026)."""
    if state in {TicketState.CLOSED, TicketState.MERGED}:
        return "It is closed already."
    # Whoever is not known to us may be nobody at all; what they sent can be put away.
    if is_answer_owed and state is not TicketState.NEEDS_IDENTIFICATION:
        return "The customer waits for an answer. Write it first."
    if needs_verdict(desk, category) and verdict is None:
        return "Say first whether the hosting is the cause: the verdict is missing."
    return ""


def refuse_late_reopening(reopen_until_at: datetime | None, *, now: datetime, words: str) -> None:
    """This will refuse to reopen a ticket whose last day for that is over (RULES C-031).

    :param words: the end of that day
    :raises TooLateToReopen: saying when it was over, and what to do
    """
    if reopen_until_at is None or now >= reopen_until_at:
        raise TooLateToReopen(f"This request could be reopened until the {words}. Send a new one, please.")
