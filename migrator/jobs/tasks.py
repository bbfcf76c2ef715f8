"""What the worker does. Each task may run late, twice or never without harm: it looks at the rows and does what is due.

The worker's threads live inside the application's context (see `worker.py`).
"""

from __future__ import annotations

from migrator.database.session import transaction
from migrator.jobs.messages import deliver_messages
from migrator.jobs.payments import settle_events, settle_overdue, sweep_payments
from migrator.notifications.gateway import SmtpPostman
from migrator.orders.quote_operations import expire_quotes
from migrator.payments.gateway import GatewayUnreachable
from migrator.wiring import wiring


def look_at_rows() -> None:
    """This will do what somebody has just caused: settle what the provider told us, and tell people."""
    parts = wiring()
    settle_events(parts.gateway, parts.clock)
    tell_people()


def end_payments() -> None:
    """This will settle or expire the payments that are overdue, and tell people."""
    parts = wiring()
    settle_overdue(parts.gateway, parts.clock)
    tell_people()


def sweep() -> None:
    """This will settle or expire every payment that was begun, whatever was lost on the way, and tell people.

    :raises GatewayUnreachable: where the provider could not be asked about all, so that the queue tries again
    """
    parts = wiring()
    asked_all = sweep_payments(parts.gateway, parts.clock)
    tell_people()
    if not asked_all:
        raise GatewayUnreachable("The payment provider did not answer; the sweep is repeated.")


def expire_offers() -> None:
    """This will end the offers whose last day is over."""
    with transaction() as session:
        expire_quotes(session, wiring().clock.now())


def tell_people() -> None:
    """This will deliver the messages that are due."""
    deliver_messages(SmtpPostman(wiring().settings), wiring().clock)


EACH_MINUTE = (tell_people, end_payments, expire_offers)
