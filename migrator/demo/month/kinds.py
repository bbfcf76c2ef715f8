"""How a thing that can go wrong is planted: at which moment of a sale, on which sales, and what finance is to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from migrator.demo.month.sales import Sale
from migrator.demo.month.world import World
from migrator.errors import DomainError
from migrator.finance.reconciliation.lifecycle import Code
from migrator.finance.reconciliation.rules import MEANINGS

Finding = tuple[Code, str]


class TooFewOrders(DomainError):
    """There are more things to plant than sales to plant them on."""


class Moment(StrEnum):
    """When it goes wrong: the order is placed, its checkout open, its money settled, its migration done."""

    PLACED = "placed"
    OPENED = "opened"
    PAID = "paid"
    MOVED = "moved"


def _nothing(_world: World, _sale: Sale) -> None:
    """There is nothing to do."""


def _any(_sale: Sale) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of going wrong.

    :ivar plant: makes it wrong, and returns what finance will find of it: each code with what it is about
    :ivar needs: which sales it can be planted on
    :ivar is_unheard: whether the events of its payment are lost
    :ivar later: what is done on the month's last evening, `last` once its books are written, `mend` when it was found
    """

    code: Code
    moment: Moment
    plant: Callable[[World, Sale], Sequence[Finding]]
    needs: Callable[[Sale], bool] = _any
    is_unheard: bool = False
    later: Callable[[World, Sale], None] = _nothing
    last: Callable[[World, Sale], None] = _nothing
    mend: Callable[[World, Sale], None] = _nothing


@dataclass(slots=True)
class Plant:
    """One thing that goes wrong with one sale, or with a payout where there is no kind."""

    code: Code
    kind: Kind | None = None
    sale: Sale | None = None
    findings: list[Finding] = field(default_factory=list)


def planted(kinds: Sequence[Kind], sales: Sequence[Sale], *, each: int) -> Iterator[Plant]:
    """This will choose `each` sales for every kind, none twice, spread over those that it fits.

    :param kinds: those that few sales fit first
    :raises TooFewOrders: naming the kind that no sale is left for
    """
    taken: set[int] = set()
    for kind in kinds:
        fits = [sale for sale in sales if sale.number not in taken and kind.needs(sale)]
        if len(fits) < each:
            title = MEANINGS[kind.code].title
            raise TooFewOrders(f"{len(sales)} orders are too few to plant “{title}” {each} times. Ask for more.")
        for place in range(each):
            sale = fits[place * len(fits) // each]
            taken.add(sale.number)
            yield Plant(kind.code, kind, sale)


class AtBank(StrEnum):
    """What the bank's statement shows of a payout."""

    WHOLE = "whole"
    LESS = "less"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payout of the month."""

    id: str
    at_bank: AtBank


@dataclass(slots=True)
class Month:
    """A month that is played, and what is wrong in it.

    :ivar name: such as `2026-10`
    :ivar each: how often every mistake is made
    """

    name: str
    each: int
    sales: Sequence[Sale]
    plants: list[Plant]
    payouts: list[PaidOut] = field(default_factory=list)
