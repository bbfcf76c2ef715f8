"""What people are told without asking: one letter a day at most, true when it is written (RULES C-065, X-04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.reminders.queries import pauses_to_hand_over
from migrator.fulfilment.runs.models import Run
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import close_window, open_window
from migrator.jobs.orders import end_baskets, hand_over, write_letters
from migrator.notifications.choices import switch_off
from migrator.notifications.models import OwedMessage
from migrator.notifications.topics import Topic
from migrator.orders.models import Order
from tests.factories.fulfilment import kyiv
from tests.factories.people import a_customer
from tests.factories.stages import a_paid_order, a_paused_order, an_order_under_way, an_unpaid_order

DONE_AT, VALIDATED_AT = kyiv("2026-11-23 15:20"), kyiv("2026-12-01 12:00")
OUTCOMES = {
    WindowKind.REVIEW: WindowOutcome.ACCEPTED_BY_SILENCE,
    WindowKind.CHANGES: WindowOutcome.LAPSED,
    WindowKind.INSURANCE: WindowOutcome.LAPSED,
    WindowKind.ACCESS: WindowOutcome.DESTROYED,
}


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
