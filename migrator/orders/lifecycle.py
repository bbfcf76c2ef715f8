"""The states of an order and of a quote, whose turn each is, and which event leads where. Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.errors import DomainError


class OrderState(StrEnum):
    """Where an order stands (UX, section 0)."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_ACCESS = "awaiting_access"
    VERIFYING = "verifying"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    PREVIEW_READY = "preview_ready"
    MIGRATING = "migrating"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Turn(StrEnum):
    """Whose turn it is; each state has exactly one."""

    CUSTOMER = "customer"
    US = "us"
    NOBODY = "nobody"


class OrderEvent(StrEnum):
    """What happens to an order."""

    PAY = "pay"
    SUBMIT_ACCESS = "submit_access"
    REFUSE_ACCESS = "refuse_access"
    VERIFY_ACCESS = "verify_access"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


WORDS = {
    OrderState.AWAITING_PAYMENT: "Waiting for your payment",
    OrderState.AWAITING_ACCESS: "Waiting for your access details",
    OrderState.VERIFYING: "Checking your access details",
    OrderState.IN_PROGRESS: "In progress",
    OrderState.PAUSED: "Paused – we need something from you",
    OrderState.PREVIEW_READY: "Preview ready – your turn",
    OrderState.MIGRATING: "Migrating",
    OrderState.IN_REVIEW: "Done – please review",
    OrderState.COMPLETED: "Completed",
    OrderState.CANCELLED: "Cancelled",
}

TURNS = {
    OrderState.AWAITING_PAYMENT: Turn.CUSTOMER,
    OrderState.AWAITING_ACCESS: Turn.CUSTOMER,
    OrderState.VERIFYING: Turn.US,
    OrderState.IN_PROGRESS: Turn.US,
    OrderState.PAUSED: Turn.CUSTOMER,
    OrderState.PREVIEW_READY: Turn.CUSTOMER,
    OrderState.MIGRATING: Turn.US,
    OrderState.IN_REVIEW: Turn.CUSTOMER,
    OrderState.COMPLETED: Turn.NOBODY,
    OrderState.CANCELLED: Turn.NOBODY,
}

ENDED = frozenset({OrderState.COMPLETED, OrderState.CANCELLED})

TRANSITIONS = {
    (OrderState.AWAITING_PAYMENT, OrderEvent.PAY): OrderState.AWAITING_ACCESS,
    (OrderState.AWAITING_PAYMENT, OrderEvent.CANCEL): OrderState.CANCELLED,
    (OrderState.AWAITING_ACCESS, OrderEvent.SUBMIT_ACCESS): OrderState.VERIFYING,
    (OrderState.VERIFYING, OrderEvent.REFUSE_ACCESS): OrderState.AWAITING_ACCESS,
    (OrderState.VERIFYING, OrderEvent.VERIFY_ACCESS): OrderState.IN_PROGRESS,
    (OrderState.IN_PROGRESS, OrderEvent.PAUSE): OrderState.PAUSED,
    (OrderState.PAUSED, OrderEvent.PAUSE): OrderState.PAUSED,
    (OrderState.PAUSED, OrderEvent.RESUME): OrderState.IN_PROGRESS,
}


class NotNow(DomainError):
    """The order's state does not allow this."""


def next_state(state: OrderState, event: OrderEvent) -> OrderState:
    """This will return the state that `event` leads to.

    :raises NotNow: when the state does not allow the event
    """
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise NotNow(f"This cannot be done now: the order is “{WORDS[state]}”.")
    return following


def turn_of(state: OrderState, *, has_proposal: bool) -> Turn:
    """This will return whose turn people read: the state's, but the customer's while a proposed date waits for them.

    (RULES C-059)
    """
    return Turn.CUSTOMER if has_proposal and state is OrderState.IN_PROGRESS else TURNS[state]


def allows(state: OrderState, event: OrderEvent) -> bool:
    """This will tell whether `event` can happen in `state`."""
    return (state, event) in TRANSITIONS


class QuoteState(StrEnum):
    """Where a request for a quote stands."""

    REQUESTED = "requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


QUOTE_WORDS = {
    QuoteState.REQUESTED: "Waiting for our price",
    QuoteState.OFFERED: "Price sent – your turn",
    QuoteState.ACCEPTED: "Accepted",
    QuoteState.DECLINED: "Declined",
    QuoteState.EXPIRED: "Expired",
}
