"""An order's dates for calendar programs, with the same words and the same count as the page (RULES D-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import icalendar
from flask import Response

from migrator.calendars.queries import calendar_of
from migrator.clock.explanation import sentences
from migrator.clock.wording import end_text
from migrator.database.session import reading
from migrator.fulfilment.queries import open_pauses, pauses_of, promise_view
from migrator.fulfilment.views import PromiseKind, PromiseView
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.queries import windows_of
from migrator.fulfilment.windows.rules import last_day
from migrator.history.actor import Role
from migrator.history.queries import last_changed_at
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.orders import pages
from migrator.web.request import now, organisation_id, person
from migrator.wiring import wiring

SUMMARIES = {
    PromiseKind.CHECK: "Access details checked",
    PromiseKind.AGREE: "Date agreed",
    PromiseKind.DELIVERY: "Ready",
    PromiseKind.DELIVERED: "Promised date",
}
# What was promised stays the same event when it is kept.
IDENTITIES = {PromiseKind.DELIVERED: PromiseKind.DELIVERY}
LAST_DAYS = {
    WindowKind.REVIEW: "Last day to check the results",
    WindowKind.CHANGES: "Last day of included changes",
    WindowKind.INSURANCE: "Last day of the insurance",
    WindowKind.ACCESS: "Our copy of your access details is destroyed",
}
MOMENT = timedelta(minutes=15)
ASK_AGAIN_AFTER = timedelta(hours=1)


@pages.get("/orders/<number>/dates.ics")
@open_to(Role.CUSTOMER)
def dates(number: str) -> Response:
    """This will answer the dates of one of the customer's own orders; without a date the calendar is empty."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        calendar = calendar_of(session, order.calendar_row)
        pauses = pauses_of(session, order.id)
        promise = promise_view(order, calendar, pauses, now=now(), viewer_zone=person().zone)
        name = order.number
        events = feed(
            order,
            promise,
            windows_of(session, order.id),
            is_waiting=bool(open_pauses(pauses)),
            changed_at=last_changed_at(session, order.id) or order.placed_at,
            base_url=wiring().settings.base_url,
        )
    answer = Response(events, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def feed(
    order: Order,
    promise: PromiseView,
    windows: Sequence[Window],
    *,
    is_waiting: bool,
    changed_at: datetime,
    base_url: str,
) -> bytes:
    """This will return the promise that counts now and the last day of each window as events.

    Later states of a date replace earlier ones by their UID and a SEQUENCE that rises with the order, the window and
    the closed days. A window that ended before its last day is left out.

    :param order: with its calendar
    :param is_waiting: whether a pause is open, so that the promised date is not firm
    :param changed_at: when the order last changed, so that the same dates are the same bytes
    """
    found = icalendar.Calendar()
    found.add("prodid", "-//Migrator//Order dates//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Migrator: {order.number}")
    found.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    events = [_promised(order, promise, is_waiting=is_waiting)] if promise.due_at is not None else []
    events += [_last_day(order, window) for window in windows if window.closed_at in (None, window.ends_at)]
    for event in events:
        event.add("dtstamp", changed_at)
        event.add("url", f"{base_url}/orders/{order.number}")
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    text: bytes = found.to_ical()
    return text


def _promised(order: Order, promise: PromiseView, *, is_waiting: bool) -> icalendar.Event:
    assert promise.due_at is not None, "only a promise with its date becomes an event"
    event = icalendar.Event()
    event.add("uid", f"{order.number}-{IDENTITIES.get(promise.kind, promise.kind)}@orders.migrator")
    event.add("sequence", order.version + order.calendar_row.version)
    # The moment by which something is done, marked just before it rather than after.
    event.add("dtstart", promise.due_at - MOMENT)
    event.add("dtend", promise.due_at)
    event.add("summary", f"{SUMMARIES[promise.kind]}: {order.terms.product_name} {order.number}")
    event.add("description", "\n".join(explanation(promise)))
    event.add("status", "TENTATIVE" if is_waiting else "CONFIRMED")
    return event


def _last_day(order: Order, window: Window) -> icalendar.Event:
    zone = order.calendar_row.zone
    on = last_day(window.ends_at, zone)
    event = icalendar.Event()
    event.add("uid", f"{order.number}-window-{window.id}@orders.migrator")
    event.add("sequence", window.version + order.calendar_row.version)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", f"{LAST_DAYS[window.kind]}: {order.terms.product_name} {order.number}")
    event.add("description", f"Until {end_text(window.ends_at, zone)}.")
    event.add("status", "CONFIRMED")
    return event


def explanation(promise: PromiseView) -> list[str]:
    """This will return the promise line, what is said beside it, and the count day by day."""
    days = sentences(promise.derivation) if promise.derivation else []
    return [line for line in (str(promise.line or ""), promise.sentence, *days) if line]
