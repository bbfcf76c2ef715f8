"""The states of a cover. Pure."""

from __future__ import annotations

from enum import StrEnum


class CoverState(StrEnum):
    """Where a cover stands: sold and waiting for its migration, open, waiting for a bank, over, or taken back."""

    SOLD = "sold"
    OPEN = "open"
    SUSPENDED = "suspended"
    ENDED = "ended"
    VOID = "void"


WORDS = {
    CoverState.SOLD: "Sold, not open yet",
    CoverState.OPEN: "Open",
    CoverState.SUSPENDED: "Suspended",
    CoverState.ENDED: "Ended",
    CoverState.VOID: "Void",
}
