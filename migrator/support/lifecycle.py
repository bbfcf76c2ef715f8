"""The states of a ticket, which event leads where, and the words for them. Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.errors import DomainError


class TicketState(StrEnum):
    """Where a ticket stands."""

    NEEDS_IDENTIFICATION = "needs_identification"
    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"


class TicketEvent(StrEnum):
    """What happens to a ticket. `WRITE` is the customer's, `REPLY` and `CLARIFY` are ours."""

    IDENTIFY = "identify"
    WRITE = "write"
    REPLY = "reply"
    CLARIFY = "clarify"
    CLEAR_UP = "clear_up"
    CLOSE = "close"
    REOPEN = "reopen"
    REOPEN_UNIDENTIFIED = "reopen_unidentified"
    MERGE = "merge"


class CloseCause(StrEnum):
    """Why a ticket was closed: by our people, by the customer, or because nobody answered (RULES C-031)."""

    STAFF = "staff"
    CUSTOMER = "customer"
    SILENCE = "silence"


WORDS = {
    TicketState.NEEDS_IDENTIFICATION: "We need to know who you are",
    TicketState.OPEN: "We are on it",
    TicketState.WAITING_FOR_CUSTOMER: "Waiting for you",
    TicketState.ANSWERED: "Answered",
    TicketState.CLOSED: "Closed",
    TicketState.MERGED: "Joined with another request",
}
STAFF_WORDS = {
    TicketState.NEEDS_IDENTIFICATION: "Needs identification",
    TicketState.OPEN: "Open",
    TicketState.WAITING_FOR_CUSTOMER: "Waiting for the customer",
    TicketState.ANSWERED: "Answered",
    TicketState.CLOSED: "Closed",
    TicketState.MERGED: "Merged",
}
ENDED = frozenset({TicketState.CLOSED, TicketState.MERGED})
OURS = frozenset({TicketState.OPEN, TicketState.NEEDS_IDENTIFICATION})

TRANSITIONS = {
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.IDENTIFY): TicketState.OPEN,
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.WRITE): TicketState.NEEDS_IDENTIFICATION,
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.REPLY): TicketState.NEEDS_IDENTIFICATION,
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.CLARIFY): TicketState.NEEDS_IDENTIFICATION,
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.CLOSE): TicketState.CLOSED,
    (TicketState.NEEDS_IDENTIFICATION, TicketEvent.MERGE): TicketState.MERGED,
    (TicketState.OPEN, TicketEvent.WRITE): TicketState.OPEN,
    (TicketState.OPEN, TicketEvent.REPLY): TicketState.ANSWERED,
    (TicketState.OPEN, TicketEvent.CLARIFY): TicketState.WAITING_FOR_CUSTOMER,
    (TicketState.OPEN, TicketEvent.CLOSE): TicketState.CLOSED,
    (TicketState.OPEN, TicketEvent.MERGE): TicketState.MERGED,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.WRITE): TicketState.OPEN,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.REPLY): TicketState.ANSWERED,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.CLARIFY): TicketState.WAITING_FOR_CUSTOMER,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.CLEAR_UP): TicketState.OPEN,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.CLOSE): TicketState.CLOSED,
    (TicketState.WAITING_FOR_CUSTOMER, TicketEvent.MERGE): TicketState.MERGED,
    (TicketState.ANSWERED, TicketEvent.WRITE): TicketState.OPEN,
    (TicketState.ANSWERED, TicketEvent.REPLY): TicketState.ANSWERED,
    (TicketState.ANSWERED, TicketEvent.CLARIFY): TicketState.WAITING_FOR_CUSTOMER,
    (TicketState.ANSWERED, TicketEvent.CLOSE): TicketState.CLOSED,
    (TicketState.ANSWERED, TicketEvent.MERGE): TicketState.MERGED,
    (TicketState.CLOSED, TicketEvent.REOPEN): TicketState.OPEN,
    (TicketState.CLOSED, TicketEvent.REOPEN_UNIDENTIFIED): TicketState.NEEDS_IDENTIFICATION,
}


class NotNow(DomainError):
    """The ticket's state does not allow this."""


def next_state(state: TicketState, event: TicketEvent) -> TicketState:
    """This will return the state that `event` leads to.

    :raises NotNow: when the state does not allow the event
    """
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise NotNow(f"This cannot be done now: the request is “{STAFF_WORDS[state]}”.")
    return following


def allows(state: TicketState, event: TicketEvent) -> bool:
    """This will tell whether `event` can happen in `state`."""
    return (state, event) in TRANSITIONS
