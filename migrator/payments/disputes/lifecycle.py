"""The states of a dispute in the provider's words, and what they mean for us. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DisputeStatus(StrEnum):
    """Where a dispute stands at the provider. A warning is an inquiry: it takes no money yet."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    PREVENTED = "prevented"
    WON = "won"
    LOST = "lost"


WORDS = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: "Inquiry – answer it",
    DisputeStatus.WARNING_UNDER_REVIEW: "Inquiry – the bank decides",
    DisputeStatus.WARNING_CLOSED: "Inquiry closed",
    DisputeStatus.NEEDS_RESPONSE: "Open – answer it",
    DisputeStatus.UNDER_REVIEW: "Open – the bank decides",
    DisputeStatus.PREVENTED: "Prevented",
    DisputeStatus.WON: "Won",
    DisputeStatus.LOST: "Lost",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a dispute as staff are told of it."""

    title: str
    sentence: str


STEPS = {
    "inquired": Step(
        "The bank asks", "The customer’s bank asks about a payment. Answer it, so that it does not become a dispute."
    ),
    "opened": Step(
        "Disputed",
        "The customer disputes a payment at the bank. The bank holds the money; insurance and further refunds of this "
        "order wait until it decides. Send evidence in the payment provider’s dashboard.",
    ),
    "won": Step("Dispute won", "The bank decided for us. The money is back, and insurance and refunds count again."),
    "lost": Step("Dispute lost", "The bank took the money back. The insurance of this order has ended."),
    "warning_closed": Step("The bank’s question is closed", "It was closed without a dispute."),
    "prevented": Step("Dispute prevented", "It ended before it began."),
}

# The bank holds the money until it has decided: cover and further refunds wait (PAYMENTS, rule 7).
OPEN = frozenset({DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW})
INQUIRIES = frozenset({DisputeStatus.WARNING_NEEDS_RESPONSE, DisputeStatus.WARNING_UNDER_REVIEW})
CLOSED = frozenset({DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.WARNING_CLOSED, DisputeStatus.PREVENTED})
# The money is not with us: it is held, or gone.
TAKEN = OPEN | {DisputeStatus.LOST}


def steps_to(standing: DisputeStatus | None, told: DisputeStatus) -> tuple[DisputeStatus, ...]:
    """This will return the steps from where a dispute stood to what is told, one that we missed among them.

    Whatever was decided was held by the bank before.
    """
    is_decided = told in {DisputeStatus.WON, DisputeStatus.LOST}
    return (DisputeStatus.NEEDS_RESPONSE, told) if is_decided and standing not in OPEN else (told,)


def is_news(standing: DisputeStatus, told: DisputeStatus) -> bool:
    """This will tell whether the provider's word moves a dispute: what is closed stays closed, however late news comes.

    An inquiry that was closed may still become a dispute.
    """
    if standing is told or standing in {DisputeStatus.WON, DisputeStatus.LOST}:
        return False
    return standing not in CLOSED or told not in INQUIRIES
