"""Money that goes back: refunds within what is left, and disputes with their fee."""

from __future__ import annotations

from migrator.sandbox.cards import CARDS, REFUNDED_LATER
from migrator.sandbox.events import announce
from migrator.sandbox.payments import enter_balance
from migrator.sandbox.refusals import ApiRefusal, missing_resource
from migrator.sandbox.state import Body, Condition, Records, new_id, presented

DISPUTE_FEE_MINOR = 1_500
EVIDENCE_SECONDS = 7 * 24 * 60 * 60
# What the bank answers to a refund, and which event tells of it.
REFUND_ANSWERS = {"succeeded": "refund.updated", "failed": "refund.failed", "canceled": "refund.updated"}


def refund(records: Records, parameters: Body, *, at: int) -> Body:
    """This will give a charge back, in part or in whole.

    :raises ApiRefusal: as Stripe does: more than is left, given back already, or disputed
    """
    charge = charge_of(records, parameters)
    amount = _refundable(records, charge, parameters.get("amount"))
    body = new_refund(charge, parameters, amount=amount, at=at)
    take_back(records, charge, body, at=at)
    announce(records, "refund.created", body, at=at)
    announce(records, "charge.refunded", charge, at=at)
    return body


def take_back(records: Records, charge: Body, body: Body, *, at: int) -> None:
    """This will keep a refund and take its amount from the balance and from its charge."""
    amount = body["amount"]
    body["balance_transaction"] = enter_balance(records, body, kind="refund", amount=-amount, fee=0, at=at)
    given_back = charge["amount_refunded"] + amount
    charge |= {"amount_refunded": given_back, "refunded": given_back == charge["amount"]}
    records.add(body)
    records.save(charge)


def answer_refund(records: Records, refund_id: str, *, outcome: str, at: int) -> Body:
    """This will let the bank answer a refund: `succeeded`; or `failed` or `canceled`, and the money returns.

    :raises ApiRefusal: for another outcome, or a refund that has failed or was cancelled before
    """
    body = records.load("refund", refund_id)
    if outcome not in REFUND_ANSWERS or body["status"] in ("failed", "canceled", outcome):
        raise ApiRefusal("A refund succeeds, fails or is canceled, once.", param="outcome")
    body["status"] = outcome
    if outcome != "succeeded":
        _return_to_balance(records, body, at=at)
    if outcome == "failed":
        body["failure_reason"] = "lost_or_stolen_card"
    announce(records, REFUND_ANSWERS[outcome], records.save(body), at=at)
    return body


def review_dispute(records: Records, dispute_id: str, *, at: int) -> Body:
    """This will let the bank look at the evidence of an open dispute.

    :raises ApiRefusal: for one that is decided
    """
    body = records.load("dispute", dispute_id)
    if body["status"] != "needs_response":
        raise ApiRefusal("Only a dispute that waits for an answer comes under review.")
    body["status"] = "under_review"
    announce(records, "charge.dispute.updated", records.save(body), at=at)
    return body


def dispute(records: Records, parameters: Body, *, at: int) -> Body:
    """This will let the cardholder dispute a charge: its amount and a fee leave the balance.

    :raises ApiRefusal: for a charge that is disputed or did not succeed
    """
    charge = charge_of(records, parameters)
    if charge["disputed"]:
        raise ApiRefusal("This charge is disputed already.", code="charge_disputed", param="charge")
    body = new_dispute(charge, at=at) | {"reason": parameters.get("reason", "fraudulent")}
    withdraw(records, charge, body, at=at)
    announce(records, "charge.dispute.created", body, at=at)
    announce(records, "charge.dispute.funds_withdrawn", body, at=at)
    return body


def withdraw(records: Records, charge: Body, body: Body, *, at: int) -> None:
    """This will keep a dispute and take its amount and fee from the balance."""
    taken = enter_balance(records, body, kind="dispute", amount=-body["amount"], fee=DISPUTE_FEE_MINOR, at=at)
    body["balance_transactions"] = [presented(records.load("balance_transaction", taken))]
    records.save(charge | {"disputed": True})
    records.add(body)


def close_dispute(records: Records, dispute_id: str, *, outcome: str, at: int) -> Body:
    """This will decide a dispute: `won` gives the amount and the fee back, `lost` leaves them gone.

    :raises ApiRefusal: for another outcome, or a dispute that is decided
    """
    body = records.load("dispute", dispute_id)
    if outcome not in ("won", "lost") or body["status"] in ("won", "lost"):
        raise ApiRefusal("An open dispute is won or lost, once.", param="outcome")
    body["status"] = outcome
    if outcome == "won":
        returned = enter_balance(
            records, body, kind="dispute_reversal", amount=body["amount"], fee=-DISPUTE_FEE_MINOR, at=at
        )
        body["balance_transactions"].append(presented(records.load("balance_transaction", returned)))
        announce(records, "charge.dispute.funds_reinstated", body, at=at)
    announce(records, "charge.dispute.closed", records.save(body), at=at)
    return body


def charge_of(records: Records, parameters: Body) -> Body:
    """This will return the charge that succeeded, named by itself or by its payment intent.

    :raises ApiRefusal: when neither is given, or nothing was charged
    """
    charge_id = parameters.get("charge")
    if charge_id is None:
        intent_id = parameters.get("payment_intent")
        if intent_id is None:
            raise ApiRefusal("Name a charge or a payment intent.", code="parameter_missing", param="charge")
        charge_id = records.load("payment_intent", intent_id)["latest_charge"]
    if charge_id is None:
        raise missing_resource("charge", "of this payment intent")
    charge = records.load("charge", charge_id)
    if charge["status"] != "succeeded":
        raise ApiRefusal("This charge did not succeed.", code="resource_missing", param="charge")
    return charge


def _return_to_balance(records: Records, body: Body, *, at: int) -> None:
    charge = records.load("charge", body["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - body["amount"], "refunded": False}
    records.save(charge)
    returned = enter_balance(records, body, kind="refund_failure", amount=body["amount"], fee=0, at=at)
    body["failure_balance_transaction"] = returned


def _refundable(records: Records, charge: Body, wanted: int | None) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    disputes = records.every("dispute", Condition("charge", "=", charge["id"]))
    if any(one["status"] != "won" for one in disputes):
        raise ApiRefusal("This charge is disputed.", code="charge_disputed")
    if left == 0:
        raise ApiRefusal("This charge is refunded already.", code="charge_already_refunded")
    amount = left if wanted is None else wanted
    if not 1 <= amount <= left:
        raise ApiRefusal(f"A refund is 1 to {left} of this charge now.", param="amount")
    return amount


def new_refund(charge: Body, parameters: Body, *, amount: int, at: int) -> Body:
    """This will make a refund of a charge."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": at,
        "currency": charge["currency"],
        "failure_reason": None,
        "metadata": parameters.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": parameters.get("reason"),
        "status": "pending" if _is_refunded_later(charge) else "succeeded",
    }


def _is_refunded_later(charge: Body) -> bool:
    last4: str = charge["payment_method_details"]["card"]["last4"]
    return last4 == CARDS[REFUNDED_LATER].last4


def new_dispute(charge: Body, *, at: int) -> Body:
    """This will make a dispute of what is left of a charge."""
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"] - charge["amount_refunded"],
        "charge": charge["id"],
        "created": at,
        "currency": charge["currency"],
        "evidence_details": {"due_by": at + EVIDENCE_SECONDS, "has_evidence": False, "submission_count": 0},
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "status": "needs_response",
    }
