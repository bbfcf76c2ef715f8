"""The shapes of the policy data. Frozen; money in the smallest unit of its currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Family(StrEnum):
    """Who does the work (RULES C-033, C-045)."""

    SELF_SERVICE = "self_service"
    ASSISTED = "assisted"
    PACKAGE = "package"


class Tier(StrEnum):
    """The size of a product inside its family (RULES C-037, C-048)."""

    PAGES = "pages"
    BASIC = "basic"
    STANDARD = "standard"
    EXTENDED = "extended"
    PREMIUM = "premium"
    ULTIMATE = "ultimate"


class Grade(StrEnum):
    """How firm a promise is (UX, guarantee ladder)."""

    GUARANTEED = "guaranteed"
    AGREED = "agreed"
    AIM = "aim"
    USUAL = "usual"


class Reach(StrEnum):
    """How a platform is reached: by its maker's interface, by its own login and files, or by plain files alone."""

    HOSTED = "hosted"
    SELF_HOSTED = "self_hosted"
    FILES = "files"


class Side(StrEnum):
    """Which of the two sites."""

    SOURCE = "source"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """How soon after verification: unit as in `clock.deadline.Unit`; for `agreed`, the least amount."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class PageTier:
    """One page size of the self-service migration."""

    sku: str
    pages: int
    price: int


@dataclass(frozen=True, slots=True)
class SelfService:
    """The family that runs by itself."""

    summary: str
    not_included: tuple[str, ...]
    tiers: tuple[PageTier, ...]


@dataclass(frozen=True, slots=True)
class Assisted:
    """An assisted product; its fee comes on top of the self-service price for the pages."""

    sku: str
    tier: Tier
    name: str
    rule: str
    fee: int
    promise: DeliveryPromise
    summary: str
    not_included: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A package; `price` and `pages` are none for the one that is quoted (`pages_over` is its lower bound)."""

    sku: str
    tier: Tier
    name: str
    rule: str
    support_minutes: int
    promise: DeliveryPromise
    summary: str
    not_included: tuple[str, ...]
    pages: int | None = None
    pages_over: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An additional option; free with packages (RULES C-055f)."""

    sku: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class InsurancePlan:
    """Restarts inside a window of business days, for a share of the migration price (RULES C-070 to C-075)."""

    sku: str
    plan: int
    rule: str
    restarts: int
    business_days: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Extra:
    """What goes beyond a package: an hour of support, and each started step of pages."""

    support_hour: int
    overage_pages: int
    overage_price: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is sold under one version."""

    version: str
    effective_on: date
    currency: str
    self_service: SelfService
    assisted: tuple[Assisted, ...]
    packages: tuple[Package, ...]
    inclusions: tuple[str, ...]
    options: tuple[Option, ...]
    insurance: tuple[InsurancePlan, ...]
    extra: Extra
    nonprofit_discount_bp: int


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """The rates of tax by country, in basis points; the seller's settings say where they are charged."""

    version: str
    effective_on: date
    documents_kept_years: int
    rates_bp: dict[str, int]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise as the policy page shows it, at a stable anchor (RULES C-001)."""

    anchor: str
    rule: str
    grade: Grade
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """What a desk promises. Durations carry their unit; `opens`, `closes` (RULES C-013) and `digest_at`, the hour of
    the daily letter, are desk-local `HH:MM`.
    """

    version: str
    name: str
    effective_on: date
    calendar: str
    opens: str
    closes: str
    response_business_hours: int
    access_check_business_days: int
    agree_by_business_days: int
    agreed_minimum_business_days: int
    quote_answer_business_days: int
    quote_valid_calendar_days: int
    review_calendar_days: int
    change_calendar_days: int
    purge_calendar_days: dict[str, int]
    pause_reminder_business_days: tuple[int, ...]
    pause_handover_business_days: int
    reveal_seconds: int
    payment_open_minutes: int
    digest_at: str
    review_notice_days: tuple[int, ...]
    change_notice_days_before: tuple[int, ...]
    insurance_notice_business_days_before: tuple[int, ...]
    access_notice_days_before: tuple[int, ...]
    hours_notice_percent: tuple[int, ...]
    page_tolerance_percent: int
    supplement_valid_calendar_days: int
    basket_reminder_business_days: int
    basket_open_calendar_days: int
    nonprofit_answer_calendar_days: int
    nonprofit_valid_calendar_days: int
    nonprofit_renewal_calendar_days: int
    allow_list: tuple[str, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """How a calendar is made: `week` is `weekdays` or `always`; `holidays` a country code, or empty for none."""

    key: str
    name: str
    place: str
    zone: str
    week: str
    holidays: str
    law: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A system that sites are moved from and to."""

    key: str
    name: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Platforms:
    """All platforms, and the access items that each side of each reach needs or may have."""

    version: str
    platforms: tuple[Platform, ...]
    needs: dict[Side, dict[Reach, tuple[str, ...]]]
    optional: dict[Side, dict[Reach, tuple[str, ...]]]

    def named(self, key: str) -> Platform:
        """This will return the platform with that key.

        :raises KeyError: when there is none
        """
        return {platform.key: platform for platform in self.platforms}[key]
