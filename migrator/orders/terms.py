"""The terms that an order was sold under, frozen at purchase (RULES D-8). Pure; kept as a document."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from migrator.policy.types import Family, Tier


@dataclass(frozen=True, slots=True)
class InsuranceTerms:
    """The cover that was bought: restarts inside a window of business days, and the rate of its premium."""

    plan: int
    restarts: int
    business_days: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything promised and limited at purchase.

    :ivar promise_unit: `business_days`, `business_hours`, `agreed`, or empty where nothing is promised
    :ivar page_limit: pages covered; for a quote its page ceiling
    :ivar discount_bp: the non-profit discount that the price was given with; also of what is bought for it later
    :ivar tax_bp: the rate of tax that the price was sold with, and `tax_country` why; also of what is bought later
    :ivar agreed_at: ISO instant in UTC of a date agreed with the quote, else empty (RULES C-059)
    """

    catalogue_version: str
    policy_version: str
    calendar: str
    family: Family
    tier: Tier
    sku: str
    product_name: str
    page_limit: int
    support_minutes: int
    promise_unit: str
    promise_amount: int
    promise_rule: str
    access_check_business_days: int
    agree_by_business_days: int
    agreed_minimum_business_days: int
    review_calendar_days: int
    change_calendar_days: int
    purge_calendar_days: int
    response_business_hours: int
    support_hour_minor: int
    overage_pages: int
    overage_minor: int
    discount_bp: int = 0
    tax_bp: int = 0
    tax_country: str = ""
    agreed_at: str = ""
    inclusions: tuple[str, ...] = ()
    not_included: tuple[str, ...] = ()
    insurance: InsuranceTerms | None = field(default=None)

    def document(self) -> dict[str, Any]:
        """This will return the terms as a document that the database keeps."""
        return asdict(self)

    def covered_by(self, insurance: InsuranceTerms) -> Terms:
        """This will return the terms with insurance that was bought later (RULES C-076)."""
        return replace(self, insurance=insurance)

    def taxed_as(self, other: Terms) -> Terms:
        """This will return the terms with the tax of others: it stays what it was at the purchase."""
        return replace(self, tax_bp=other.tax_bp, tax_country=other.tax_country)


def terms_from(document: dict[str, Any]) -> Terms:
    """This will return the terms that a document holds."""
    insurance = document.get("insurance")
    return Terms(
        **{
            **document,
            "family": Family(document["family"]),
            "tier": Tier(document["tier"]),
            "inclusions": tuple(document["inclusions"]),
            "not_included": tuple(document["not_included"]),
            "insurance": InsuranceTerms(**insurance) if insurance else None,
        }
    )
