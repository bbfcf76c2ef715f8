"""Giving the orders that were ticked in the list to one account manager."""

from __future__ import annotations

from flask import flash, redirect, request

from migrator.database.session import transaction
from migrator.errors import DomainError, NotFound
from migrator.journeys.share_out import assign_chosen, receivers_with
from migrator.orders.numbers import read_number
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer
from migrator.web.desk.asked import asked, whole_number
from migrator.web.desk.today import DESK, shown_list
from migrator.web.request import actor, now


@pages.post("/desk/assign")
@open_to(*DESK)
def assign_orders() -> Answer:
    """This will assign the ticked orders, all of them or none; a second press finds nothing left to do."""
    chosen = _chosen()
    try:
        with transaction() as session:
            (manager,) = receivers_with(session, [whole_number(request.form.get("manager"))])
            count = assign_chosen(session, chosen, account_manager=manager, actor=actor(), now=now())
            name = manager.display_name
    except NotFound:
        return shown_list(refusal=NotFound("One of these orders does not exist. Nothing was assigned.")), 409
    except DomainError as refusal:
        return shown_list(refusal=refusal, ticked=chosen), 409
    flash(f"{name} looks after {_orders(count)} now." if count else f"{name} looked after these orders already.")
    return redirect(asked().url(), 303)


def _chosen() -> dict[str, int]:
    pairs = (value.partition(":") for value in request.form.getlist("order"))
    return {read_number(number): whole_number(seen) for number, _, seen in pairs}


def _orders(count: int) -> str:
    return "1 more order" if count == 1 else f"{count} more orders"
