"""What happens to orders by itself: each row in a transaction of its own, so that one that fails holds up none."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.fulfilment.reminders.queries import (
    orders_left_unpaid,
    orders_to_hand_over,
    organisations_to_write_to,
    pauses_to_hand_over,
)
from migrator.jobs.recording import each, recorded
from migrator.journeys.end_basket import end_basket
from migrator.journeys.end_supplement import expire_supplements
from migrator.journeys.end_what_is_over import due_window_ids, end_window
from migrator.journeys.expire_offer import expire_offer
from migrator.journeys.hand_over_waiting import hand_over_order, hand_over_pause
from migrator.journeys.write_daily_letters import write_daily_letters
from migrator.orders.quote_queries import offers_over
from migrator.upkeep.tasks import Task
from migrator.wiring import wiring

# What a first look after a long silence leaves is done with the next, a minute later.
AT_ONCE = 1_000


@recorded(Task.ENDS)
def end_windows() -> int:
    """This will end what is over after a full run: reviews, changes, insurance, our copies of access details."""
    now = wiring().clock.now()
    with reading() as session:
        window_ids = due_window_ids(session, now, limit=AT_ONCE)
    return each(Task.ENDS, window_ids, lambda key: _changed(lambda session: end_window(session, key, now)))


@recorded(Task.OFFERS)
def expire_offers() -> int:
    """This will end the quotes and the offers beside an order whose last day is over, and tell whoever asked."""
    now = wiring().clock.now()
    with reading() as session:
        numbers = offers_over(session, now)
    quotes = each(Task.OFFERS, numbers, lambda number: _changed(lambda session: expire_offer(session, number, now=now)))
    supplements = 0
    while ended := _changed(lambda session: expire_supplements(session, now)):
        supplements += ended
    return quotes + supplements


@recorded(Task.BASKETS)
def end_baskets() -> int:
    """This will end the orders that nobody has paid for too long."""
    now = wiring().clock.now()
    with reading() as session:
        order_ids = orders_left_unpaid(session, now)
    return each(Task.BASKETS, order_ids, lambda row_id: _changed(lambda session: end_basket(session, row_id, now=now)))


@recorded(Task.HANDOVERS)
def hand_over() -> int:
    """This will ask account managers to look after customers who have not answered for too long."""
    now = wiring().clock.now()
    with reading() as session:
        pause_ids, order_ids = pauses_to_hand_over(session, now), orders_to_hand_over(session, now)
    pauses = each(Task.HANDOVERS, pause_ids, lambda key: _changed(lambda opened: hand_over_pause(opened, key, now=now)))
    orders = each(Task.HANDOVERS, order_ids, lambda key: _changed(lambda opened: hand_over_order(opened, key, now=now)))
    return pauses + orders


@recorded(Task.LETTERS)
def write_letters() -> int:
    """This will write today's letters, one organisation after the other."""
    now = wiring().clock.now()
    with reading() as session:
        organisation_ids = organisations_to_write_to(session, now)
    return each(
        Task.LETTERS, organisation_ids, lambda key: _changed(lambda opened: write_daily_letters(opened, key, now=now))
    )


def _changed(work: Callable[[Session], int]) -> int:
    with transaction() as session:
        return work(session)


# In this order: what is over has ended before it is written about.
LOOKED_AFTER = (end_windows, expire_offers, end_baskets, hand_over, write_letters)
