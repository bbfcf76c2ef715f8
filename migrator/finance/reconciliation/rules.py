"""What each code means, how much it matters and what to do about it; the provider's fees; who decides alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from migrator.clock.instants import to_instant, wall_seconds, zone_named
from migrator.clock.wording import local_time
from migrator.finance.reconciliation.lifecycle import Code, Severity

RANKS = {Severity.BLOCKING: 1, Severity.SERIOUS: 2, Severity.MINOR: 3}
# At three the banks have booked the day and nobody waits for a page.
NIGHT_MINUTE = 3 * 60
B, S, M = Severity.BLOCKING, Severity.SERIOUS, Severity.MINOR


@dataclass(frozen=True, slots=True)
class Meaning:
    """One code for people.

    :ivar title: what does not fit, in a few words
    :ivar action: what to do about it
    """

    severity: Severity
    title: str
    action: str


MEANINGS = {
    Code.MISSING_AT_PROVIDER: Meaning(
        B,
        "Paid with us, missing at Stripe",
        "Look the payment up at Stripe. If it is not there, the order is not paid.",
    ),
    Code.MISSING_IN_LEDGER: Meaning(
        B, "At Stripe, missing in the ledger", "Let the sweep fetch what was lost; then start a run again."
    ),
    Code.ORPHAN_CHARGE: Meaning(
        B,
        "Charge without a payment",
        "Confirm the proposed payment, or find the customer at Stripe and refund the charge.",
    ),
    Code.AMOUNT_MISMATCH: Meaning(
        B, "Another amount than ours", "Compare both amounts with the order; refund or ask for the difference."
    ),
    Code.CURRENCY_MISMATCH: Meaning(B, "Another currency", "Refund the charge, and ask for the order's currency."),
    Code.PREMIUM_MISCALCULATED: Meaning(
        B, "Premium is not base × rate", "Add an adjustment line or refund the difference; never edit the charged line."
    ),
    Code.REFUNDED_WITH_COVER: Meaning(
        S, "Refunded, cover still active", "End the cover, or take the refund of the premium back."
    ),
    Code.REFUND_WITHOUT_LINE: Meaning(B, "Refund without a line", "Say which order lines the refund gives back."),
    Code.REFUND_FAILED: Meaning(S, "Refund failed", "Ask the customer for another way, and refund again."),
    Code.WINDOW_NEVER_OPENED: Meaning(
        S,
        "Premium paid, window never opened",
        "Open the insurance window from the end of the full migration. Of a cancelled order, give the premium back; "
        "waived, it stays with us and is earned, with your reason.",
    ),
    Code.WINDOW_WRONG_LENGTH: Meaning(
        S, "Window of the wrong length", "Correct the window's end to the working days of the plan."
    ),
    Code.RESTARTS_OVER_PLAN: Meaning(
        S, "More restarts than the plan", "Charge the extra restart, or note why it was given."
    ),
    Code.RESTART_AFTER_END: Meaning(
        S, "Restart after the end", "Charge it as a new purchase, or record that the cover was prolonged."
    ),
    Code.DUPLICATE_CHARGE: Meaning(B, "Charged twice", "Refund the second charge in full."),
    Code.PAID_LATE: Meaning(B, "Paid late", "Decide: refund all of it, or take the order up."),
    Code.PAID_AFTER_CANCEL: Meaning(B, "Paid after cancelling", "Refund all of it."),
    Code.UNEXPECTED_FEE: Meaning(
        S, "Unexpected fee", "Compare with Stripe's price list; ask Stripe, or waive it as an expense."
    ),
    Code.DISPUTE_WITH_COVER: Meaning(
        S, "Disputed, cover still active", "Suspend the cover while the dispute is open; end it when it is lost."
    ),
    Code.PAYOUT_SUM_DIFFERS: Meaning(
        B, "Payout is not the sum of its movements", "Pull again; if it stays, ask Stripe which movement is missing."
    ),
    Code.PAYOUT_NOT_AT_BANK: Meaning(
        S, "Payout not at the bank", "Look at the bank statement; mark the payout as arrived, or ask Stripe."
    ),
    Code.LATE_IN_CLOSED_MONTH: Meaning(
        M, "Late event of a closed month", "It is posted in the open month. Waive it once the figures are reported."
    ),
    Code.LIVEMODE_MIX: Meaning(B, "Test and real money mixed", "Find out which key made it; refund what is real."),
    Code.EARNED_OFF_SCHEDULE: Meaning(
        B, "Earned is not the schedule", "Let the earning run again; if it stays, correct it with a posting."
    ),
}


@dataclass(frozen=True, slots=True)
class CardFee:
    """One price of a charge: basis points of it, and a fixed part in minor units."""

    rate_bp: int
    fixed_minor: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the provider's price list says: each charge costs one of `card_fees`, a dispute `dispute_minor`."""

    card_fees: tuple[CardFee, ...] = (CardFee(290, 30),)
    dispute_minor: int = 1_500


def tariff_of(card_fees: str, *, dispute_minor: int) -> Tariff:
    """This will read card fees such as `290+30,440+30`: basis points and a fixed part, the usual one first."""
    pairs = (one.split("+") for one in card_fees.split(","))
    return Tariff(tuple(CardFee(int(rate), int(fixed)) for rate, fixed in pairs), dispute_minor)


def needs_second_person(amount_minor: int, limit_minor: int) -> bool:
    """This will say whether a decision on so much money needs somebody else to agree."""
    return amount_minor > limit_minor


def night_before(now: datetime, zone: str) -> datetime:
    """This will return the last moment, at or before `now`, at which the night's work was to begin at the desk."""
    today = local_time(now, zone).date()
    tonight = to_instant(wall_seconds(zone_named(zone), today, minute=NIGHT_MINUTE))
    if tonight <= now:
        return tonight
    return to_instant(wall_seconds(zone_named(zone), today - timedelta(days=1), minute=NIGHT_MINUTE))


def is_due(last_at: datetime | None, *, now: datetime, zone: str) -> bool:
    """This will say whether what is done each night was not done since the last one."""
    return last_at is None or last_at < night_before(now, zone)
