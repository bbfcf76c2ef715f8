"""Payouts: what the balance holds in one currency goes to the bank, each movement linked to its payout."""

from __future__ import annotations

from migrator.sandbox.events import announce
from migrator.sandbox.payments import enter_balance
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import Body, Condition, Records, new_id


def pay_out(records: Records, currency: str, *, at: int, short_by: int = 0) -> Body:
    """This will pay out all movements of a currency that are not yet paid out.

    :param short_by: by how much the payout is less than its movements, as no payout should be
    :raises ApiRefusal: when they add up to nothing, or to less
    """
    movements = [
        entry
        for entry in records.every("balance_transaction", Condition("currency", "=", currency))
        if entry["_payout"] is None
    ]
    amount = sum(entry["net"] for entry in movements) - short_by
    if amount <= 0:
        raise ApiRefusal("There is no balance to pay out.", code="balance_insufficient")
    payout = _new_payout(currency, amount, at)
    payout["balance_transaction"] = enter_balance(records, payout, kind="payout", amount=-amount, fee=0, at=at)
    for entry in (*movements, records.load("balance_transaction", payout["balance_transaction"])):
        records.save(entry | {"_payout": payout["id"]})
    records.add(payout)
    for kind in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
        announce(records, kind, payout, at=at)
    return payout


def _new_payout(currency: str, amount: int, at: int) -> Body:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": at - at % 86_400,
        "automatic": True,
        "created": at,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed",
        "status": "paid",
        "type": "bank_account",
    }
