"""What the shop knows of its visitor beside the answers: in which currencies we sell, and which tax is added."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation
from migrator.finance.tax import CountryMissing, is_tax_charged, tax_rate
from migrator.money import rate_text
from migrator.policy.countries import country_name
from migrator.policy.loading import USUAL_CURRENCY
from migrator.web.request import visitor
from migrator.wiring import wiring

NO_TAX = "None added"
DEPENDS = "By your country, which you choose when you order"


@dataclass(frozen=True, slots=True)
class VisitorsTax:
    """The tax on what a visitor buys.

    :ivar words: what stands in the place of the tax where no line says it
    """

    country: str
    rate_bp: int
    words: str


def currencies() -> tuple[str, ...]:
    """This will return in which currencies we sell, the usual one first."""
    return wiring().settings.currencies


def currency_of(text: str | None) -> str:
    """This will return the currency of an address; of one that names none, that of old addresses or the usual one."""
    sold = currencies()
    named = text or USUAL_CURRENCY
    return named if named in sold else sold[0]


def visitors_country(session: Session) -> str:
    """This will return where the visitor's organisation is; empty where that is not known."""
    visiting = visitor()
    if visiting is None or visiting.organisation_id is None:
        return ""
    return session.get_one(Organisation, visiting.organisation_id).country


def tax_in(session: Session, country: str) -> VisitorsTax:
    """This will return the tax on what is bought in a country."""
    try:
        return VisitorsTax(country, tax_rate(session, country), NO_TAX)
    except CountryMissing:
        return VisitorsTax(country, 0, DEPENDS if is_tax_charged(session) else NO_TAX)


def tax_sentence(tax: VisitorsTax) -> str:
    """This will say which tax is added in the chosen country, with a blank at its end; empty where none is."""
    if not tax.rate_bp:
        return ""
    return f"In {country_name(tax.country)} tax of {rate_text(tax.rate_bp)} is added. "
