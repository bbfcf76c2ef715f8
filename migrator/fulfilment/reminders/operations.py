"""Noting when to look again at somebody we wait for. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.reminders.rules import Moments
from migrator.orders.models import Order

Waiting = Order | PauseRow


def plan(session: Session, waiting: Waiting, moments: Moments | None, *, reminders: int = 0) -> None:
    """This will note when to look again, by the calendar of today; none where there is nothing to wait for.

    :param reminders: how many reminders have been reached by now
    """
    if moments is None:
        waiting.next_reminder_at = None
    else:
        waiting.reminders = max(reminders, waiting.reminders)
        waiting.next_reminder_at = moments.next_at(
            reminders=waiting.reminders, has_ended=waiting.handed_over_at is not None
        )
    session.flush()


def note_handover(session: Session, waiting: Waiting, moments: Moments, *, handed_over_at: datetime) -> None:
    """This will record when a person was asked to take over (RULES C-065)."""
    waiting.handed_over_at = handed_over_at
    plan(session, waiting, moments)


def look_again(session: Session, waiting: Waiting, *, at: datetime) -> None:
    """This will put off looking, such as while a payment is under way."""
    waiting.next_reminder_at = at
    session.flush()
