"""How a payment stands, in words: what became of the last try, until when a page is open, what cannot be charged."""

from __future__ import annotations

from datetime import datetime

from migrator.clock.wording import instant_text, place_text
from migrator.money import Money
from migrator.payments.gateway import minimum_charge
from migrator.payments.lifecycle import AttemptState
from migrator.payments.models import PaymentAttempt
from migrator.payments.rules import TooSmallToCharge, refuse_below_minimum

NOT_OPENED = "The payment page could not be opened. Try again, or write to us."


def failure_text(attempt: PaymentAttempt | None) -> str:
    """This will say why the last try to pay did not succeed; empty without one."""
    if attempt is None:
        return ""
    # What the provider says when it opens no page is for staff: it speaks of parameters.
    return NOT_OPENED if attempt.state is AttemptState.FAILED else attempt.last_error


def open_until_text(attempt: PaymentAttempt | None, zone: str, *, now: datetime) -> str:
    """This will say until when a payment page is open; empty without one."""
    if attempt is None or attempt.state is not AttemptState.OPEN or attempt.expires_at <= now:
        return ""
    return f"{instant_text(attempt.expires_at, zone)} {place_text(zone)}"


def unpayable_text(amount: Money) -> str:
    """This will say why the provider cannot charge an amount; empty when it can."""
    try:
        refuse_below_minimum(amount, minimum_charge(amount.currency))
    except TooSmallToCharge as refusal:
        return str(refusal)
    return ""
