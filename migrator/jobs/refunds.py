"""Bringing refunds and disputes to their end: sending what was asked for, and hearing what became of it."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from migrator.clock.source import Clock
from migrator.database.session import reading, transaction
from migrator.jobs.one_by_one import one_by_one
from migrator.journeys.send_refund import begin_sending, give_up_refund, made_refund
from migrator.journeys.settle_reversals import settle_reversals
from migrator.payments.disputes import lifecycle as dispute_life
from migrator.payments.disputes.queries import dispute_named, undecided_intents
from migrator.payments.gateway import GatewayRefused, GatewayUnreachable, PaymentGateway
from migrator.payments.movements import ProviderDispute, ProviderRefund
from migrator.payments.refunds import lifecycle as refund_life
from migrator.payments.refunds.queries import payment_with_intent, pending_intents, refund_named, unsent_refund_ids

log = logging.getLogger(__name__)
# What was made in the dashboard is found also after a month without any message.
LOOKED_BACK = timedelta(days=30)


def send_refunds(gateway: PaymentGateway, clock: Clock) -> bool:
    """This will send every refund that is asked for, and tell whether the provider could be asked about all."""
    with reading() as session:
        refund_ids = unsent_refund_ids(session)
    return one_by_one(refund_ids, lambda refund_id: _send(refund_id, gateway=gateway, clock=clock))


def sweep_reversals(gateway: PaymentGateway, clock: Clock) -> bool:
    """This will send what was not sent, and settle all refunds and disputes that may have moved unheard (rule 9).

    :returns: whether the provider could be asked about all
    """
    is_complete = send_refunds(gateway, clock)
    try:
        intents = _intents_to_ask(gateway, clock)
    except GatewayUnreachable as unreachable:
        log.warning("Refunds and disputes wait: %s", unreachable)
        return False
    return one_by_one(intents, lambda intent: _settle(intent, gateway=gateway, clock=clock)) and is_complete


def settle_intent(payment_intent_id: str, *, gateway: PaymentGateway, clock: Clock) -> bool:
    """This will settle the refunds and disputes of one payment, and tell whether it is one of ours.

    :raises GatewayUnreachable: and changes nothing
    """
    refunds, disputes = gateway.refunds_of(payment_intent_id), gateway.disputes_of(payment_intent_id)
    with transaction() as session:
        return settle_reversals(session, payment_intent_id, refunds=refunds, disputes=disputes, now=clock.now())


def _send(refund_id: int, *, gateway: PaymentGateway, clock: Clock) -> None:
    with transaction() as session:
        sending = begin_sending(session, refund_id, now=clock.now())
    if sending is None:
        return
    try:
        made = made_refund(sending, gateway=gateway)
    except GatewayRefused as refusal:
        with transaction() as session:
            give_up_refund(session, refund_id, refusal, now=clock.now())
        return
    with transaction() as session:
        intent = sending.request.payment_intent_id
        settle_reversals(session, intent, refunds=[made], disputes=(), now=clock.now())


def _settle(payment_intent_id: str, *, gateway: PaymentGateway, clock: Clock) -> None:
    settle_intent(payment_intent_id, gateway=gateway, clock=clock)


def _intents_to_ask(gateway: PaymentGateway, clock: Clock) -> list[str]:
    since = clock.now() - LOOKED_BACK
    refunds, disputes = list(gateway.refunds(created_from=since)), list(gateway.disputes(created_from=since))
    with reading() as session:
        moved = [one.payment_intent_id for one in refunds if _is_news(session, one)]
        moved += [one.payment_intent_id for one in disputes if _is_news_of_dispute(session, one)]
        ours = [intent for intent in moved if intent and payment_with_intent(session, intent)]
        known = [*pending_intents(session), *undecided_intents(session)]
    return list(dict.fromkeys([*known, *ours]))


def _is_news(session: Session, told: ProviderRefund) -> bool:
    known = refund_named(session, told.id)
    return known is None or refund_life.is_news(known.state, told.state)


def _is_news_of_dispute(session: Session, told: ProviderDispute) -> bool:
    known = dispute_named(session, told.id)
    return known is None or dispute_life.is_news(known.status, told.status)
