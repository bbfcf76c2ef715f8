"""Restarting the migration under the insurance (UX, screen 5; RULES C-070 to C-078)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.clock.wording import local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.runs.models import RunState
from migrator.history.actor import Role
from migrator.journeys.request_restart import request_restart, withdraw_restart
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.results import pages
from migrator.web.results.forms import RestartForm
from migrator.web.results.page import restart_page

STARTED = "The restart has begun."
WAITS = "We need your access details once more: our copy is destroyed. The restart starts when we have checked them."


@pages.get("/orders/<number>/restart")
@open_to(Role.CUSTOMER)
def restart(number: str) -> str:
    """This will show what a restart overwrites and uses, or why none can be asked for."""
    return _shown(number, RestartForm(formdata=None))


@pages.post("/orders/<number>/restart")
@open_to(Role.CUSTOMER)
def ask_for_restart(number: str) -> Response | tuple[str, int]:
    """This will restart the migration."""
    form = RestartForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            if form.warns(local_time(now(), order.calendar_row.zone).date()):
                return _shown(number, form, warns=True), 422
            backup_on, ticked = form.backup_on.data, bool(form.is_confirmed.data)
            run = request_restart(session, order, backup_on=backup_on, is_confirmed=ticked, person=person(), now=now())
            waits = run.state is RunState.REQUESTED
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    flash(WAITS if waits else STARTED)
    return redirect(url_for("access.items" if waits else "orders.tracker", number=number), 303)


@pages.post("/orders/<number>/restart/withdraw")
@open_to(Role.CUSTOMER)
def take_back(number: str) -> Response | tuple[str, int]:
    """This will take back a restart that waits for access details."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            withdraw_restart(session, order, actor=actor(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, RestartForm(formdata=None), refusal=refusal), status_of(refusal)
    flash("The restart is taken back. Nothing was used.")
    return redirect(url_for("orders.tracker", number=number), 303)


def _shown(number: str, form: RestartForm, *, refusal: DomainError | None = None, warns: bool = False) -> str:
    with reading() as session:
        page = restart_page(session, order_of(session, number, organisation_id()), now=now())
    return render_template("results/restart.html", page=page, form=form, refusal=refusal, warns=warns)
