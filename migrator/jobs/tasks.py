"""What the worker does. Each task may run late, twice or never without harm: it looks at the rows and does what is due.

The worker's threads live inside the application's context (see `worker.py`).
"""

from __future__ import annotations

import logging

from migrator.database.session import transaction
from migrator.finance.reconciliation.rules import tariff_of
from migrator.jobs.closures import continue_recounts
from migrator.jobs.finance import fetch_statements, reconcile
from migrator.jobs.ledger import keep_books
from migrator.jobs.mail import look_at_mail
from migrator.jobs.messages import deliver_messages
from migrator.jobs.orders import LOOKED_AFTER
from migrator.jobs.payments import settle_events, settle_overdue, sweep_payments
from migrator.jobs.recording import recorded
from migrator.jobs.refunds import send_refunds, sweep_reversals
from migrator.jobs.tickets import look_after_tickets as look_at_tickets
from migrator.notifications.gateway import SmtpPostman
from migrator.notifications.operations import forget_letters
from migrator.payments.gateway import GatewayUnreachable
from migrator.upkeep.operations import forget_old_failures
from migrator.upkeep.tasks import Task
from migrator.wiring import wiring

log = logging.getLogger(__name__)


def look_at_rows() -> None:
    """This will do what somebody has just caused: settle payments, send refunds, tell people, go on with recounts."""
    parts = wiring()
    settle_events(parts.gateway, parts.clock)
    send_refunds(parts.gateway, parts.clock)
    look_at_mail()
    tell_people()
    recount()
    look_at_statements()


def look_at_statements() -> None:
    """This will fetch what the provider says where that is due, and look at what is new in it."""
    try:
        fetch()
    except GatewayUnreachable:
        # It is written down already, and what came before can be looked at.
        log.warning("The payment provider did not answer; statements are fetched with the next look.")
    match()


@recorded(Task.STATEMENTS)
def fetch() -> int:
    """This will read the files that were sent and ask the provider where that is due.

    :raises GatewayUnreachable: where it did not answer
    """
    parts = wiring()
    return fetch_statements(parts.gateway, parts.clock, parts.settings.instance)


@recorded(Task.RECONCILIATION)
def match() -> int:
    """This will match what is new and look for what does not fit."""
    parts = wiring()
    tariff = tariff_of(parts.settings.card_fees, dispute_minor=parts.settings.dispute_fee_minor)
    return reconcile(parts.clock, livemode=parts.gateway.livemode, tariff=tariff)


@recorded(Task.PAYMENTS)
def end_payments() -> int:
    """This will settle or expire the payments that are overdue, send refunds that wait, and tell people."""
    parts = wiring()
    looked_at = settle_overdue(parts.gateway, parts.clock)
    send_refunds(parts.gateway, parts.clock)
    tell_people()
    return looked_at


@recorded(Task.PAYMENT_SWEEP)
def sweep() -> int:
    """This will settle or expire every payment that was begun, and every refund and dispute, and tell people.

    :raises GatewayUnreachable: where the provider could not be asked about all, so that the queue tries again
    """
    parts = wiring()
    asked_all = sweep_payments(parts.gateway, parts.clock) and sweep_reversals(parts.gateway, parts.clock)
    tell_people()
    if not asked_all:
        raise GatewayUnreachable("The payment provider did not answer; the sweep is repeated.")
    return 0


def look_after_orders() -> None:
    """This will do what is due of orders by itself, one kind after the other, and tell people."""
    for work in LOOKED_AFTER:
        try:
            work()
        except Exception:
            # It is written down already, and the others must not wait for it.
            log.exception("%s broke off.", work.__name__)
    tell_people()


def look_after_tickets() -> None:
    """This will do what is due of tickets by itself, and tell people."""
    look_at_tickets()
    tell_people()


@recorded(Task.CLOSURES)
def recount() -> int:
    """This will go on counting what closures move and telling customers of it, and deliver what that caused."""
    chunks = continue_recounts(wiring().clock)
    if chunks:
        tell_people()
    return chunks


@recorded(Task.MESSAGES)
def tell_people() -> int:
    """This will deliver the messages that are due."""
    return deliver_messages(SmtpPostman(wiring().settings), wiring().clock)


@recorded(Task.TIDYING)
def tidy() -> int:
    """This will forget failures that nobody looks at any more, and letters to people who closed their accounts."""
    with transaction() as session:
        return forget_old_failures(session, now=wiring().clock.now()) + forget_letters(session)


EACH_MINUTE = (look_at_mail, look_after_orders, look_after_tickets, end_payments, recount, look_at_statements)
EACH_HOUR = (keep_books, tidy)
