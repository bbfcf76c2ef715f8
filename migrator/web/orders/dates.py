"""An order's dates for calendar programs, with the same words and the same count as the page (RULES D-9)."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
from flask import Response

from migrator.calendars.queries import calendar_of
from migrator.clock.explanation import sentences
from migrator.database.session import reading
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.fulfilment.views import PromiseKind, PromiseView
from migrator.history.actor import Role
from migrator.orders.lifecycle import OrderState
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
}
MOMENT = timedelta(minutes=15)


@pages.get("/orders/<number>/dates.ics")
@open_to(Role.CUSTOMER)
def dates(number: str) -> Response:
    """This will answer the dates of one of the customer's own orders; without a date the calendar is empty."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        calendar = calendar_of(session, order.calendar_row)
        pauses = pauses_of(session, order.id)
        promise = promise_view(order, calendar, pauses, now=now(), viewer_zone=person().zone)
        name, events = order.number, feed(order, promise, now=now(), base_url=wiring().settings.base_url)
    answer = Response(events, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def feed(order: Order, promise: PromiseView, *, now: datetime, base_url: str) -> bytes:
    """This will return the promise that counts now as an event; later states of a date replace earlier ones by UID."""
    found = icalendar.Calendar()
    found.add("prodid", "-//Migrator//Order dates//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", f"Migrator: {order.number}")
    if promise.due_at is not None:
        found.add_component(_event(order, promise, due_at=promise.due_at, now=now, base_url=base_url))
    text: bytes = found.to_ical()
    return text


def _event(order: Order, promise: PromiseView, *, due_at: datetime, now: datetime, base_url: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{order.number}-{promise.kind}@orders.migrator")
    event.add("sequence", order.version)
    event.add("dtstamp", now)
    # The moment by which something is done, marked just before it rather than after.
    event.add("dtstart", due_at - MOMENT)
    event.add("dtend", due_at)
    event.add("summary", f"{SUMMARIES[promise.kind]}: {order.terms.product_name} {order.number}")
    event.add("description", "\n".join(explanation(promise)))
    event.add("url", f"{base_url}/orders/{order.number}")
    event.add("status", "TENTATIVE" if order.state is OrderState.PAUSED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def explanation(promise: PromiseView) -> list[str]:
    """This will return the promise line, what is said beside it, and the count day by day."""
    days = sentences(promise.derivation) if promise.derivation else []
    return [line for line in (str(promise.line or ""), promise.sentence, *days) if line]
