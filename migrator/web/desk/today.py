"""What do I do now: one list in the order of what we owe next (UX, screen 6)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from flask import current_app, flash, redirect, render_template, request, url_for
from jinja2 import Template
from markupsafe import Markup
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.desk_views import forget_view, save_view
from migrator.history.actor import Role
from migrator.orders.numbers import is_well_formed, read_number
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer
from migrator.web.desk.asked import asked
from migrator.web.desk.today_page import Row, today_page
from migrator.web.refusals import status_of
from migrator.web.request import now, person

ROWS_KEPT = 4096
DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)


@pages.get("/desk")
@open_to(*DESK)
def today() -> Answer:
    """This will show the list; a whole order number in the search opens the order."""
    words = request.args.get("q", "")
    if is_well_formed(words):
        return redirect(url_for("desk.workbench", number=read_number(words)))
    return shown_list()


@pages.post("/desk/views")
@open_to(*DESK)
def keep_view() -> Answer:
    """This will keep the list that the address names, under the name that was typed."""
    view = asked()
    try:
        with transaction() as session:
            kept = save_view(session, person().id, name=request.form.get("name", ""), query=view.query(), now=now())
            sentence = f"Kept as “{kept.name}”. You find it beside the list."
    except DomainError as refusal:
        return shown_list(refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(view.url(), 303)


@pages.post("/desk/views/<int:view_id>/forget")
@open_to(*DESK)
def let_view_go(view_id: int) -> Response:
    """This will let one of the person's own views go."""
    with transaction() as session:
        forget_view(session, person().id, view_id)
    flash("The view is gone; its orders are where they were.")
    return redirect(asked().url(), 303)


def shown_list(*, refusal: DomainError | None = None, ticked: Collection[str] = ()) -> str:
    """This will show the list that the address names, with a refusal and the ticks of the form that was refused."""
    with reading() as session:
        page = today_page(session, asked(), now=now())
    template = current_app.jinja_env.get_template("desk/row.html")
    tables = [(part.title, _shown_rows(template, part.rows, ticked)) for part in page.parts]
    return render_template("desk/today.html", page=page, tables=tables, refusal=refusal)


def _shown_rows(template: Template, rows: Collection[Row], ticked: Collection[str]) -> Markup:
    return Markup("".join([_shown_row(template, row, row[0] in ticked) for row in rows]))


@lru_cache(maxsize=ROWS_KEPT)
def _shown_row(template: Template, row: Row, is_ticked: bool) -> Markup:
    # The same facts give the same row, so one that was shown a moment ago need not be written again.
    return Markup(template.module.desk_row(row, is_ticked))  # type: ignore[attr-defined]
