"""One closure: see what moves, decide, and read why a date would move (RULES C-020, D-9)."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.calendars.closure_models import ClosureState
from migrator.calendars.closure_queries import closure_of
from migrator.calendars.closure_rules import span_text
from migrator.clock.calendar import Calendar
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.closures.models import Direction, Recount, RecountState
from migrator.fulfilment.closures.operations import change_of
from migrator.fulfilment.closures.queries import newest_recounts
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.history.actor import Role
from migrator.journeys.announce_closure import leave_the_dates, move_the_dates, put_away, see_what_moves
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.web.admin import pages
from migrator.web.admin.closure_page import closure_page
from migrator.web.audience import open_to
from migrator.web.count import CountView, count_view
from migrator.web.cursor import read_cursor
from migrator.web.request import actor, now

MOVED = {
    Direction.ANNOUNCE: "The closure is announced and the dates are moved. Each customer is told once.",
    Direction.WITHDRAW: "The closure is withdrawn and the dates are moved back. Each customer is told once.",
}


@pages.get("/admin/closures/<int:closure_id>")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def closure(closure_id: int) -> str:
    """This will show a closure, how far the worker is, and what moves."""
    return _shown(closure_id)


@pages.post("/admin/closures/<int:closure_id>/count")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def count_closure(closure_id: int) -> Response | tuple[str, int]:
    """This will have the worker count what announcing a draft, or withdrawing an announced closure, would move."""

    def count(session: Session) -> str:
        found = closure_of(session, closure_id, for_update=True)
        direction = Direction.WITHDRAW if found.state is ClosureState.ANNOUNCED else Direction.ANNOUNCE
        see_what_moves(session, found, direction=direction, now=now())
        return ""

    return _do(closure_id, count)


@pages.post("/admin/closures/<int:closure_id>/decide")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def decide(closure_id: int) -> Response | tuple[str, int]:
    """This will move the dates as they were counted, or leave them."""

    def move(session: Session) -> str:
        return MOVED[move_the_dates(session, _recount_id(session, closure_id), actor=actor(), now=now()).direction]

    def leave(session: Session) -> str:
        leave_the_dates(session, _recount_id(session, closure_id))
        return "The count is put away. Nothing has moved."

    return _do(closure_id, leave if request.form.get("decision") == "leave" else move)


@pages.post("/admin/closures/<int:closure_id>/discard")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def discard(closure_id: int) -> Response | tuple[str, int]:
    """This will put a draft away."""

    def discard_draft(session: Session) -> str:
        put_away(session, closure_of(session, closure_id, for_update=True), actor=actor(), now=now())
        return "The draft is put away. Nothing has moved."

    return _do(closure_id, discard_draft)


@pages.get("/admin/closures/<int:closure_id>/orders/<number>")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def closure_order(closure_id: int, number: str) -> str:
    """This will show the count of one order as it is and as it would be."""
    with reading() as session:
        found = closure_of(session, closure_id)
        recount = _counted(session, closure_id)
        order = order_for_staff(session, number)
        change = change_of(session, found, order.calendar_row, direction=recount.direction, at=now())
        counts = [_count(session, order, calendar) for calendar in (change.before, change.after)]
    return render_template(
        "admin/closure_order.html",
        closure_id=closure_id,
        number=number,
        name=found.name,
        days=span_text(found.first_on, found.last_on),
        counts=counts,
    )


def _do(closure_id: int, act: Callable[[Session], str]) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            news = act(session)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(closure_id, refusal=str(refusal)), 409
    if news:
        flash(news)
    return redirect(url_for("admin.closure", closure_id=closure_id), 303)


def _shown(closure_id: int, *, refusal: str = "") -> str:
    asked = read_cursor(request.args.get("after"))
    with reading() as session:
        found = closure_of(session, closure_id)
        page = closure_page(session, found, after_id=asked[1] if asked else 0, now=now())
    return render_template("admin/closure.html", page=page, refusal=refusal, is_first=asked is None)


def _recount_id(session: Session, closure_id: int) -> int:
    text = request.form.get("recount", "")
    recount = session.get(Recount, int(text)) if text.isdecimal() and len(text) < 19 else None
    if recount is None or recount.closure_id != closure_id:
        raise NotFound("There is no such count.")
    return recount.id


def _counted(session: Session, closure_id: int) -> Recount:
    recount = newest_recounts(session, [closure_id]).get(closure_id)
    if recount is None or recount.state is not RecountState.COUNTED:
        raise NotFound("There is no such count.")
    return recount


def _count(session: Session, order: Order, calendar: Calendar) -> tuple[object, CountView | None, str]:
    view = promise_view(order, calendar, pauses_of(session, order.id), now=now())
    return view.line, count_view(view.derivation) if view.derivation else None, view.sentence
