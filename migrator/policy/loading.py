"""Reading the policy files. Each version is read once and kept; an order names the version that it was sold under."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from migrator.errors import DomainError
from migrator.policy.promises import promises_of
from migrator.policy.types import (
    Assisted,
    CalendarPlan,
    Catalogue,
    DeliveryPromise,
    DeskPolicy,
    Extra,
    InsurancePlan,
    Option,
    Package,
    PageTier,
    Platform,
    Platforms,
    Reach,
    SelfService,
    Side,
    TaxPolicy,
    Tier,
)

CURRENT = "1"
FOLDER = Path(__file__).parent
USUAL_CURRENCY = "USD"
TUPLES = (
    "pause_reminder_business_days",
    "review_notice_days",
    "change_notice_days_before",
    "insurance_notice_business_days_before",
    "access_notice_days_before",
    "hours_notice_percent",
    "allow_list",
)


class NoPriceList(DomainError):
    """Nothing is sold in the currency."""


@cache
def catalogue(version: str = CURRENT, currency: str = USUAL_CURRENCY) -> Catalogue:
    """This will return what is sold under a version of the catalogue, with the price list of a currency (RULES D-8).

    :raises NoPriceList: for a currency that has none
    """
    data = read(f"catalogue-{version}.toml")
    if currency != data["currency"]:
        data = _priced_in(data, currency, read(f"prices-{version}.toml"))
    return Catalogue(
        version=data["version"],
        effective_on=data["effective_on"],
        currency=data["currency"],
        self_service=SelfService(
            summary=data["self_service"]["summary"],
            not_included=tuple(data["self_service"]["not_included"]),
            tiers=tuple(PageTier(**tier) for tier in data["self_service"]["tiers"]),
        ),
        assisted=tuple(Assisted(**_product(entry)) for entry in data["assisted"]),
        packages=tuple(Package(**_product(entry)) for entry in data["package"]),
        inclusions=tuple(data["package_for_all"]["inclusions"]),
        options=tuple(Option(**entry) for entry in data["option"]),
        insurance=tuple(InsurancePlan(**entry) for entry in data["insurance"]),
        extra=Extra(**data["extra"]),
        nonprofit_discount_bp=data["nonprofit"]["discount_bp"],
    )


@cache
def tax(version: str = CURRENT) -> TaxPolicy:
    """This will return the rates of tax by country."""
    return TaxPolicy(**read(f"tax-{version}.toml"))


@cache
def migration_desk(version: str = CURRENT) -> DeskPolicy:
    """This will return the migration desk's promises of a version (RULES D-1)."""
    data = read(f"migration_desk-{version}.toml")
    promises = promises_of(data, read(f"catalogue-{data.pop('catalogue')}.toml"))
    del data["promise"]
    # The first response of the desk is the guaranteed one; orders keep its length (RULES C-021, D-8).
    data["response_business_hours"] = data.pop("support")["response"][0]["amount"]
    for name in TUPLES:
        data[name] = tuple(data[name])
    return DeskPolicy(**data, promises=promises)


@cache
def calendar_plans(version: str = CURRENT) -> tuple[CalendarPlan, ...]:
    """This will return how the calendars are made (RULES C-019)."""
    return tuple(CalendarPlan(**entry) for entry in read(f"calendars-{version}.toml")["calendar"])


@cache
def platforms(version: str = CURRENT) -> Platforms:
    """This will return the platforms and what each needs for access."""
    data = read(f"platforms-{version}.toml")
    return Platforms(
        version=data["version"],
        platforms=tuple(Platform(entry["key"], entry["name"], Reach(entry["reach"])) for entry in data["platform"]),
        needs=_by_side_and_reach(data["needs"]),
        optional=_by_side_and_reach(data["optional"]),
    )


def _priced_in(data: dict[str, Any], currency: str, lists: dict[str, Any]) -> dict[str, Any]:
    if currency not in lists:
        raise NoPriceList(f"We do not sell in {currency}.")
    prices, listed = lists[currency]["prices"], lists[currency]

    def priced(entries: list[dict[str, Any]], field: str = "price") -> list[dict[str, Any]]:
        return [{**entry, field: prices[entry["sku"]]} if field in entry else entry for entry in entries]

    return {
        **data,
        "currency": currency,
        "self_service": {**data["self_service"], "tiers": priced(data["self_service"]["tiers"])},
        "assisted": priced(data["assisted"], "fee"),
        "package": priced(data["package"]),
        "option": priced(data["option"]),
        "extra": {
            **data["extra"],
            "support_hour": listed["support_hour"],
            "overage_price": listed["overage_price"],
        },
    }


def _by_side_and_reach(data: dict[str, dict[str, list[str]]]) -> dict[Side, dict[Reach, tuple[str, ...]]]:
    return {
        Side(side): {Reach(reach): tuple(kinds) for reach, kinds in reaches.items()} for side, reaches in data.items()
    }


def _product(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        **entry,
        "tier": Tier(entry["tier"]),
        "promise": DeliveryPromise(**entry["promise"]),
        "not_included": tuple(entry["not_included"]),
    }


def read(name: str) -> dict[str, Any]:
    """This will read a policy file as it stands."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def versions(name: str) -> tuple[str, ...]:
    """This will return the versions that a policy file has, the oldest first; none is ever removed (RULES M-005)."""
    found = (re.fullmatch(rf"{name}-(\d+)\.toml", path.name) for path in FOLDER.iterdir())
    return tuple(sorted((match[1] for match in found if match), key=int))
