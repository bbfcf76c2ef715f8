"""The states of an order and of a quote, whose turn each is, and which event leads where. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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
    RESUME_RUN = "resume_run"
    PUBLISH_PREVIEW = "publish_preview"
    REWORK_PREVIEW = "rework_preview"
    START_RUN = "start_run"
    FINISH_RUN = "finish_run"
    FAIL_RESTART = "fail_restart"
    WITHDRAW_RESTART = "withdraw_restart"
    ASK_ACCESS_AGAIN = "ask_access_again"
    COMPLETE = "complete"
    CANCEL = "cancel"
    CANCEL_PAID = "cancel_paid"


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
AFTER_A_RUN = frozenset({OrderState.IN_REVIEW, OrderState.COMPLETED})

# While an order waits in one of these, its customer is reminded; a paused one by its pauses (RULES C-064, C-065).
REMINDED = frozenset({OrderState.AWAITING_PAYMENT, OrderState.AWAITING_ACCESS, OrderState.PREVIEW_READY})

TRANSITIONS = {
    (OrderState.AWAITING_PAYMENT, OrderEvent.PAY): OrderState.AWAITING_ACCESS,
    (OrderState.AWAITING_PAYMENT, OrderEvent.CANCEL): OrderState.CANCELLED,
    (OrderState.AWAITING_ACCESS, OrderEvent.CANCEL_PAID): OrderState.CANCELLED,
    (OrderState.VERIFYING, OrderEvent.CANCEL_PAID): OrderState.CANCELLED,
    (OrderState.IN_PROGRESS, OrderEvent.CANCEL_PAID): OrderState.CANCELLED,
    (OrderState.PAUSED, OrderEvent.CANCEL_PAID): OrderState.CANCELLED,
    (OrderState.PREVIEW_READY, OrderEvent.CANCEL_PAID): OrderState.CANCELLED,
    (OrderState.AWAITING_ACCESS, OrderEvent.SUBMIT_ACCESS): OrderState.VERIFYING,
    (OrderState.VERIFYING, OrderEvent.REFUSE_ACCESS): OrderState.AWAITING_ACCESS,
    (OrderState.VERIFYING, OrderEvent.VERIFY_ACCESS): OrderState.IN_PROGRESS,
    (OrderState.IN_PROGRESS, OrderEvent.PAUSE): OrderState.PAUSED,
    (OrderState.PAUSED, OrderEvent.PAUSE): OrderState.PAUSED,
    (OrderState.PAUSED, OrderEvent.RESUME): OrderState.IN_PROGRESS,
    (OrderState.PAUSED, OrderEvent.RESUME_RUN): OrderState.MIGRATING,
    (OrderState.IN_PROGRESS, OrderEvent.PUBLISH_PREVIEW): OrderState.PREVIEW_READY,
    (OrderState.PREVIEW_READY, OrderEvent.REWORK_PREVIEW): OrderState.IN_PROGRESS,
    (OrderState.PREVIEW_READY, OrderEvent.START_RUN): OrderState.MIGRATING,
    (OrderState.MIGRATING, OrderEvent.PAUSE): OrderState.PAUSED,
    (OrderState.MIGRATING, OrderEvent.FINISH_RUN): OrderState.IN_REVIEW,
    (OrderState.MIGRATING, OrderEvent.FAIL_RESTART): OrderState.IN_REVIEW,
    (OrderState.AWAITING_ACCESS, OrderEvent.WITHDRAW_RESTART): OrderState.IN_REVIEW,
    (OrderState.VERIFYING, OrderEvent.WITHDRAW_RESTART): OrderState.IN_REVIEW,
    (OrderState.IN_REVIEW, OrderEvent.START_RUN): OrderState.MIGRATING,
    (OrderState.COMPLETED, OrderEvent.START_RUN): OrderState.MIGRATING,
    (OrderState.VERIFYING, OrderEvent.START_RUN): OrderState.MIGRATING,
    (OrderState.IN_REVIEW, OrderEvent.ASK_ACCESS_AGAIN): OrderState.AWAITING_ACCESS,
    (OrderState.COMPLETED, OrderEvent.ASK_ACCESS_AGAIN): OrderState.AWAITING_ACCESS,
    (OrderState.IN_REVIEW, OrderEvent.COMPLETE): OrderState.COMPLETED,
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


@dataclass(frozen=True, slots=True)
class AfterTheRun:
    """What is open after a full run, as far as it decides whose turn it is.

    :ivar we_work: engineers still validate the result, or work on something that the customer reported
    :ivar they_review: a review window is open
    """

    we_work: bool = False
    they_review: bool = False


def stored_turn(state: OrderState, after: AfterTheRun) -> Turn:
    """This will return whose turn an order is kept under: its state's, and after a full run that of what is open.

    A late change of a completed order is ours to answer, too (RULES C-066, C-067, C-080).
    """
    if after.we_work and state in AFTER_A_RUN:
        return Turn.US
    if state is not OrderState.IN_REVIEW:
        return TURNS[state]
    return Turn.CUSTOMER if after.they_review else Turn.NOBODY


def shown_turn(state: OrderState, turn: Turn, *, has_proposal: bool) -> Turn:
    """This will return whose turn people read: the kept one, but the customer's while a proposed date waits for them.

    (RULES C-059)
    """
    return Turn.CUSTOMER if has_proposal and state is OrderState.IN_PROGRESS else turn


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


class SupplementKind(StrEnum):
    """What a supplement adds (RULES C-067 to C-069, C-076, X-10)."""

    UPGRADE = "upgrade"
    OVERAGE = "overage"
    HOURS = "hours"
    CHANGE = "change"
    INSURANCE = "insurance"


class SupplementState(StrEnum):
    """Where a supplement stands; offered until it ends in one of the others."""

    OFFERED = "offered"
    PAID = "paid"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class LinkPurpose(StrEnum):
    """What a link without sign-in opens: the states of an order, or its dates for a calendar program."""

    SHARE = "share"
    CALENDAR = "calendar"
