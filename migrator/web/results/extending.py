"""Keeping our copy of the access details longer, asked for explicitly and once (RULES C-084)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.clock.wording import end_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.queries import after_run, open_windows
from migrator.fulfilment.windows.rules import access_may_last_to
from migrator.history.actor import Role
from migrator.journeys.extend_window import extend_access
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id
from migrator.web.results import pages


@pages.get("/orders/<number>/access/longer")
@open_to(Role.CUSTOMER)
def longer(number: str) -> str:
    """This will say how long our copy lasts now and until when it can be kept."""
    return _shown(number)


@pages.post("/orders/<number>/access/longer")
@open_to(Role.CUSTOMER)
def keep_longer(number: str) -> Response | tuple[str, int]:
    """This will keep our copy longer."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            until = end_text(extend_access(session, order, actor=actor(), now=now()), order.calendar_row.zone)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, refusal=refusal), status_of(refusal)
    flash(f"We keep your access details until {until}.")
    return redirect(url_for("orders.tracker", number=number), 303)


def _shown(number: str, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        after, zone = after_run(session, order.id), order.calendar_row.zone
    window = after.open(WindowKind.ACCESS)
    to_at = access_may_last_to((one.kind, one.ends_at) for one in open_windows(after))
    can_extend = window and not window.extended_to_at and to_at and now() < window.ends_at < to_at
    return render_template(
        "results/longer.html",
        number=number,
        now_text=end_text(window.ends_at, zone) if window else "",
        to_text=end_text(to_at, zone) if to_at and can_extend else "",
        refusal=refusal,
    )
