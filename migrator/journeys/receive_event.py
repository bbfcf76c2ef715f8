"""The payment provider's events: kept first, looked at once. They trigger and never tell (PAYMENTS, rule 3).

A door runs the steps: `receive_event` in a transaction before it answers the provider; later, for each event that
waits, the gateway outside any transaction, and `settle_event` in another; of a refund or dispute `settle_reversals`,
then `settle_reversal_event`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.finance.reconciliation.pulling import ask_for_pull
from migrator.journeys.settle_payment import UnknownCheckout, settle_payment
from migrator.payments import gateway
from migrator.payments.gateway import CheckoutSession
from migrator.payments.lifecycle import EventState
from migrator.payments.models import ProviderEvent
from migrator.payments.operations import end_event, store_event
from migrator.payments.queries import attempt_named
from migrator.payments.rules import REVERSING, TELLING

CHECKOUT = "checkout.session"
NOT_OURS = "No payment of ours is behind it."
# From then on the provider can name every movement of a payout.
PAYOUT_IS_WHOLE = "payout.reconciliation_completed"
OTHER_MODE = "It comes from the other mode: real money and test money are never mixed."


def receive_event(session: Session, event: gateway.ProviderEvent, *, livemode: bool, now: datetime) -> EventState:
    """This will keep an event, once, and return what becomes of it: looked at later, ignored or quarantined.

    :param livemode: whether we take real money; an event of the other mode is quarantined
    """
    checkout_id = _checkout_of(session, event) if event.type in TELLING else ""
    intent_id = event.payment_intent_id or "" if event.type in REVERSING else ""
    state = EventState.STORED if checkout_id or intent_id else EventState.IGNORED
    if event.livemode is not livemode:
        state = EventState.QUARANTINED
    words = OTHER_MODE if state is EventState.QUARANTINED else ""
    if event.type == PAYOUT_IS_WHOLE and state is not EventState.QUARANTINED:
        ask_for_pull(session, now=now)
    store_event(session, event, checkout_id=checkout_id, intent_id=intent_id, state=state, words=words, now=now)
    return state


def settle_event(session: Session, event_id: int, checkout: CheckoutSession, *, now: datetime) -> None:
    """This will settle what an event pointed at, and end the event in the same transaction.

    One about somebody else's checkout is ignored; one that names an attempt of ours which does not exist is
    quarantined, so that its money is seen.
    """
    event = session.get_one(ProviderEvent, event_id)
    try:
        settle_payment(session, checkout, now=now)
    except UnknownCheckout as unknown:
        state = EventState.QUARANTINED if "attempt_id" in checkout.metadata else EventState.IGNORED
        end_event(session, event, state, words=str(unknown), now=now)
    else:
        end_event(session, event, EventState.SETTLED, now=now)


def settle_reversal_event(session: Session, event_id: int, *, is_ours: bool, now: datetime) -> None:
    """This will end an event about a refund or dispute, after its payment was settled; somebody else's is ignored."""
    event = session.get_one(ProviderEvent, event_id)
    state, words = (EventState.SETTLED, "") if is_ours else (EventState.IGNORED, NOT_OURS)
    end_event(session, event, state, words=words, now=now)


def _checkout_of(session: Session, event: gateway.ProviderEvent) -> str:
    if event.object_kind == CHECKOUT:
        return event.object_id
    attempt = attempt_named(session, event.metadata.get("attempt_id", ""))
    return (attempt.session_id or "") if attempt else ""
