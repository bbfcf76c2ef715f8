"""When a site has too many pages for its order, and what is said about pages (RULES C-069). Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.catalogue.rules import check_pages
from migrator.errors import DomainError
from migrator.orders.lifecycle import OrderState

COUNTED_IN = frozenset({OrderState.IN_PROGRESS, OrderState.PAUSED, OrderState.PREVIEW_READY})


class PageCount(StrEnum):
    """The three counts; each is kept."""

    DECLARED = "declared"
    MEASURED = "measured"
    MOVED = "moved"


class NotToBeCounted(DomainError):
    """Pages are measured between the check of access and the full migration."""


class NothingToTrim(DomainError):
    """Nobody waits for a decision on the pages."""


class NotThisCount(DomainError):
    """A corrected count contradicts the record."""


def is_over(measured: int | None, limit: int, *, tolerance_percent: int) -> bool:
    """This will tell whether a site has more pages than its order covers, with the policy's tolerance (RULES C-069)."""
    return measured is not None and measured * 100 > limit * (100 + tolerance_percent)


def over_text(measured: int, limit: int) -> str:
    """This will say what was measured and that the full migration cannot start."""
    return f"Measured {measured:,} pages, your order covers {limit:,}. The full migration cannot start."


def refuse_counting(state: OrderState, *, has_run: bool) -> None:
    """This will refuse to measure before access was checked, or once the full migration has started.

    :raises NotToBeCounted: saying when pages are measured
    """
    if has_run or state not in COUNTED_IN:
        raise NotToBeCounted("Pages are measured after the check of the access details and before the full migration.")


def refuse_correction(which: PageCount, recorded: int | None, pages: int) -> None:
    """This will refuse a corrected count that was never recorded, is no number of pages, or is what was recorded.

    :raises NotThisCount: saying why
    :raises PagesOutOfRange: for a number of pages that no site has
    """
    if recorded is None:
        raise NotThisCount(f"No {which} count has been recorded, so there is nothing to correct.")
    if pages == recorded:
        raise NotThisCount("This is what the record says already. Change the number, or leave it as it is.")
    if which is not PageCount.MOVED or pages:
        check_pages(pages)


def pages_sentence(*, declared: int, measured: int | None, moved: int | None, limit: int) -> str:
    """This will say how many pages of the limit are used, by the latest of the three counts."""
    if moved is not None:
        return f"{moved:,} pages were moved; {limit:,} are covered."
    if measured is not None:
        return f"We have measured {measured:,} pages; {limit:,} are covered."
    return f"You have declared {declared:,} of the {limit:,} pages that are covered."
