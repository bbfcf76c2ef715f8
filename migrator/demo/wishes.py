"""What the demonstration's customers choose, in one line each."""

from __future__ import annotations

from migrator.catalogue.rules import Selection
from migrator.policy.types import Family


def package(sku: str, pages: int, source: str, target: str, *, plan: int | None = None) -> Selection:
    """This will return a package, with one of the insurance plans or none."""
    return Selection(Family.PACKAGE, sku, pages, source, target, (), plan)


def assisted(sku: str, pages: int, source: str, target: str, *, plan: int | None = None) -> Selection:
    """This will return an assisted migration, with one of the insurance plans or none."""
    return Selection(Family.ASSISTED, sku, pages, source, target, (), plan)


def self_service(sku: str, pages: int, source: str, target: str) -> Selection:
    """This will return a migration that the customers run themselves."""
    return Selection(Family.SELF_SERVICE, sku, pages, source, target)
