"""The states of a refund, and what the provider's word makes of them. Pure."""

from __future__ import annotations

from enum import StrEnum


class RefundState(StrEnum):
    """Where a refund stands: waiting for a second person, ours to send, at the provider, or ended."""

    AWAITING_APPROVAL = "awaiting_approval"
    REQUESTED = "requested"
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundOrigin(StrEnum):
    """Where a refund was made: at our desk, or in the provider's dashboard."""

    DESK = "desk"
    DASHBOARD = "dashboard"


WORDS = {
    RefundState.AWAITING_APPROVAL: "Waiting for approval",
    RefundState.REQUESTED: "Being sent",
    RefundState.PENDING: "On its way",
    RefundState.DONE: "Done",
    RefundState.FAILED: "Failed",
    RefundState.CANCELLED: "Cancelled",
}

# Money that has gone back, is going, or is promised: it cannot go back a second time.
LIVE = frozenset({RefundState.AWAITING_APPROVAL, RefundState.REQUESTED, RefundState.PENDING, RefundState.DONE})
# What the provider has taken on.
ACCEPTED = frozenset({RefundState.PENDING, RefundState.DONE})
# What did not reach the customer, or was never sent.
NOT_ARRIVED = frozenset({RefundState.FAILED, RefundState.CANCELLED})
ENDED = frozenset({RefundState.DONE, RefundState.FAILED, RefundState.CANCELLED})
# What only the provider can still move: one that is done may come back from the bank.
UNSENT = frozenset({RefundState.AWAITING_APPROVAL, RefundState.REQUESTED})

_ORDER = {
    RefundState.AWAITING_APPROVAL: 0,
    RefundState.REQUESTED: 0,
    RefundState.PENDING: 1,
    RefundState.DONE: 2,
    RefundState.FAILED: 3,
    RefundState.CANCELLED: 3,
}


def is_news(standing: RefundState, told: RefundState) -> bool:
    """This will tell whether the provider's word moves a refund: its life only goes forward, however late it is."""
    return _ORDER[told] > _ORDER[standing]
