"""A customer's orders and quotes, the newest first, and the end of an order that was not paid."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.fulfilment.queries import facts_of
from migrator.fulfilment.rules import Dates
from migrator.fulfilment.views import promise_in_short
from migrator.history.actor import Role
from migrator.orders.lifecycle import WORDS, OrderEvent, Turn, allows
from migrator.orders.models import Order
from migrator.orders.operations import cancel as cancel_order
from migrator.orders.queries import order_of, orders_of
from migrator.policy.loading import calendar_plans, platforms
from migrator.web.audience import open_to
from migrator.web.desk_time import reader_zone
from migrator.web.hosting.views import window_views
from migrator.web.orders import pages
from migrator.web.request import actor, now, organisation_id
from migrator.web.shop.check import UNFINISHED

PAGE_LENGTH = 20
TURNS = {Turn.CUSTOMER: ("You", "attention"), Turn.US: ("Us", "info"), Turn.NOBODY: ("Nobody", "done")}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as the list shows it; `cancel_url` is empty once it is paid."""

    number: str
    url: str
    what: str
    state: str
    turn: str
    tone: str
    promise: str
    cancel_url: str


@pages.get("/orders")
@open_to(Role.CUSTOMER)
def listing() -> str:
    """This will list the organisation's orders."""
    after = request.args.get("after", "")
    with reading() as opened:
        found = orders_of(opened, organisation_id(), after=after, limit=PAGE_LENGTH)
        windows = window_views(opened, organisation_id(), zone=reader_zone(), now=now())
    shown = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    unfinished = session.get(UNFINISHED)
    return render_template(
        "orders/list.html",
        orders=[_row(order) for order in shown],
        next_url=url_for("orders.listing", after=shown[-1].number) if more else "",
        first_url=url_for("orders.listing") if after else "",
        unfinished_url=url_for("shop.check", **unfinished) if unfinished else "",
        windows=windows,
    )


@pages.post("/orders/<number>/cancel")
@open_to(Role.CUSTOMER)
def cancel(number: str) -> Response:
    """This will cancel an order that has not been paid."""
    with transaction() as opened:
        order = order_of(opened, number, organisation_id(), for_update=True)
        cancel_order(opened, order, actor=actor(), now=now())
        number = order.number
    flash(f"Order {number} is cancelled. Nothing was charged.")
    return redirect(url_for("orders.listing"), 303)


def _row(order: Order) -> OrderRow:
    turn, tone = TURNS[order.shown_turn]
    named = {platform.key: platform.name for platform in platforms().platforms}
    move = f"{named[order.source_platform]} to {named[order.target_platform]}"
    can_cancel = allows(order.state, OrderEvent.CANCEL)
    return OrderRow(
        number=order.number,
        url=url_for("orders.tracker", number=order.number),
        what=f"{order.terms.product_name}, {move}",
        state=WORDS[order.state],
        turn=turn,
        tone=tone,
        promise=_promise(order),
        cancel_url=url_for("orders.cancel", number=order.number) if can_cancel else "",
    )


def _promise(order: Order) -> str:
    zone = next(plan.zone for plan in calendar_plans() if plan.key == order.calendar_key)
    dates = Dates(order.check_by_at, order.agree_by_at, order.due_at, order.promise_at)
    return promise_in_short(facts_of(order, ()), dates, zone=zone)
