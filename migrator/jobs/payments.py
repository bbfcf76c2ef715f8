"""Bringing payments to their end: what the provider told us of, and what it may have told in vain."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from migrator.clock.source import Clock
from migrator.database.session import reading, transaction
from migrator.journeys.pay_order import checkout_of, give_up_attempt
from migrator.journeys.receive_event import settle_event
from migrator.journeys.settle_payment import settle_payment
from migrator.payments.gateway import GatewayRefused, GatewayUnreachable, PaymentGateway
from migrator.payments.lifecycle import EventState
from migrator.payments.models import ProviderEvent
from migrator.payments.operations import end_event, note_try
from migrator.payments.queries import attempt_with_order, unsettled_attempt_ids, waiting_event_ids

log = logging.getLogger(__name__)


def sweep_payments(gateway: PaymentGateway, clock: Clock) -> None:
    """This will settle or expire every attempt that is unsettled, whatever was lost or crashed before (rule 9)."""
    settle_events(gateway, clock)
    with reading() as session:
        attempt_ids = unsettled_attempt_ids(session)
    _each(attempt_ids, lambda attempt_id: _settle_attempt(attempt_id, gateway=gateway, clock=clock))


def settle_events(gateway: PaymentGateway, clock: Clock) -> None:
    """This will look at the provider's events that wait."""
    with reading() as session:
        event_ids = waiting_event_ids(session)
    _each(event_ids, lambda event_id: _settle_event(event_id, gateway=gateway, clock=clock))


def _each(ids: Sequence[int], settle: Callable[[int], None]) -> None:
    for row_id in ids:
        try:
            settle(row_id)
        except GatewayUnreachable as unreachable:
            log.warning("Payments wait: %s", unreachable)
            return
        except Exception:
            # One that cannot be settled must not hold up the others; it is tried again with the next look.
            log.exception("A payment could not be settled.")


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
        checkout_id = session.get_one(ProviderEvent, event_id).checkout_id
    try:
        checkout = gateway.checkout(checkout_id)
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
        settle_event(session, event_id, checkout, now=now)
