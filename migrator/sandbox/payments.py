"""What the hosted page does with a card: one session is charged once, whoever presses the button how often."""

from __future__ import annotations

from typing import Any

from migrator.errors import DomainError
from migrator.sandbox.cards import Card, CardOutcome
from migrator.sandbox.events import announce
from migrator.sandbox.state import Body, Records, new_id

FEE_BASIS_POINTS = 290
FEE_FIXED_MINOR = 30
SETTLING_SECONDS = 2 * 24 * 60 * 60

DECLINES = {
    "generic_decline": "Your card was declined. Nothing was charged. Try another card.",
    "insufficient_funds": "Your card was declined: it has too little money. Nothing was charged. Try another card.",
    "test_mode_live_card": "Your card was declined: this page takes test cards only. Nothing was charged.",
    "authentication_failed": "Your bank could not confirm that it is you. Nothing was charged. Try again.",
}


class CheckoutClosed(DomainError):
    """The session is paid or expired; the page for its state says which."""


def pay(records: Records, session_id: str, card: Card, *, name: str, at: int) -> Body:
    """This will try to pay the session with the card and return its payment intent.

    The intent succeeded, or waits for the bank's question (`requires_action`), or was declined
    (`requires_payment_method`); what happened is kept in each case.

    :raises CheckoutClosed: for a session that is paid or expired
    """
    session = payable(records, session_id, at=at)
    session["customer_details"] = {"email": session["customer_email"], "name": name}
    intent = _intent_of(records, session, at=at)
    records.save(session)
    intent["_card"] = {"brand": card.brand, "last4": card.last4}
    if card.outcome is CardOutcome.PAYS:
        return _succeed(records, session, intent, at=at)
    if card.outcome is CardOutcome.DECLINES:
        return _decline(records, session, intent, reason=card.decline_code, at=at)
    intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
    announce(records, "payment_intent.requires_action", records.save(intent), at=at)
    return intent


def confirm_identity(records: Records, session_id: str, *, at: int) -> Body:
    """This will pay the session whose bank asked its question, now that the person has answered.

    :raises CheckoutClosed: for a session that is paid, expired, or whose bank has not asked
    """
    session, intent = _questioned(records, session_id, at=at)
    return _succeed(records, session, intent, at=at)


def refuse_identity(records: Records, session_id: str, *, at: int) -> Body:
    """This will decline the payment whose bank asked its question; the session stays open.

    :raises CheckoutClosed: for a session that is paid, expired, or whose bank has not asked
    """
    session, intent = _questioned(records, session_id, at=at)
    return _decline(records, session, intent, reason="authentication_failed", at=at)


def payable(records: Records, session_id: str, *, at: int) -> Body:
    """This will return the session if it is open at this moment.

    :raises CheckoutClosed: otherwise
    """
    session = records.load("checkout.session", session_id)
    if session["status"] != "open" or session["expires_at"] <= at:
        raise CheckoutClosed("This payment is closed.")
    return session


def enter_balance(records: Records, source: Body, *, kind: str, amount: int, fee: int, at: int) -> str:
    """This will enter a movement of the account's balance and return its id.

    :param kind: Stripe's reporting category, such as `charge`, `refund`, `dispute`
    """
    adjusts = kind.startswith("dispute")
    entry = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": at + SETTLING_SECONDS,
        "created": at,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{"amount": fee, "currency": source["currency"], "type": "stripe_fee"}] if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source["id"],
        "status": "available",
        "type": "adjustment" if adjusts else kind,
        "_payout": None,
    }
    return str(records.add(entry)["id"])


def _questioned(records: Records, session_id: str, *, at: int) -> tuple[Body, Body]:
    session = payable(records, session_id, at=at)
    intent = _intent_of(records, session, at=at)
    if intent["status"] != "requires_action":
        raise CheckoutClosed("The bank has asked nothing.")
    return session, intent


def _intent_of(records: Records, session: Body, *, at: int) -> Body:
    if session["payment_intent"]:
        return records.load("payment_intent", session["payment_intent"])
    intent = records.add(new_intent(session, at))
    session["payment_intent"] = intent["id"]
    announce(records, "payment_intent.created", intent, at=at)
    return intent


def charge_wholly(records: Records, intent: Body, charge: Body, *, at: int) -> Body:
    """This will let a charge of a payment intent succeed, with its movement of the balance; both stay to be kept."""
    fee = (charge["amount"] * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FIXED_MINOR
    charge["balance_transaction"] = enter_balance(
        records, charge, kind="charge", amount=charge["amount"], fee=fee, at=at
    )
    charge |= {"paid": True, "captured": True, "amount_captured": charge["amount"], "status": "succeeded"}
    intent |= {
        "status": "succeeded",
        "amount_received": charge["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    return charge


def new_intent(session: Body, at: int) -> Body:
    """This will make the payment intent of a session; nothing is charged yet."""
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "created": at,
        "currency": session["currency"],
        "customer": None,
        "description": session["_intent_data"]["description"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": session["_intent_data"]["metadata"],
        "next_action": None,
        "payment_method_types": ["card"],
        "receipt_email": None,
        "status": "requires_payment_method",
    }


def _succeed(records: Records, session: Body, intent: Body, *, at: int) -> Body:
    charge = charge_wholly(records, intent, new_charge(session, intent, at), at=at)
    session |= {"status": "complete", "payment_status": "paid", "url": None}
    announce(records, "charge.succeeded", records.add(charge), at=at)
    announce(records, "payment_intent.succeeded", records.save(intent), at=at)
    announce(records, "checkout.session.completed", records.save(session), at=at)
    return intent


def _decline(records: Records, session: Body, intent: Body, *, reason: str, at: int) -> Body:
    charge = new_charge(session, intent, at) | {
        "failure_code": "card_declined",
        "failure_message": DECLINES[reason],
        "outcome": {"type": "issuer_declined", "reason": reason, "network_status": "declined_by_network"},
    }
    error: dict[str, Any] = {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": reason,
        "message": DECLINES[reason],
        "charge": charge["id"],
    }
    if reason == "authentication_failed":
        error = {"type": "card_error", "code": "payment_intent_authentication_failure", "message": DECLINES[reason]}
    else:
        intent["latest_charge"] = records.add(charge)["id"]
        announce(records, "charge.failed", charge, at=at)
    intent |= {"status": "requires_payment_method", "last_payment_error": error, "next_action": None}
    announce(records, "payment_intent.payment_failed", records.save(intent), at=at)
    return intent


def new_charge(session: Body, intent: Body, at: int) -> Body:
    """This will make a charge that has not succeeded."""
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": session["customer_details"],
        "captured": False,
        "created": at,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": {"type": "authorized", "reason": None, "network_status": "approved_by_network"},
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method_details": {"type": "card", "card": intent["_card"]},
        "refunded": False,
        "status": "failed",
    }
