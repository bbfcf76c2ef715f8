"""The cards that the test page takes, and what each of them does. Pure; the number never leaves this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from migrator.errors import DomainError


class CardOutcome(StrEnum):
    """What the pretended bank says."""

    PAYS = "pays"
    DECLINES = "declines"
    ASKS_FOR_AUTHENTICATION = "asks_for_authentication"


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept of a card: never its number."""

    brand: str
    last4: str
    outcome: CardOutcome
    decline_code: str = ""


@dataclass(frozen=True, slots=True)
class CardForm:
    """What the person typed."""

    number: str
    expiry: str
    security_code: str
    name: str


class CardFormRefused(DomainError):
    """Some of the fields cannot be used; `problems` has a sentence for each, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("Check what you typed about the card.")
        self.problems = problems


# A refund to this card is pending until a lever completes it.
REFUNDED_LATER = "4000000000007726"
CARDS = {
    "4242424242424242": Card("visa", "4242", CardOutcome.PAYS),
    "5555555555554444": Card("mastercard", "4444", CardOutcome.PAYS),
    "4000000000000002": Card("visa", "0002", CardOutcome.DECLINES, "generic_decline"),
    "4000000000009995": Card("visa", "9995", CardOutcome.DECLINES, "insufficient_funds"),
    REFUNDED_LATER: Card("visa", "7726", CardOutcome.PAYS),
    "4000002760003184": Card("visa", "3184", CardOutcome.ASKS_FOR_AUTHENTICATION),
}


def card_from(form: CardForm, *, on: date) -> Card:
    """This will return the card that was typed; a real card is one that the pretended bank declines.

    :param on: today, inclusive: a card is good to the end of its month
    :raises CardFormRefused: with a sentence for each field that cannot be used
    """
    number = re.sub(r"[\s-]", "", form.number)
    checks = {
        "number": "" if _passes_luhn(number) else "The card number is invalid. Type the number of a test card.",
        "expiry": _expiry_problem(form.expiry, on),
        "security_code": "" if _digits(form.security_code.strip(), 3, 4) else "Enter the 3 or 4 digits of the CVC.",
        "name": "" if form.name.strip() else "Enter the name on the card.",
    }
    problems = {field: problem for field, problem in checks.items() if problem}
    if problems:
        raise CardFormRefused(problems)
    return CARDS.get(number, Card("unknown", number[-4:], CardOutcome.DECLINES, "test_mode_live_card"))


def _passes_luhn(number: str) -> bool:
    if not _digits(number, 12, 19):
        return False
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in number[::-2])) % 10 == 0


def _expiry_problem(text: str, on: date) -> str:
    match = re.fullmatch(r"(0?[1-9]|1[0-2]) ?/ ?(?:20)?([0-9]{2})", text.strip(), flags=re.ASCII)
    if match is None:
        return "Enter the expiry as month and year, such as 09 / 34."
    if (2000 + int(match.group(2)), int(match.group(1))) < (on.year, on.month):
        return "This card has expired. Enter a month in the future."
    return ""


def _digits(text: str, shortest: int, longest: int) -> bool:
    return re.fullmatch(f"[0-9]{{{shortest},{longest}}}", text, flags=re.ASCII) is not None
