"""Money as exact integers of the currency's smallest unit. Pure; knows nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.errors import DomainError

EXPONENTS = {"USD": 2, "EUR": 2, "GBP": 2, "UAH": 2, "JPY": 0}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "UAH": "₴", "JPY": "¥"}
BASIS_POINTS = 10_000


class UnknownCurrency(DomainError):
    """The currency is not one that the product sells in."""


class MixedCurrencies(DomainError):
    """Two amounts of different currencies cannot be added or compared."""


class MalformedAmount(DomainError):
    """The text is not an amount of money in the currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency (cents for USD, whole yen for JPY); may be negative.

    :raises UnknownCurrency: for a currency outside `EXPONENTS`
    """

    minor_units: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise UnknownCurrency(f"{self.currency} is not a currency we sell in.")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor_units + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor_units - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor_units, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor_units < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor_units <= self._same(other)

    def __str__(self) -> str:
        sign = "−" if self.minor_units < 0 else ""
        return f"{sign}{SYMBOLS[self.currency]}{self.plain}"

    @property
    def plain(self) -> str:
        """The amount without sign or symbol, in major units with thousands separators: `1,490.00`."""
        exponent = EXPONENTS[self.currency]
        major, minor = divmod(abs(self.minor_units), 10**exponent)
        return f"{major:,}.{minor:0{exponent}d}" if exponent else f"{major:,}"

    def share(self, rate_bp: int) -> Money:
        """This will return `rate_bp` basis points of the amount, rounded half-up to the smallest unit (RULES C-075).

        :param rate_bp: 100 for one per cent; both it and the amount must not be negative
        """
        if self.minor_units < 0 or rate_bp < 0:
            raise MalformedAmount("A share is taken of an amount and a rate that are not negative.")
        return Money((self.minor_units * rate_bp + BASIS_POINTS // 2) // BASIS_POINTS, self.currency)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} cannot be put together.")
        return other.minor_units


def total(amounts: list[Money], currency: str = "USD") -> Money:
    """This will add the amounts up; an empty list is nothing of `currency`."""
    result = Money(0, amounts[0].currency if amounts else currency)
    for amount in amounts:
        result = result + amount
    return result


def allocate(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """This will divide an amount by weights so that the parts add up to it exactly: by largest remainder.

    No part is off its exact share by a whole smallest unit, and equal remainders favour the earlier part.

    :param amount: may be negative; the parts are those of its opposite, turned round
    :param weights: not negative, and not all of them nothing
    :raises MalformedAmount: for other weights
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise MalformedAmount("An amount is divided by weights that are not negative, and not all of them nothing.")
    if amount.minor_units < 0:
        return tuple(-part for part in allocate(-amount, weights))
    parts, remainders = zip(*(divmod(amount.minor_units * weight, whole) for weight in weights), strict=True)
    left = amount.minor_units - sum(parts)
    favoured = set(sorted(range(len(weights)), key=lambda place: -remainders[place])[:left])
    return tuple(Money(part + (place in favoured), amount.currency) for place, part in enumerate(parts))


def calculation_text(base: Money, rate_bp: int) -> str:
    """This will show how a share was computed, with its exact value where it was rounded (RULES C-075).

    `$69.50 × 7 % = 4.865 → $4.87`; without a rounding `$69.00 × 7 % = $4.83`.
    """
    product, rounded = base.minor_units * rate_bp, base.share(rate_bp)
    if product % BASIS_POINTS == 0:
        return f"{base} × {rate_text(rate_bp)} = {rounded}"
    places = EXPONENTS[base.currency] + 4
    major, minor = divmod(product, 10**places)
    exact = f"{major:,}.{minor:0{places}d}".rstrip("0")
    return f"{base} × {rate_text(rate_bp)} = {exact} → {rounded}"


def rate_text(rate_bp: int) -> str:
    """This will return a rate in per cent: `7 %`, `12.5 %`."""
    whole, part = divmod(rate_bp, 100)
    return f"{whole}{f'.{part:02}'.rstrip('0') if part else ''} %"


def parse_money(text: str, currency: str = "USD") -> Money:
    """This will read an amount that a person typed in major units, such as `1,490.00` or `1490`.

    :raises MalformedAmount: for anything else, more decimals than the currency has, or over 12 digits
    """
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        raise UnknownCurrency(f"{currency} is not a currency we sell in.")
    cleaned = text.strip().removeprefix(SYMBOLS[currency]).replace(",", "").strip()
    match = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]+))?", cleaned, flags=re.ASCII)
    if match is None or len(match.group(2) or "") > exponent:
        example = "1490.00" if exponent else "1490"
        raise MalformedAmount(f"Enter an amount of money such as {example}.")
    return Money(int(match.group(1)) * 10**exponent + int((match.group(2) or "").ljust(exponent, "0") or 0), currency)
