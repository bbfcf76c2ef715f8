"""What the worker does. Each task may run late, twice or never without harm: it looks at the rows and does what is due.

The worker's threads live inside the application's context (see `worker.py`).
"""

from __future__ import annotations

from migrator.database.session import transaction
from migrator.jobs.messages import deliver_messages
from migrator.notifications.gateway import SmtpPostman
from migrator.orders.quote_operations import expire_quotes
from migrator.wiring import wiring


def look_at_rows() -> None:
    """This will do what somebody has just caused: deliver the messages that are due."""
    deliver_messages(SmtpPostman(wiring().settings), wiring().clock)


def expire_offers() -> None:
    """This will end the offers whose last day is over."""
    with transaction() as session:
        expire_quotes(session, wiring().clock.now())


EACH_MINUTE = (look_at_rows, expire_offers)
