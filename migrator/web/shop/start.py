"""The configurator: four questions, and the product, price and date that they lead to (UX, screen 1)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar
from migrator.database.session import reading
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.public.contact import viewer_zone
from migrator.web.request import now
from migrator.web.shop import pages
from migrator.web.shop.answers import WAYS, AnswersForm
from migrator.web.shop.result import QuotePage, ResultPage, result_page
from migrator.web.shop.standing import visitors_discount, visitors_standing
from migrator.web.shop.visitor import currencies, tax_in, visitors_country


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of the site's pages: what was typed, and what was found or why nothing was."""

    site: str = ""
    words: str = ""
    problem: str = ""


NOT_COUNTED = Counted()


@pages.get("/start")
@open_to()
def start() -> tuple[str, int]:
    """This will ask the four questions and, once they are answered, show product, price and date."""
    form = AnswersForm(request.args)
    if "pages" not in request.args:
        return shown(form, None, Counted(request.args.get("site", ""))), 200
    if not form.validate():
        return shown(form, None, Counted(request.args.get("site", ""))), 422
    with reading() as session:
        result = result_of(form, session)
    return shown(form, result), 200


def result_of(form: AnswersForm, session: Session) -> ResultPage | QuotePage:
    """This will work out what valid answers lead to for this visitor."""
    days = calendar(session, migration_desk().calendar)
    discount_bp = visitors_discount(visitors_standing(session))
    tax = tax_in(session, visitors_country(session))
    return result_page(form, days, now=now(), viewer_zone=viewer_zone(), tax=tax, discount_bp=discount_bp)


def shown(form: AnswersForm, result: ResultPage | QuotePage | None, counted: Counted = NOT_COUNTED) -> str:
    """This will show the questions with what they lead to, and with what a count of the site's pages found."""
    hints = {family.value: hint for family, (_words, hint) in WAYS.items()}
    return render_template(
        "shop/start.html",
        form=form,
        way_hints=hints,
        result=result if isinstance(result, ResultPage) else None,
        quote=result if isinstance(result, QuotePage) else None,
        counted=counted,
        has_currencies=len(currencies()) > 1,
    )
