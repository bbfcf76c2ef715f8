"""When the work is done: changing what was given to us, and having all our copies destroyed (RULES C-082)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.access.operations import mark_changed, mark_unchanged
from migrator.access.queries import item_of, items_of
from migrator.access.rules import needs_access_no_more
from migrator.clock.wording import counted_text
from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.journeys.destroy_access import NothingLeft, destroy_access
from migrator.orders.queries import order_of
from migrator.web.access import pages
from migrator.web.access.page import has_copies
from migrator.web.audience import open_to
from migrator.web.request import actor, now, organisation_id


@pages.post("/orders/<number>/access/<int:item_id>/changed")
@open_to(Role.CUSTOMER)
def changed(number: str, item_id: int) -> Response:
    """This will record that the customer has changed or blocked what they gave us."""
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        item = item_of(session, order.id, item_id)
        mark_changed(session, item, actor=actor(), now=now())
        sentence = f"Thank you. Noted as changed: {item.label}."
    flash(sentence)
    return redirect(url_for("access.items", number=number, _anchor="change"), 303)


@pages.post("/orders/<number>/access/<int:item_id>/unchanged")
@open_to(Role.CUSTOMER)
def unchanged(number: str, item_id: int) -> Response:
    """This will take a tick back."""
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        item = item_of(session, order.id, item_id)
        mark_unchanged(session, item, actor=actor(), now=now())
        sentence = f"Taken back: {item.label} is not changed yet."
    flash(sentence)
    return redirect(url_for("access.items", number=number, _anchor="change"), 303)


@pages.get("/orders/<number>/access/destroy")
@open_to(Role.CUSTOMER)
def ask_all(number: str) -> str:
    """This will ask whether all our copies are to be destroyed, and say what follows."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        if not has_copies(items_of(session, order.id)):
            raise NothingLeft("No copy of your access details is left with us.")
        is_done, shown_number = needs_access_no_more(order.state), order.number
    return render_template("access/destroy_all.html", number=shown_number, is_done=is_done)


@pages.post("/orders/<number>/access/destroy")
@open_to(Role.CUSTOMER)
def destroy_everything(number: str) -> Response:
    """This will destroy all our copies for good."""
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        count = destroy_access(session, order, actor=actor(), now=now())
    flash(f"Destroyed: {counted_text(count, 'secret')}. Nothing of your access details is left with us.")
    return redirect(url_for("access.items", number=number), 303)
