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
    """A payment that was made; `at` in Unix seconds, `currency` in small letters, as all here."""

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

    id: str
    charge_id: str
    amount_minor: int
    metadata: Mapping[str, str]
    at: int


@dataclass(frozen=True, slots=True)
class PastDispute:
    """A dispute that was opened."""

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
        _keep_payment(records, one)
    elif isinstance(one, PastRefund):
        charge = records.load("charge", one.charge_id)
        body = new_refund(charge, {"metadata": dict(one.metadata)}, amount=one.amount_minor, at=one.at)
        take_back(records, charge, body | {"id": one.id}, at=one.at)
    else:
        charge = records.load("charge", one.charge_id)
        withdraw(records, charge, new_dispute(charge, at=one.at) | {"id": one.id, "reason": one.reason}, at=one.at)


def _keep_payment(records: Records, one: PastPayment) -> None:
    session: Body = {
        "amount_total": one.amount_minor,
        "currency": one.currency,
        "customer_details": {"email": one.email, "name": None},
        "_intent_data": {"description": None, "metadata": dict(one.metadata)},
    }
    intent = new_intent(session, one.at) | {"id": one.intent_id}
    intent["_card"] = {"brand": PAID_WITH.brand, "last4": PAID_WITH.last4}
    charge = new_charge(session, intent, one.at) | {"id": one.charge_id}
    records.add(charge_wholly(records, intent, charge, at=one.at))
    records.add(intent)
