"""A customer's orders for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import url_for
from flask_login import current_user
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.api import problems
from migrator.api.schemas import OrderDetailSchema, OrdersSchema, PageSchema
from migrator.calendars.queries import calendar_of
from migrator.clock.explanation import Derivation, sentences
from migrator.database.session import reading
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.fulfilment.views import PromiseView
from migrator.history.actor import Role
from migrator.orders.lifecycle import WORDS
from migrator.orders.models import Order
from migrator.orders.queries import order_of, orders_of
from migrator.wiring import wiring

orders = Blueprint("api-orders", __name__, url_prefix="/api/v1/orders", description="Your orders and their promises")
problems.register(orders)

View = TypeVar("View", bound=Callable[..., object])


def open_to_customers(view: View) -> View:
    """This will let customers ask, and nobody else."""
    view.audience = frozenset({Role.CUSTOMER})  # type: ignore[attr-defined]
    return view


@orders.get("")  # type: ignore[untyped-decorator]
@orders.arguments(PageSchema, location="query")  # type: ignore[untyped-decorator]
@orders.response(200, OrdersSchema)  # type: ignore[untyped-decorator]
@open_to_customers
def list_orders(page: dict[str, Any]) -> dict[str, Any]:
    """Your orders, the newest first."""
    limit = page["limit"]
    with reading() as session:
        found = orders_of(session, their_organisation_id(), after=page["after"], limit=limit)
        shown = [_summary(order) for order in found[:limit]]
    last = shown[-1]["number"] if len(found) > limit else None
    following = url_for("api-orders.list_orders", after=last, limit=limit) if last else None
    return {"orders": shown, "next": following}


@orders.get("/<number>")  # type: ignore[untyped-decorator]
@orders.response(200, OrderDetailSchema)  # type: ignore[untyped-decorator]
@open_to_customers
def show_order(number: str) -> dict[str, Any]:
    """One order with its promise and the count behind it."""
    with reading() as session:
        order = order_of(session, number, their_organisation_id())
        return _detail(session, order, now=wiring().clock.now())


def their_organisation_id() -> int:
    """This will return the organisation of whoever asks."""
    return cast(int, signed_in().organisation_id)


def signed_in() -> Person:
    """This will return whoever asks."""
    return cast(Person, current_user)


def _summary(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "product": order.terms.product_name,
        "state": order.state.value,
        "state_words": WORDS[order.state],
        "turn": order.shown_turn.value,
        "placed_at": order.placed_at,
        "due_at": order.due_at,
        "url": url_for("api-orders.show_order", number=order.number),
    }


def _detail(session: Session, order: Order, *, now: datetime) -> dict[str, Any]:
    calendar = calendar_of(session, order.calendar_row)
    pauses = pauses_of(session, order.id)
    return {
        **_summary(order),
        "source_address": order.source_address,
        "target_address": order.target_address,
        "total_minor": order.total_minor,
        "currency": order.currency,
        "paid_at": order.paid_at,
        "verified_at": order.verified_at,
        "calendar": calendar.name,
        "promise": _promise(promise_view(order, calendar, pauses, now=now, viewer_zone=signed_in().zone)),
    }


def _promise(view: PromiseView) -> dict[str, Any]:
    return {
        "kind": view.kind.value,
        "line": str(view.line) if view.line else None,
        "sentence": view.sentence,
        "due_at": view.due_at,
        "before_pause_at": view.stored_due_at,
        "late_seconds": view.late_seconds,
        "expected_at": view.expected_at,
        "explanation": sentences(view.derivation) if view.derivation else [],
        "days": days_of(view.derivation) if view.derivation else [],
    }


def days_of(derivation: Derivation) -> list[dict[str, Any]]:
    """This will return a count day by day."""
    return [
        {
            "on": row.on,
            "kind": row.kind.value,
            "sentence": row.sentence,
            "counted_seconds": row.counted_seconds,
            "paused_seconds": row.paused_seconds,
            "running_seconds": row.running_seconds,
            "completes_day": row.completes_day,
        }
        for row in derivation.rows
    ]
