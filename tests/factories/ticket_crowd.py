"""Thousands of tickets at once: most closed, some of each other kind, found by the word “customer”."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, inspect, text
from sqlalchemy.orm import Session

from migrator.support.lifecycle import TicketState
from migrator.support.models import Ticket
from tests.conftest import NOW

WRITTEN = 1_000
WORDS = """
    INSERT INTO ticket_words (ticket_id, word, stem) SELECT id, 'customer', 'cu' FROM tickets WHERE number LIKE 'TIC-0%'
"""
HOUR = timedelta(hours=1)


def a_crowd_of_tickets(session: Session, like: Ticket, *, count: int) -> None:
    """This will add many tickets like one that waits for its answer; of a hundred, ten are open and the rest ended."""
    names = {column.key: column.columns[0].name for column in inspect(Ticket).column_attrs if column.key != "id"}
    facts = {name: getattr(like, key) for key, name in names.items()}
    for start in range(0, count, WRITTEN):
        numbers = range(start, min(count, start + WRITTEN))
        session.execute(insert(Ticket.__table__), [{**facts, **_differences(number)} for number in numbers])
    session.execute(text(WORDS))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE tickets"))
        session.execute(text("ANALYZE ticket_words"))


def _differences(number: int) -> dict[str, Any]:
    kind = number % 100
    since = NOW - number % 5_000 * HOUR
    facts: dict[str, Any] = {"number": f"TIC-0{number:06}", "opened_at": since, "state_since_at": since}
    if kind < 6:
        promise_at = NOW + (number // 7 % 300 - 60) * HOUR
        dates = {"promise_at": promise_at, "respond_by_at": promise_at, "amber_at": promise_at - 24 * HOUR}
        return {**facts, **dates, "next_warning_at": None, "rank": number % 3}
    owed = {"asked_at": None, "promise_at": None, "amber_at": None, "next_warning_at": None}
    if kind < 8:
        return {**facts, **owed, "state": TicketState.WAITING_FOR_CUSTOMER}
    if kind < 10:
        return {**facts, **owed, "state": TicketState.ANSWERED}
    closed = {"closed_at": since, "close_cause": "staff", "reopen_until_at": since + 336 * HOUR}
    return {**facts, **owed, **closed, "state": TicketState.CLOSED}
