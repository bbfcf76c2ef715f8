"""Which tax is charged: by the customer's country, in the countries where the seller charges it. Changes nothing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.finance.invoices.queries import seller
from migrator.policy.loading import tax


class CountryMissing(DomainError):
    """The customer has not said where it is, and tax depends on it."""


def is_tax_charged(session: Session) -> bool:
    """This will tell whether tax is charged anywhere, so that the customer's country decides about the price."""
    return bool(seller(session).tax_countries)


def tax_rate(session: Session, country: str) -> int:
    """This will return the rate for customers in a country, in basis points; nothing where none is charged.

    :param country: ISO code
    :raises CountryMissing: when it is empty and tax is charged somewhere
    """
    charged = seller(session).tax_countries
    if not charged:
        return 0
    if not country:
        raise CountryMissing("Choose your country: it decides whether tax is added.")
    return tax().rates_bp[country] if country in charged.split(",") else 0
