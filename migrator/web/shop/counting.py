"""Count my pages: the site's sitemaps are read and the number goes into the field, whatever else was typed stays."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.sitemaps.counting import count_pages
from migrator.sitemaps.gateway import Network
from migrator.web.audience import open_to
from migrator.web.shop import pages
from migrator.web.shop.answers import AnswersForm
from migrator.web.shop.start import Counted, result_of, shown
from migrator.wiring import wiring


@pages.get("/start/count")
@open_to()
def count_again() -> Response:
    """This will lead a page that is loaded again back to the questions."""
    return redirect(url_for("shop.start"))


@pages.post("/start/count")
@open_to()
def count_site() -> tuple[str, int]:
    """This will count the site's pages and show the questions with the number, or say why it cannot be counted."""
    site = request.form.get("site", "").strip()
    try:
        found = count_pages(site, network=Network(allow_private=wiring().settings.sitemap_private))
    except DomainError as refusal:
        return _shown(MultiDict(request.form), Counted(site=site, problem=str(refusal))), 422
    answers = MultiDict(request.form)
    answers["pages"] = str(found.pages)
    return _shown(answers, Counted(site=site, words=f"We found {found}.")), 200


def _shown(answers: MultiDict[str, str], counted: Counted) -> str:
    form = AnswersForm(answers)
    if not form.validate():
        # The other questions are still to be answered: that is no mistake yet.
        return shown(AnswersForm(answers), None, counted)
    with reading() as session:
        result = result_of(form, session)
    return shown(form, result, counted)
