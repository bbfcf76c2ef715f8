"""The manager counts the old site's pages from its sitemap: a proposal for the measured number (RULES C-069)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.orders.models import Order
from migrator.orders.operations import write_note
from migrator.orders.queries import order_for_staff
from migrator.sitemaps.counting import count_pages
from migrator.sitemaps.gateway import Network
from migrator.sitemaps.rules import PageCount
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.wiring import wiring

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)


@pages.get("/desk/orders/<number>/sitemap")
@open_to(*DESK)
def sitemap(number: str) -> str:
    """This will offer to count the old site, and after the count to record what was found."""
    return _shown(_order(number), found=request.args.get("found", 0, type=int))


@pages.post("/desk/orders/<number>/sitemap")
@open_to(*DESK)
def count_sitemap(number: str) -> Response | tuple[str, int]:
    """This will count, keep the result as a note among the staff, and lead on to recording it as measured."""
    order, form = _order(number), FlaskForm()
    if not form.validate_on_submit():
        return _shown(order), 422
    try:
        found = count_pages(order.source_address, network=Network(allow_private=wiring().settings.sitemap_private))
    except DomainError as refusal:
        return _shown(order, refusal=refusal), status_of(refusal)
    _keep(number, found)
    flash(f"We found {found}. It is kept as a note that only staff can read.")
    return redirect(url_for("desk.sitemap", number=order.number, found=found.pages), 303)


def _order(number: str) -> Order:
    with reading() as session:
        return order_for_staff(session, number)


def _keep(number: str, found: PageCount) -> None:
    with transaction() as session:
        order = order_for_staff(session, number)
        write_note(session, order, author=person(), body=f"Counted from the sitemap: {found}.", now=now())


def _shown(order: Order, *, found: int = 0, refusal: DomainError | None = None) -> str:
    # Which number was measured is for the manager to say: this one only stands in the form's field.
    record_url = f"{url_for('desk.workbench', number=order.number)}/pages?pages={found}"
    return render_template(
        "desk/sitemap.html",
        number=order.number,
        order=order,
        found=found if found > 0 else 0,
        record_url=record_url,
        form=FlaskForm(formdata=None),
        refusal=refusal,
    )
