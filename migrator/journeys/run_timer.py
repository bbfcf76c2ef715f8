"""The timer on the workbench: one a person, kept in the database, so that it outlives any restart (RULES C-068)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.hours.models import Timer
from migrator.fulfilment.hours.operations import start_timer, stop_timer
from migrator.fulfilment.hours.queries import timer_of
from migrator.fulfilment.hours.rules import MOST_MINUTES, NoTimer, refuse_closed
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.orders.models import Order


def begin_timing(session: Session, order: Order, *, person: Person, now: datetime) -> Timer:
    """This will start the person's timer on an order; one that runs on it already goes on.

    :raises TimerRuns: when it runs on another order
    :raises NotLoggable: on an order that nobody works on
    """
    refuse_closed(order.state)
    timer = start_timer(session, order, person, now=now)
    if timer.started_at == now:
        _record(session, order, "timer.started", person=person, now=now, facts={})
    return timer


def end_timing(session: Session, order: Order, *, person: Person, now: datetime) -> int:
    """This will stop the person's timer on an order and return the minutes, from 1 up to 24 hours, to be logged.

    :raises NoTimer: when none runs on it
    """
    timer = timer_of(session, person.id)
    if timer is None or timer.order_id != order.id:
        raise NoTimer("Your timer does not run on this order.")
    seconds = max(int((now - timer.started_at).total_seconds()), 0)
    minutes = min(max((seconds + 59) // 60, 1), MOST_MINUTES)
    stop_timer(session, timer)
    _record(session, order, "timer.stopped", person=person, now=now, facts={"minutes": minutes})
    return minutes


def _record(
    session: Session, order: Order, verb: str, *, person: Person, now: datetime, facts: dict[str, object]
) -> None:
    record(
        session,
        verb,
        subject="timer",
        key=person.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        facts=facts,
    )
