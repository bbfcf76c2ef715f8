"""What is said about money that goes back. Pure."""

from __future__ import annotations

from migrator.money import Money
from migrator.orders.timeline_phrases import Deed, Words


def _refund_made(deed: Deed, _zone: str) -> Words:
    return Words(
        f"We give {_amount(deed)} back.", f"{_to_card(deed)} Banks show it within 5 to 10 days.", "credit-card"
    )


def _refund_failed(deed: Deed, _zone: str) -> Words:
    return Words(
        f"{_amount(deed)} did not reach your card.",
        "The bank returned it to us. We write to you.",
        "circle-x",
        "problem",
    )


def _amount(deed: Deed) -> Money:
    return Money(int(deed.facts.get("amount_minor", 0)), str(deed.facts.get("currency", "USD")))


def _to_card(deed: Deed) -> str:
    card = deed.facts.get("card")
    return f"It goes to your card: {card}." if card else "It goes to the card that you paid with."


MONEY_WORDINGS = {"refund.made": _refund_made, "refund.failed": _refund_failed}
