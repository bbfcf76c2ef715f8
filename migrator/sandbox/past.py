"""What happened before the stand-in was started: told to it, so that a demonstration's story is true at both sides.

No event is owed for it: the story holds it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.sandbox.cards import CARDS
from migrator.sandbox.payments import charge_wholly, new_charge, new_intent
from migrator.sandbox.reversals import new_dispute, new_refund, take_back, withdraw
from migrator.sandbox.state import Body, Records, State

PAID_WITH = CARDS["4242424242424242"]


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment that was made; `at` in Unix seconds, `currency` in small letters, as all here.

    :ivar movement_id: of the balance that it was, as of each thing here
    :ivar payout_id: with which it was paid out already; none where it is still to be
    """

    movement_id: str
    payout_id: str | None
    intent_id: str
    charge_id: str
    amount_minor: int
    currency: str
    email: str
    metadata: Mapping[str, str]
    at: int


@dataclass(frozen=True, slots=True)
class PastRefund:
    """A refund that was made."""

    movement_id: str
    payout_id: str | None
    id: str
    charge_id: str
    amount_minor: int
    metadata: Mapping[str, str]
    at: int


@dataclass(frozen=True, slots=True)
class PastDispute:
    """A dispute that was opened."""

    movement_id: str
    payout_id: str | None
    id: str
    charge_id: str
    reason: str
    at: int


Past = PastPayment | PastRefund | PastDispute


def remember(state: State, past: Iterable[Past]) -> None:
    """This will keep what happened, each thing once, however often it is told.

    :param past: payments before what became of them
    """
    with state.writing() as records:
        for one in past:
            if not records.knows(one.intent_id if isinstance(one, PastPayment) else one.id):
                _keep(records, one)


def _keep(records: Records, one: Past) -> None:
    if isinstance(one, PastPayment):
        body = _keep_payment(records, one)
    else:
        charge = records.load("charge", one.charge_id)
        body = (
            _keep_refund(records, charge, one) if isinstance(one, PastRefund) else _keep_dispute(records, charge, one)
        )
    records.rename(str(body["balance_transaction"]), one.movement_id)
    entry = records.load("balance_transaction", one.movement_id)
    records.save(entry | {"_payout": one.payout_id})


def _keep_refund(records: Records, charge: Body, one: PastRefund) -> Body:
    body = new_refund(charge, {"metadata": dict(one.metadata)}, amount=one.amount_minor, at=one.at) | {"id": one.id}
    take_back(records, charge, body, at=one.at)
    records.save(body | {"balance_transaction": one.movement_id})
    return body


def _keep_dispute(records: Records, charge: Body, one: PastDispute) -> Body:
    body = new_dispute(charge, at=one.at) | {"id": one.id, "reason": one.reason}
    withdraw(records, charge, body, at=one.at)
    (taken,) = body["balance_transactions"]
    records.save(body | {"balance_transactions": [taken | {"id": one.movement_id}]})
    return {"balance_transaction": taken["id"]}


def _keep_payment(records: Records, one: PastPayment) -> Body:
    session: Body = {
        "amount_total": one.amount_minor,
        "currency": one.currency,
        "customer_details": {"email": one.email, "name": None},
        "_intent_data": {"description": None, "metadata": dict(one.metadata)},
    }
    intent = new_intent(session, one.at) | {"id": one.intent_id}
    intent["_card"] = {"brand": PAID_WITH.brand, "last4": PAID_WITH.last4}
    charge = charge_wholly(records, intent, new_charge(session, intent, one.at) | {"id": one.charge_id}, at=one.at)
    records.add(charge | {"balance_transaction": one.movement_id})
    records.add(intent)
    return charge
