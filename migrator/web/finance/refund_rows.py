"""How refunds, disputes and payments read: frozen page objects, with their moments by the desk's clock."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from migrator.money import Money
from migrator.payments.disputes.lifecycle import INQUIRIES, OPEN, DisputeStatus
from migrator.payments.disputes.lifecycle import WORDS as DISPUTE_WORDS
from migrator.payments.disputes.models import Dispute
from migrator.payments.refunds.lifecycle import WORDS, RefundOrigin, RefundState
from migrator.payments.refunds.models import Refund
from migrator.web.finance.showing import moment

TONES = {
    RefundState.AWAITING_APPROVAL: "attention",
    RefundState.REQUESTED: "info",
    RefundState.PENDING: "info",
    RefundState.DONE: "done",
    RefundState.FAILED: "problem",
    RefundState.CANCELLED: "neutral",
}
DASHBOARD = "Stripe’s dashboard"


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund as lists show it."""

    id: int
    url: str
    number: str
    amount: Money
    state: str
    tone: str
    reason: str
    asked_by: str
    approved_by: str
    at_text: str
    is_allocated: bool


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One dispute as lists show it; `until` is the last moment for evidence, empty where none is taken."""

    id: int
    number: str
    amount: Money
    fee: Money
    status: str
    tone: str
    reason: str
    opened: str
    until: str
    closed: str


def refund_row(refund: Refund) -> RefundRow:
    """This will show a refund in a list; it comes with its order and people."""
    return RefundRow(
        id=refund.id,
        url=url_for("finance.refund_page", refund_id=refund.id),
        number=refund.order.number,
        amount=refund.amount,
        state=WORDS[refund.state],
        tone=TONES[refund.state],
        reason=refund.reason,
        asked_by=asked_by(refund),
        approved_by=refund.approved_by.display_name if refund.approved_by else "",
        at_text=moment(refund.requested_at),
        is_allocated=refund.is_allocated,
    )


def asked_by(refund: Refund) -> str:
    """This will name who asked for a refund, or where it was made."""
    if refund.origin is RefundOrigin.DASHBOARD:
        return DASHBOARD
    return refund.requested_by.display_name if refund.requested_by else ""


def dispute_row(dispute: Dispute) -> DisputeRow:
    """This will show a dispute in a list; it comes with its order."""
    return DisputeRow(
        id=dispute.id,
        number=dispute.order.number,
        amount=dispute.amount,
        fee=dispute.fee,
        status=DISPUTE_WORDS[dispute.status],
        tone=dispute_tone(dispute.status),
        reason=dispute.reason.replace("_", " ").capitalize(),
        opened=moment(dispute.opened_at),
        until=moment(dispute.answer_by_at) if dispute.answer_by_at and dispute.closed_at is None else "",
        closed=moment(dispute.closed_at) if dispute.closed_at else "",
    )


def dispute_tone(status: DisputeStatus) -> str:
    """This will return how loud a dispute is shown."""
    if status in OPEN or status is DisputeStatus.LOST:
        return "problem"
    return "attention" if status in INQUIRIES else "done"
