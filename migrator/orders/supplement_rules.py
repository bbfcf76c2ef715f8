"""What can be bought for an order after it was placed, and for how much (RULES C-068, C-069, C-075, C-076, X-11). Pure.

Larger products are in `upgrade_rules.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from migrator.catalogue.rules import LineKind, PricedLine, discounted, insurance_lines, insurance_plan
from migrator.clock.wording import counted_text
from migrator.errors import DomainError
from migrator.money import Money, total
from migrator.orders.lifecycle import OrderState, SupplementKind, SupplementState
from migrator.orders.rules import MOST_MONEY_MINOR
from migrator.orders.terms import InsuranceTerms, Terms
from migrator.policy.types import Catalogue

TENTH_MINUTES = 6
HOUR_MINUTES = 60
MOST_MINUTES = 200 * HOUR_MINUTES
TYPED_HOURS = re.compile(r"(?P<whole>[0-9]{1,4})(?:\.(?P<tenths>[0-9]))?", flags=re.ASCII)
# Bought before the full migration starts or not at all (RULES C-069, C-076); each changes what another is priced by.
BEFORE_THE_RUN = frozenset({SupplementKind.UPGRADE, SupplementKind.OVERAGE, SupplementKind.INSURANCE})
TOO_LATE = {
    SupplementKind.UPGRADE: "The full migration has started, so the order keeps its product.",
    SupplementKind.OVERAGE: "The full migration has started, so pages can no longer be added to it.",
    SupplementKind.INSURANCE: "Insurance can be bought until the full migration starts, and it has started.",
}
NOT_UNDER_WAY = {
    OrderState.AWAITING_PAYMENT: "Pay the order first. Then more can be bought for it.",
    OrderState.CANCELLED: "This order was cancelled, so nothing can be added to it.",
}


class NothingToAdd(DomainError):
    """The order cannot take what was to be bought for it."""


class OutOfRange(DomainError):
    """An amount of hours, pages or money is not one that is sold."""


class OfferEnded(DomainError):
    """The offer was paid, declined or withdrawn, or its last day is over."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A supplement before it is offered: its lines with their prices, and what it grants as a document."""

    kind: SupplementKind
    title: str
    lines: tuple[PricedLine, ...]
    details: dict[str, Any] = field(default_factory=dict)
    words: str = ""

    @property
    def amount(self) -> Money:
        """The sum of the lines."""
        return total([line.amount for line in self.lines])


