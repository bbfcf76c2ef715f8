"""The states of a month of the books. Pure."""

from __future__ import annotations

from enum import StrEnum


class MonthState(StrEnum):
    """Where a month stands: written into, being checked, or closed for good (PAYMENTS, month close)."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    LOCKED = "locked"
