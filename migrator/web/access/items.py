"""The list of access items, giving one, and sending them for checking (UX, screen 3)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.access.fields import FIELDS, UnusableDetails
from migrator.access.models import AccessItem
from migrator.access.queries import item_of
from migrator.access.vault import Vault
from migrator.database.session import CHANGED_MEANWHILE, reading, transaction
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.actor import Role
from migrator.journeys.save_access import save_access
from migrator.journeys.submit_access import submit_access
from migrator.orders.lifecycle import OrderState
from migrator.orders.queries import order_of
from migrator.web.access import pages
from migrator.web.access.forms import AccessForm, access_form
from migrator.web.access.page import ItemPage, access_page, item_page
from migrator.web.audience import open_to
from migrator.web.request import actor, now, organisation_id, person
from migrator.wiring import wiring


@pages.get("/orders/<number>/access")
@open_to(Role.CUSTOMER)
def items(number: str) -> str:
    """This will show what we need and what is there."""
    return _listed(number)


@pages.post("/orders/<number>/access")
@open_to(Role.CUSTOMER)
def send_for_checking(number: str) -> Response | tuple[str, int]:
    """This will hand the complete details over for checking."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            submit_access(session, order, actor=actor(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _listed(number, refusal=refusal), 409
    flash("Sent. We check your access details now; there is nothing more to do for you.")
    return redirect(url_for("access.items", number=number), 303)


@pages.get("/orders/<number>/access/<int:item_id>")
@open_to(Role.CUSTOMER)
def item(number: str, item_id: int) -> str:
    """This will show one item with its form."""
    page = _item_page(number, item_id)
    return _shown(page, _form(page))


@pages.post("/orders/<number>/access/<int:item_id>")
@open_to(Role.CUSTOMER)
def save(number: str, item_id: int) -> Response | tuple[str, int]:
    """This will keep what the customer gave; where we waited for it, the count goes on."""
    page = _item_page(number, item_id)
    form = _form(page)
    if not form.validate_on_submit():
        form.forget_secrets()
        return _shown(page, form), 422
    try:
        with transaction() as session:
            sentence = _saved(session, number, item_id, form=form)
    except NotFound:
        raise
    except DomainError as refusal:
        form.forget_secrets()
        if isinstance(refusal, UnusableDetails):
            form.mark(refusal)
        return _shown(_item_page(number, item_id), form, refusal=refusal), 409
    flash(sentence)
    return redirect(url_for("access.items", number=number), 303)


def _saved(session: Session, number: str, item_id: int, *, form: AccessForm) -> str:
    order = order_of(session, number, organisation_id(), for_update=True)
    found = item_of(session, order.id, item_id)
    _refuse_stale(found, form)
    was_paused = order.state is OrderState.PAUSED
    vault = Vault(wiring().settings.keys.access_keys)
    save_access(session, order, found, values=form.values(), vault=vault, actor=actor(), now=now())
    if was_paused and order.state is OrderState.IN_PROGRESS:
        return f"Saved: {found.label}. Thank you, we go on with your order and the count goes on too."
    return f"Saved: {found.label}."


def _refuse_stale(found: AccessItem, form: AccessForm) -> None:
    if str(found.version) != form.version.data:
        form.version.data = str(found.version)
        raise StaleEdit(CHANGED_MEANWHILE)


def _item_page(number: str, item_id: int) -> ItemPage:
    with reading() as session:
        return item_page(session, order_of(session, number, organisation_id()), item_id)


def _form(page: ItemPage) -> AccessForm:
    return access_form(page.kind, standing=page.standing, kept=page.kept, version=page.version)


def _shown(page: ItemPage, form: AccessForm, *, refusal: DomainError | None = None) -> str:
    rows = [(label, value, None) for label, value in page.shown]
    return render_template(
        "access/item.html", page=page, form=form, specs=FIELDS[page.kind], rows=rows, refusal=refusal
    )


def _listed(number: str, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        page = access_page(session, order, now=now(), viewer_zone=person().zone)
    return render_template("access/items.html", page=page, refusal=refusal)
