"""Disputes: what the bank has not decided first, then what it has."""

from __future__ import annotations

from flask import render_template, request, url_for

from migrator.database.session import reading
from migrator.payments.disputes.queries import PAGE_LENGTH, decided_disputes, undecided_disputes
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.finance import pages
from migrator.web.finance.refund_rows import dispute_row
from migrator.web.finance.refunds import MONEY


@pages.get("/finance/disputes")
@open_to(*MONEY)
def dispute_list() -> str:
    """This will list disputes: what waits for the bank, the earliest first, then what is decided, the newest first."""
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        waiting = undecided_disputes(session)
        found = decided_disputes(session, before_id=cursor[1] if cursor else None)
    shown = found[:PAGE_LENGTH]
    older = cursor_of(None, shown[-1].id) if len(found) > PAGE_LENGTH else ""
    return render_template(
        "finance/disputes.html",
        waiting=[dispute_row(each) for each in waiting[:PAGE_LENGTH]],
        has_more=len(waiting) > PAGE_LENGTH,
        rows=[dispute_row(each) for each in shown],
        next_url=url_for("finance.dispute_list", before=older) if older else "",
        first_url=url_for("finance.dispute_list") if cursor else "",
    )
