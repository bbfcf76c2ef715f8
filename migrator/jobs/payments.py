"""Bringing payments to their end: what the provider told us of, and what it may have told in vain."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.clock.source import Clock
from migrator.database.session import reading, transaction
from migrator.jobs.one_by_one import one_by_one
from migrator.jobs.refunds import settle_intent
from migrator.journeys.pay_order import checkout_of, give_up_attempt
from migrator.journeys.receive_event import settle_event, settle_reversal_event
from migrator.journeys.settle_payment import settle_payment
from migrator.payments.gateway import GatewayRefused, GatewayUnreachable, PaymentGateway
from migrator.payments.lifecycle import EventState
from migrator.payments.models import ProviderEvent
from migrator.payments.operations import end_event, note_try
from migrator.payments.queries import (
    attempt_of_charge,
    attempt_with_order,
    overdue_attempt_ids,
    unsettled_attempt_ids,
    waiting_event_ids,
)


def sweep_payments(gateway: PaymentGateway, clock: Clock) -> bool:
    """This will settle or expire every attempt that is unsettled, whatever was lost or crashed before (rules 2 and 9).

    :returns: whether the provider could be asked about all of them
    """
    with reading() as session:
        attempt_ids = unsettled_attempt_ids(session)
    return settle_events(gateway, clock) and _settle_attempts(attempt_ids, gateway=gateway, clock=clock)


def settle_overdue(gateway: PaymentGateway, clock: Clock) -> int:
    """This will look at the events that wait, and at the attempts that cannot wait for the next sweep.

    :returns: how many attempts there were to look at
    """
    settle_events(gateway, clock)
    with reading() as session:
        attempt_ids = overdue_attempt_ids(session, clock.now())
    _settle_attempts(attempt_ids, gateway=gateway, clock=clock)
    return len(attempt_ids)


def settle_events(gateway: PaymentGateway, clock: Clock) -> bool:
    """This will look at the provider's events that wait, and tell whether it could be asked about all of them."""
    with reading() as session:
        event_ids = waiting_event_ids(session)
    return one_by_one(event_ids, lambda event_id: _settle_event(event_id, gateway=gateway, clock=clock))


def _settle_attempts(ids: Sequence[int], *, gateway: PaymentGateway, clock: Clock) -> bool:
    return one_by_one(ids, lambda attempt_id: _settle_attempt(attempt_id, gateway=gateway, clock=clock))


def _settle_attempt(attempt_id: int, *, gateway: PaymentGateway, clock: Clock) -> None:
    now = clock.now()
    with reading() as session:
        attempt = attempt_with_order(session, attempt_id)
    try:
        checkout = checkout_of(attempt, gateway=gateway, now=now)
    except GatewayRefused as refusal:
        with transaction() as session:
            give_up_attempt(session, attempt_id, refusal, now=now)
        return
    with transaction() as session:
        settle_payment(session, checkout, now=now)


def _settle_event(event_id: int, *, gateway: PaymentGateway, clock: Clock) -> None:
    now = clock.now()
    with reading() as session:
        event = session.get_one(ProviderEvent, event_id)
        checkout_id, intent_id = event.checkout_id, event.intent_id
    try:
        if checkout_id:
            checkout = gateway.checkout(checkout_id)
        else:
            is_ours = _settle_reversals(intent_id, gateway=gateway, clock=clock)
    except GatewayRefused as refusal:
        with transaction() as session:
            event = session.get_one(ProviderEvent, event_id)
            end_event(session, event, EventState.QUARANTINED, words=refusal.reason or refusal.code, now=now)
        return
    except GatewayUnreachable as unreachable:
        with transaction() as session:
            note_try(session, session.get_one(ProviderEvent, event_id), str(unreachable))
        raise
    with transaction() as session:
        if checkout_id:
            settle_event(session, event_id, checkout, now=now)
        else:
            settle_reversal_event(session, event_id, is_ours=is_ours, now=now)


def _settle_reversals(intent_id: str, *, gateway: PaymentGateway, clock: Clock) -> bool:
    if settle_intent(intent_id, gateway=gateway, clock=clock):
        return True
    # The message overtook the one that tells of the payment itself.
    charge = gateway.charge_of(intent_id)
    with reading() as session:
        attempt = attempt_of_charge(session, charge.metadata) if charge else None
    if attempt is None:
        return False
    _settle_attempt(attempt.id, gateway=gateway, clock=clock)
    return settle_intent(intent_id, gateway=gateway, clock=clock)
