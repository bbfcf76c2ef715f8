"""Which lines an export holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.finance.covers.lifecycle import CoverState


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which insurance lines: of a month by their payment (`2026-11`), a plan, a state; none of one is all.

    :ivar month: the month at the desk in which the line was paid
    """

    month: str | None = None
    plan: int | None = None
    state: CoverState | None = None

    @property
    def suffix(self) -> str:
        """What the file's name says of it."""
        parts = (self.month or "all", f"plan-{self.plan}" if self.plan else "", self.state.value if self.state else "")
        return "-".join(part for part in parts if part)
