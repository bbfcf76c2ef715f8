"""How the reader of a shop page stands with the non-profit discount (RULES C-085, C-086)."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from migrator.clock.wording import end_text
from migrator.history.actor import STAFF
from migrator.nonprofit.queries import standing_with
from migrator.nonprofit.rules import Standing
from migrator.policy.loading import catalogue
from migrator.web.request import now, visitor
from migrator.web.shop.wording import rate_text


def visitors_standing(session: Session) -> Standing:
    """This will return the standing of the visitor's organisation; visitors and staff have none."""
    visiting = visitor()
    if visiting is None or visiting.organisation_id is None:
        return Standing()
    return standing_with(session, visiting.organisation_id, now=now())


def visitors_discount(standing: Standing) -> int:
    """This will return what is taken off, in basis points."""
    return catalogue().nonprofit_discount_bp if standing.is_discounted else 0


def discount_row(standing: Standing, zone: str) -> tuple[str, str, str]:
    """This will word the standing as a row of answers, with the page on which it can be changed (UX, screen 2)."""
    visiting = visitor()
    url = "" if visiting and visiting.role in STAFF else url_for("account.nonprofit")
    return "Non-profit discount", _words(standing, zone), url


def _words(standing: Standing, zone: str) -> str:
    if standing.valid_until_at:
        return f"{rate_text(catalogue().nonprofit_discount_bp)}, until {end_text(standing.valid_until_at, zone)}"
    if standing.pending:
        return f"Applied for, answer aimed at {end_text(standing.pending.answer_by_at, zone)}"
    return "None. It is given only on what is bought after we have approved it"
