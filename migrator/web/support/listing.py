"""A customer's requests, the newest first."""

from __future__ import annotations

from flask import render_template, request, url_for

from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.support.queries import PAGE_LENGTH, tickets_of
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import reader_zone
from migrator.web.hosting.views import window_views
from migrator.web.request import now, organisation_id
from migrator.web.support import pages
from migrator.web.ticket_rows import ticket_row


@pages.get("/support")
@open_to(Role.CUSTOMER)
def listing() -> str:
    """This will list the organisation's requests."""
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        found = tickets_of(session, organisation_id(), before_id=cursor[1] if cursor else None)
        windows = window_views(session, organisation_id(), zone=reader_zone(), now=now())
    shown = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return render_template(
        "support/list.html",
        tickets=[ticket_row(ticket) for ticket in shown],
        next_url=url_for("support.listing", before=cursor_of(None, shown[-1].id)) if more else "",
        first_url=url_for("support.listing") if cursor else "",
        windows=windows,
    )