def overage(terms: Terms, *, limit: int, measured: int, currency: str) -> Proposal:
    """This will price the pages beyond a limit: an amount for each started step of the terms (RULES C-069).

    :param limit: pages that are covered now
    :raises NothingToAdd: when nothing is beyond the limit
    """
    if measured <= limit:
        raise NothingToAdd(f"The {measured:,} pages are covered: the limit is {limit:,}.")
    steps = -(-(measured - limit) // terms.overage_pages)
    pages = steps * terms.overage_pages
    title = f"{pages:,} more pages, {limit + pages:,} in all"
    line = PricedLine(LineKind.OVERAGE, "PAGES", title, Money(steps * terms.overage_minor, currency))
    return Proposal(SupplementKind.OVERAGE, title, (discounted(line, terms.discount_bp),), {"pages": pages})


def hours_price(terms: Terms, minutes: int, currency: str) -> Money:
    """This will return what support beyond the pack costs, rounded half-up to the smallest unit (RULES C-068)."""
    return Money((terms.support_hour_minor * minutes + HOUR_MINUTES // 2) // HOUR_MINUTES, currency)


def hours(terms: Terms, *, minutes: int, currency: str, words: str = "") -> Proposal:
    """This will price support beyond the pack, in whole tenths of an hour (RULES C-068).

    :raises OutOfRange: for no time, a part of a tenth, or more than 200 hours
    """
    _check_minutes(minutes, least=TENTH_MINUTES)
    title = f"{tenths_text(minutes)} more support hours"
    line = PricedLine(LineKind.HOURS, "HOURS", title, hours_price(terms, minutes, currency))
    line = discounted(line, terms.discount_bp)
    return Proposal(SupplementKind.HOURS, title, (line,), {"minutes": minutes}, words)


def change(*, title: str, words: str, amount: Money, minutes: int = 0) -> Proposal:
    """This will offer a change that is not included, with the support time that it brings (RULES C-067).

    :raises OutOfRange: for a price of nothing or beyond what we ask, or for a part of a tenth of an hour
    """
    _check_minutes(minutes, least=0)
    if not 0 < amount.minor_units <= MOST_MONEY_MINOR:
        raise OutOfRange(f"Enter a price above zero and up to {Money(MOST_MONEY_MINOR, amount.currency)}.")
    line = PricedLine(LineKind.CHANGE, "CHANGE", title, amount)
    return Proposal(SupplementKind.CHANGE, title, (line,), {"minutes": minutes}, words)


def insurance(terms: Terms, *, sold: Iterable[PricedLine], number: int, catalogue: Catalogue) -> Proposal:
    """This will price insurance that is bought later: a share of the migration price as it is now (RULES C-075, C-076).

    :param sold: the order's lines
    :raises NothingToAdd: when the order has insurance already: one cover a migration (RULES C-070); or was free (M-024)
    :raises UnknownChoice: for a plan that is not sold
    """
    if terms.insurance is not None:
        raise NothingToAdd("This order has insurance already. There is one cover for each migration.")
    (line,) = insurance_lines(tuple(sold), number, catalogue)
    if not line.amount.minor_units:
        raise NothingToAdd("Insurance is a share of the migration price, and this migration is free. It has none.")
    return Proposal(SupplementKind.INSURANCE, line.name, (line,), {"plan": number})


def cover_of(number: int, catalogue: Catalogue) -> InsuranceTerms:
    """This will return the terms of an insurance plan."""
    plan = insurance_plan(number, catalogue)
    return InsuranceTerms(plan.plan, plan.restarts, plan.business_days, plan.rate_bp)


def refuse_unless_possible(kind: SupplementKind, state: OrderState, *, has_run: bool) -> None:
    """This will refuse to add to an order that is unpaid or cancelled, or whose full migration has started.

    :param has_run: whether the full migration was started; hours and changes can be added afterwards too
    :raises NothingToAdd: saying why
    """
    if state in NOT_UNDER_WAY:
        raise NothingToAdd(NOT_UNDER_WAY[state])
    if has_run and kind in BEFORE_THE_RUN:
        raise NothingToAdd(TOO_LATE[kind])


def refuse_unless_open(state: SupplementState, expires_at: datetime, *, now: datetime) -> None:
    """This will refuse to act on an offer that has ended; judged by the clock, whether or not anybody wrote it down.

    :raises OfferEnded: saying how
    """
    words = {
        SupplementState.PAID: "This is paid already.",
        SupplementState.DECLINED: "This offer was declined.",
        SupplementState.WITHDRAWN: "This offer was withdrawn.",
        SupplementState.EXPIRED: "This offer has expired. Ask for it again.",
    }
    if state is SupplementState.OFFERED and now >= expires_at:
        state = SupplementState.EXPIRED
    if state in words:
        raise OfferEnded(words[state])


def excludes(kind: SupplementKind, other: SupplementKind) -> bool:
    """This will tell whether two kinds cannot be open together, because one would change the other's price or need."""
    return kind is other or {kind, other} <= BEFORE_THE_RUN


def read_hours(text: str) -> int:
    """This will read hours with one decimal at most, such as `1.5`, into minutes.

    :raises OutOfRange: for anything else
    """
    match = TYPED_HOURS.fullmatch(text.strip().replace(",", "."))
    if match is None:
        raise OutOfRange("Enter hours with one decimal at most, such as 2 or 1.5.")
    return int(match["whole"]) * HOUR_MINUTES + int(match["tenths"] or 0) * TENTH_MINUTES


def tenths_text(minutes: int) -> str:
    """This will return time as hours with one decimal: `2.4`; `minutes` are whole tenths of an hour."""
    return f"{minutes // HOUR_MINUTES}.{minutes % HOUR_MINUTES // TENTH_MINUTES}"


def restarts_text(cover: InsuranceTerms) -> str:
    """This will return what a cover grants: `2 restarts in 14 working days`."""
    return f"{counted_text(cover.restarts, 'restart')} in {counted_text(cover.business_days, 'working day')}"


def line_document(line: PricedLine) -> dict[str, Any]:
    """This will return a line as a document that the database keeps."""
    return {
        "kind": line.kind.value,
        "sku": line.sku,
        "name": line.name,
        "amount_minor": line.amount.minor_units,
        "base_minor": line.base.minor_units if line.base else None,
        "rate_bp": line.rate_bp,
        "plan": line.plan,
        "list_minor": line.listed.minor_units if line.listed else None,
        "discount_bp": line.discount_bp,
    }


def _check_minutes(minutes: int, *, least: int) -> None:
    if minutes % TENTH_MINUTES or not least <= minutes <= MOST_MINUTES:
        most = MOST_MINUTES // HOUR_MINUTES
        raise OutOfRange(f"Hours are sold in steps of 0.1, from {tenths_text(least)} up to {most}.0.")
