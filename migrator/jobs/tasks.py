"""What the worker does. Each task may run late, twice or never without harm: it looks at the rows and does what is due.

The worker's threads live inside the application's context (see `worker.py`).
"""

from __future__ import annotations

from migrator.jobs.messages import deliver_messages
from migrator.notifications.gateway import SmtpPostman
from migrator.wiring import wiring


def look_at_rows() -> None:
    """This will do what somebody has just caused: deliver the messages that are due."""
    deliver_messages(SmtpPostman(wiring().settings), wiring().clock)


EACH_MINUTE = (look_at_rows,)
