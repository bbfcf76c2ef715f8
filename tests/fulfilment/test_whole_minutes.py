"""What a count starts or stops at is a whole minute, so that every date we promise is exact to the minute (D-4)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from migrator.fulfilment.queries import pauses_of
from tests.conftest import NOW
from tests.factories.stages import a_paused_order, an_order_under_way

SECONDS = timedelta(seconds=37, microseconds=5)


def test_an_order_checked_within_a_minute_is_counted_from_its_beginning(session: Session) -> None:
    order = an_order_under_way(session, at=NOW + SECONDS)
    assert order.verified_at is not None
    assert order.due_at is not None
    assert (order.verified_at.second, order.verified_at.microsecond) == (0, 0)
    assert (order.due_at.second, order.due_at.microsecond) == (0, 0)


def test_a_pause_begins_with_a_whole_minute(session: Session) -> None:
    order = a_paused_order(session, paused_at=NOW + timedelta(days=1) + SECONDS)
    (pause,) = pauses_of(session, order.id)
    assert (pause.started_at.second, pause.started_at.microsecond) == (0, 0)
