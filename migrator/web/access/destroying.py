"""Destroying our copy of a secret, asked once more before it is done."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.access.operations import destroy_secret
from migrator.access.queries import item_of, secret_of
from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.orders.queries import order_of
from migrator.web.access import pages
from migrator.web.access.page import secret_name
from migrator.web.audience import open_to
from migrator.web.request import actor, now, organisation_id

ADDRESS = "/orders/<number>/access/<int:item_id>/secrets/<int:secret_id>/destroy"


@pages.get(ADDRESS)
@open_to(Role.CUSTOMER)
def ask(number: str, item_id: int, secret_id: int) -> str:
    """This will ask whether our copy is to be destroyed, and say what follows."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        item = item_of(session, order.id, item_id)
        name = secret_name(item.kind, secret_of(session, order.id, secret_id).field)
        label = item.label
    return render_template(
        "access/destroy.html", number=number, item_id=item_id, secret_id=secret_id, name=name, label=label
    )


@pages.post(ADDRESS)
@open_to(Role.CUSTOMER)
def destroy(number: str, item_id: int, secret_id: int) -> Response:
    """This will destroy our copy for good."""
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        item = item_of(session, order.id, item_id)
        secret = destroy_secret(session, item, secret_id, actor=actor(), now=now())
        sentence = f"Our copy is destroyed: {item.label}, {secret_name(item.kind, secret.field)}."
    flash(sentence)
    return redirect(url_for("access.item", number=number, item_id=item_id), 303)
