"""The customer's support hours: each posted entry with the balance after it (RULES C-068)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from migrator.clock.wording import day_text
from migrator.database.session import reading
from migrator.fulfilment.hours.models import TimeEntry
from migrator.fulfilment.hours.queries import posted_entries_of
from migrator.fulfilment.hours.rules import KIND_WORDS, used_text
from migrator.history.actor import Role
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.supplement_rules import tenths_text
from migrator.web.audience import open_to
from migrator.web.extras import pages
from migrator.web.orders.progress import Meter
from migrator.web.request import organisation_id


@dataclass(frozen=True, slots=True)
class HoursPage:
    """The posted entries, the earliest first, and what is left; `meter` is none for an order without hours."""

    number: str
    meter: Meter | None
    rows: tuple[tuple[str, ...], ...]
    is_used_up: bool


@pages.get("/orders/<number>/hours")
@open_to(Role.CUSTOMER)
def used_hours(number: str) -> str:
    """This will show what the support hours were used for."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        entries = posted_entries_of(session, order.id)
    return render_template("extras/hours.html", page=_page(order, list(entries)))


def _page(order: Order, entries: list[TimeEntry]) -> HoursPage:
    used, limit = order.support_minutes_used, order.support_minutes_limit
    meter = Meter("Support hours", used, limit, f"{used_text(used, limit)}.") if limit else None
    return HoursPage(order.number, meter, tuple(_rows(entries, limit)), bool(limit) and used >= limit)


def _rows(entries: list[TimeEntry], limit: int) -> Iterator[tuple[str, ...]]:
    left = limit
    for entry in entries:
        left -= entry.minutes if entry.is_charged else 0
        charged = tenths_text(entry.minutes) if entry.is_charged else "0.0"
        note = entry.note if entry.is_charged else f"{entry.note} ({tenths_text(entry.minutes)} h, not charged)"
        yield (
            day_text(entry.worked_on),
            KIND_WORDS[entry.kind],
            note,
            entry.person.display_name,
            charged,
            tenths_text(left),
        )
