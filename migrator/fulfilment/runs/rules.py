"""What must be settled before a full run starts, in words (RULES C-035, C-069). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.errors import DomainError
from migrator.fulfilment.pages.rules import is_over, over_text


class Blocked(DomainError):
    """A full run cannot start before something is settled."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a full run cannot start, and where to settle it; the path is below the order's address."""

    sentence: str
    label: str
    path: str


def obstacles(
    *, has_unpaid_balance: bool, measured_pages: int | None, page_limit: int, tolerance_percent: int
) -> tuple[Obstacle, ...]:
    """This will return why a full run cannot start; an unpaid balance and too many pages alone block it (C-035)."""
    found = []
    if has_unpaid_balance:
        sentence = "You have accepted a price that is not paid yet. Pay it, and you can start."
        found.append(Obstacle(sentence, "Look at what is to be paid", "/extras"))
    if measured_pages is not None and is_over(measured_pages, page_limit, tolerance_percent=tolerance_percent):
        found.append(Obstacle(over_text(measured_pages, page_limit), "Decide on the pages", "/pages"))
    return tuple(found)


def refuse_obstacles(found: tuple[Obstacle, ...]) -> None:
    """This will refuse a full run while anything is in its way.

    :raises Blocked: saying all of it
    """
    if found:
        raise Blocked(" ".join(obstacle.sentence for obstacle in found))
