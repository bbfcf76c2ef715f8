"""The columns of an export, and how a value becomes a cell. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from migrator.money import EXPONENTS

INSURANCE_COLUMNS = (
    "order_no", "order_line_id", "customer", "plan", "rate_bp", "base", "expected_premium", "charged_premium",
    "variance", "currency", "payment_intent_id", "charge_id", "balance_transaction_id", "paid_at", "gross",
    "fee_allocated", "net", "payout_id", "arrival_date", "refunded", "disputed", "dispute_status", "window_start",
    "window_end", "restarts_used", "restarts_allowed", "earned_to_date", "deferred_balance", "period", "match_rule",
    "exception_codes",
)  # fmt: skip
JOURNAL_COLUMNS = (
    "entry_id", "happened_on", "kind", "cause", "words", "order_no", "late_of", "posting_id", "debit", "credit",
    "amount", "currency", "order_line_id", "cover_id",
)  # fmt: skip
# A spreadsheet would run a cell that begins with one of these.
FORMULA = re.compile(r"[=+\-@\t\r]")

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of export: the beginning of its file's name, its sheet, and its columns."""

    name: str
    title: str
    columns: tuple[str, ...]


INSURANCE = Table("insurance", "Insurance lines", INSURANCE_COLUMNS)
JOURNAL = Table("journal", "Journal", JOURNAL_COLUMNS)


def major(minor_units: int | None, currency: str) -> Decimal | None:
    """This will return an amount in major units, exact: 17.43 for 1743 cents, 725 for 725 yen."""
    return None if minor_units is None else Decimal(minor_units).scaleb(-EXPONENTS[currency])


def harmless(text: str) -> str:
    """This will put an apostrophe before what a spreadsheet would run; numbers are no texts and stay as they are."""
    return f"'{text}" if FORMULA.match(text) else text
